from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.report.json.runs_document import runs_document
from tests.support.stored_runs import Traffic, keep_run


def test_a_judged_run(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "a", {"GET /a": Traffic(count=10)}, stages=[("L1", 30)])
    (document,) = runs_document([run])
    assert document["run"] == run.id
    assert document["requests"] == run.manifest.totals.requests == 320
    assert (document["valid"], document["verdict"], document["exit_code"]) == (True, "pass", 0)
    assert document["folder"] == str(run.folder)


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "a", {"GET /a": Traffic(count=1)}, judge=False)
    run.manifest = msgspec.structs.replace(run.manifest, state="running", exit_code=None)
    (document,) = runs_document([run])
    assert document["valid"] is None
    assert document["requests"] is None
