"""What is printed of a run while it is running."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loadtui.cli.locust.locust_log import LocustLog
from loadtui.cli.locust.locust_printer import LocustPrinter
from loadtui.samples.figures import Figures
from loadtui.wire.messages import EndpointRow, Snapshot, StageRow

HEAD = "Type     Name"


def at(elapsed: float, folder: Path, **fields: Any) -> Snapshot:
    failures = int(elapsed)
    figures = Figures(
        requests=100, failures=failures, mean_ms=12.5, p50_ms=11.0, max_ms=80.0, rps=9.0
    )
    given: dict[str, Any] = {
        "run": "r", "plan": "p", "target": "", "provenance": "measured", "state": "running",
        "folder": str(folder), "elapsed_s": elapsed, "duration_s": 60.0, "stage": 0,
        "stages": [StageRow("run", 10, 60.0)], "users": 10, "users_target": 10,
        "now": Figures(rps=33.0), "totals": figures,
        "endpoints": [
            EndpointRow("GET", "/b", figures, 20.0, None, 3.0),
            EndpointRow("GET", "/a", Figures(requests=0), 0.0),
        ],
        "errors": [], "error_kinds": 0, "exceptions": 0, "last_exception": "", "workers": [],
        "in_flight": 0, "unfinished": 0, "bad_seconds": 0, "measured_seconds": 0,
        "invalid_reasons": [], "thresholds": [], "steered": False, "marks": [], "point": None,
    }  # fmt: skip
    return Snapshot(**{**given, **fields})


def printer(*, tables: bool = True, silent: bool = False) -> LocustPrinter:
    log = LocustLog("INFO", None, silent=silent, print_to_stderr=False)
    return LocustPrinter(log, tables=tables)


def test_a_table_every_two_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = printer()
    for tenth in range(4, 85, 10):  # 0.4 s, 1.4 s, ...
        shown.show(at(tenth / 10, tmp_path))
    shown.show(at(9.0, tmp_path, exit_code=0))
    said = capsys.readouterr()
    assert said.out == ""
    tables = said.err.split(HEAD)[1:]
    assert len(tables) == 5, "at 0.4, 2.4, 4.4, 6.4 and 8.4 s"
    lines = (HEAD + tables[-1]).splitlines()
    assert len(lines) == 7
    assert [line.split() for line in lines[2:4]] == [
        ["GET", "/a", "0", "0(0.00%)", "|", "0", "0", "0", "0", "|", "0.00", "0.00"],
        ["GET", "/b", "100", "8(8.00%)", "|", "12", "3", "80", "11", "|", "20.00", "1.00"],
    ]
    assert lines[5].split()[:2] == ["Aggregated", "100"]
    assert lines[5].split()[-2:] == ["33.00", "1.00"]
    assert lines[6] == ""


def test_none_before_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "host.log").write_text("worker | hello\n")
    for shown in (printer(tables=False), printer(silent=True)):
        shown.show(at(1.0, tmp_path))
        shown.show(at(4.0, tmp_path))
        shown.done()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("hello\nhello\n", "")


def test_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    printer().say("stopping at once")
    assert capsys.readouterr().err == "loadtui: stopping at once\n"
