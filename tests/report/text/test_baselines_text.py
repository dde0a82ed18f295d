from __future__ import annotations

from rich.cells import cell_len

from loadtui.report.text.baselines_text import baseline_text, baselines_text
from tests.support.written_baseline import written_baseline


def test_a_line_a_baseline() -> None:
    head, line = baselines_text([written_baseline()], 100, color=False).splitlines()
    assert head.split() == ["baseline", "plan", "numbers", "runs", "last", "promoted"]
    assert line.split() == ["gateway", "gateway", "measured", "2", "2026-11-21T10:02:00Z"]


def test_a_baseline_shows_its_runs_and_the_mean_of_each_metric() -> None:
    text = baseline_text(written_baseline(), 100, color=False)
    lines = text.splitlines()
    assert lines[0] == "gateway · plan gateway · measured"
    assert lines[1].endswith("run-1 · promoted 2026-11-21T10:01:00Z")
    assert lines[2].endswith("· commit 0123456789ab (dirty)")
    # Percentiles are averaged on the logarithmic scale: the square root of 100 ms times 121 ms.
    (p95,) = [line for line in lines if " p95 " in line]
    assert p95.split() == ["L1", "GET", "/검색", "p95", "110", "ms", "2.0", "%", "2", "000", "2"]
    (errors,) = [line for line in lines if " error_rate " in line]
    assert errors.split()[-6:] == ["%", "0.1", "pp", "2", "000", "2"]


def test_no_line_is_wider_than_the_terminal() -> None:
    text = baseline_text(written_baseline(), 60, color=False)
    assert max(map(cell_len, text.splitlines())) <= 60
