"""When a run was saved here, and so which one is the latest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.store.arrival import ARRIVED, mark_arrival, saved_at
from loadtui.store.manifest import Imported, Provenance
from loadtui.store.run_folder import create_run_folder
from loadtui.store.run_list import find
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter


def run(root: Path, name: str, started: str, **fields: Any) -> Run:
    writer = RunWriter(root / name)
    return Run(writer.folder, writer.manifest("finished", started=started, **fields))


def test_a_run_that_was_made_here_was_saved_at_its_end(tmp_path: Path) -> None:
    long = run(tmp_path, "long", "2026-11-23T10:00:00Z", duration_s=3600.0)
    run(tmp_path, "short", "2026-11-23T10:30:00Z", duration_s=60.0)
    assert saved_at(long) - saved_at(find(tmp_path, "short")) == 1740.0
    assert find(tmp_path, "latest").id == "long"


def test_what_arrives_is_the_latest_however_old_it_is(tmp_path: Path) -> None:
    run(tmp_path, "made", "2026-11-23T10:00:00Z", duration_s=60.0)
    for name in ("carried", "again"):
        mark_arrival(run(tmp_path, name, "2019-01-01T00:00:00Z").folder)
        assert find(tmp_path, "latest").id == name


def test_an_import_of_an_older_version_says_when_it_was(tmp_path: Path) -> None:
    imported = Imported("Locust CSV", [], "2026-11-24T09:00:00Z")
    fields = {"imported": imported, "provenance": Provenance("imported"), "duration_s": 9e9}
    old = run(tmp_path, "import", "2020-01-01T00:00:00Z", **fields)
    run(tmp_path, "made", "2026-11-23T10:00:00Z", duration_s=60.0)
    assert find(tmp_path, "latest").id == "import"
    (old.folder / ARRIVED).write_bytes(b"\xff")
    assert find(tmp_path, "latest").id == "import"


def test_the_length_of_a_simulated_run_took_no_time(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"provenance": Provenance("simulated"), "duration_s": 9e9}
    run(tmp_path, "simulated", "2026-11-23T10:00:00Z", **fields)
    run(tmp_path, "made", "2026-11-23T10:00:01Z", duration_s=60.0)
    assert find(tmp_path, "latest").id == "made"
    assert saved_at(run(tmp_path, "odd", "once", duration_s=9.0)) == 0.0


def test_a_run_of_another_project_is_found_by_its_whole_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    name = "20261123-101502-api-3f2a"
    there, here = create_run_folder(tmp_path / "there", name), tmp_path / "here"
    run(there.parent, name, "2026-11-23T10:00:00Z")
    assert find(here, name).folder == there
    with pytest.raises(UsageError, match=f"no run '{name[:-1]}': there are no runs in {here}"):
        find(here, name[:-1])
    with pytest.raises(UsageError, match=f"no latest run.*; the newest elsewhere is {there}"):
        find(here, "latest")
