from __future__ import annotations

import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.store.run_folder import create_run_folder, new_run_id, runs_root

NOW = datetime(2026, 11, 23, 10, 15, 2, tzinfo=UTC)


def test_runs_lie_in_the_project_by_default(tmp_path: Path) -> None:
    assert runs_root(tmp_path) == tmp_path / ".loadtui" / "runs"


def test_the_nearest_setting_counts_relative_to_its_file(tmp_path: Path) -> None:
    inner = tmp_path / "tests" / "load"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "kept"\n')
    (inner / "pyproject.toml").write_text('[tool.other]\nruns = "no"\n')
    assert runs_root(inner) == tmp_path / "kept"
    (inner.parent / "pyproject.toml").write_text('[tool.loadtui]\nruns = "/elsewhere"\n')
    assert runs_root(inner) == Path("/elsewhere")


@pytest.mark.parametrize(
    ("text", "said"),
    [("[tool.loadtui]\nruns = 3\n", "tool.loadtui.runs"), ("[tool", "TOML"), ("\xff", "TOML")],
)
def test_a_bad_setting_names_its_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=said) as caught:
        runs_root(tmp_path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("gateway", "gateway"),
        ("../../etc/passwd", "etc-passwd"),
        ("a  b\tc", "a-b-c"),
        ("결제 게이트웨이", "결제-게이트웨이"),
        ("🚀", "run"),
        ("", "run"),
        ("x" * 90, "x" * 40),
    ],
)
def test_an_id_is_time_plan_and_four_digits(name: str, slug: str) -> None:
    assert re.fullmatch(f"20261123-101502-{slug}-[0-9a-f]{{4}}", new_run_id(name, NOW))


@given(st.text())
def test_an_id_is_always_the_name_of_one_folder(name: str) -> None:
    run_id = new_run_id(name, NOW)
    assert Path(run_id).name == run_id
    assert len(run_id.encode()) <= 255
    assert not re.search(r"[\s/\\\0:]", run_id)


def test_two_runs_in_one_second_differ() -> None:
    assert len({new_run_id("gateway", NOW) for _ in range(20)}) > 1


def test_a_run_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = create_run_folder(tmp_path / ".loadtui" / "runs", "one")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (tmp_path / ".loadtui" / ".gitignore").read_text() == "*\n"


def test_a_gitignore_that_is_there_stays(tmp_path: Path) -> None:
    home = tmp_path / ".loadtui"
    home.mkdir()
    create_run_folder(home / "runs", "one")
    assert not (home / ".gitignore").exists()


def test_a_root_of_ones_own_gets_no_gitignore(tmp_path: Path) -> None:
    create_run_folder(tmp_path / "kept", "one")
    assert not list(tmp_path.rglob(".gitignore"))


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("")
    with pytest.raises(UsageError, match="cannot create the run folder") as caught:
        create_run_folder(tmp_path / "kept" / "runs", "one")
    assert str(tmp_path / "kept" / "runs" / "one") in str(caught.value)


def test_a_folder_that_is_there_is_not_taken(tmp_path: Path) -> None:
    create_run_folder(tmp_path, "one")
    with pytest.raises(UsageError, match="exists"):
        create_run_folder(tmp_path, "one")
