"""Files of several Locust runs never make one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.run_sources import read_files
from loadtui.importing.source import ImportSource
from tests.support.locust_files import stats_csv

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

STATS = {("GET", "/a"): (100, 10), ("POST", "/b"): (50, 0)}
HISTORY = "Timestamp,User Count,Type,Name,Total Request Count,Total Failure Count"
FAILURES = "Method,Name,Error,Occurrences"


def lines(head: str, *rows: str) -> str:
    return "".join(f"{line}\r\n" for line in (head, *rows))


def history(*counts: tuple[int, int], name: str = ",Aggregated") -> str:
    return lines(HISTORY, *(f"{1600000000 + at},9,{name},{n},{f}" for at, (n, f) in
                            enumerate(counts)))  # fmt: skip


@pytest.fixture
def refused(written: Written) -> Callable[..., str]:
    def refusal(**texts: str) -> str:
        files = [written(f"{name}.csv", text) for name, text in texts.items()]
        with pytest.raises(UsageError) as error:
            list(read_files(files))
        assert "\n" not in str(error.value)
        return str(error.value)

    return refusal


Refused = Callable[..., str]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("GET,/other,boom,7", "failures of 'GET /other', the first no such row"),
        ("POST,/a,boom,7", "failures of 'POST /a', the first no such row"),
        ("GET,/a,boom,11", "'GET /a' failed 10 times in one, 11 in the other"),
        ("POST,/b,boom,1", "'POST /b' failed 0 times in one, 1 in the other"),
    ],
)
def test_failures_of_another_run(refused: Refused, row: str, why: str) -> None:
    said = refused(x_stats=stats_csv(STATS), x_failures=lines(FAILURES, row))
    assert "x_stats.csv and " in said
    assert "x_failures.csv are of different runs: " in said
    assert why in said


def test_kinds_of_failures_add_up(refused: Refused, read: Read, written: Written) -> None:
    stats = written("x_stats.csv", stats_csv(STATS))
    failures = written("x_failures.csv", lines(FAILURES, "GET,/a,boom,4", "GET,/a,bang,6"))
    assert not any("lists" in remark for remark in read(stats, failures).remarks)
    more = lines(FAILURES, "GET,/a,boom,5", "GET,/a,bang,6")
    assert "10 times in one, 11" in refused(y_stats=stats_csv(STATS), y_failures=more)


def test_fewer_failures_are_told(read: Read, written: Written) -> None:
    stats = written("x_stats.csv", stats_csv(STATS))
    source = read(stats, written("x_failures.csv", lines(FAILURES, "GET,/a,boom,4")))
    assert "x_failures.csv lists 4 of the 10 failures" in source.remarks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (history((0, 0), (9_500, 8)), "150 requests in one, 9500 before its end"),
        (history((0, 0), (140, 11)), "10 failures in one, 11 before its end"),
        (history((0, 0), (1, 0), (2, 0), (3, 0)), "150 requests in one, 3 in the other"),
        (history((0, 0), (140, 9)) + "1600000002,9,GET,/c,5,0\r\n", "rows of 'GET /c'"),
        (history((0, 0), (140, 9)) + "1600000002,9,,,5,0\r\n", "rows of ''"),
    ],
)
def test_a_history_of_another_run(refused: Refused, text: str, why: str) -> None:
    said = refused(x_stats=stats_csv(STATS), x_stats_history=text)
    assert "are of different runs" in said
    assert why in said


@pytest.mark.parametrize("counts", [((0, 0), (150, 10)), ((0, 0), (60, 0), (130, 9)), ((0, 0),)])
def test_a_history_may_end_before_the_last_requests(
    read: Read, written: Written, counts: tuple[tuple[int, int], ...]
) -> None:
    files = [written("x_stats.csv", stats_csv(STATS)),
             written("x_stats_history.csv", history(*counts))]  # fmt: skip
    assert read(*files).users == 9


def test_failures_beside_a_history_alone(refused: Refused, read: Read, written: Written) -> None:
    rows = history((0, 0), (40, 4), (80, 9))
    assert "9 requests failed in one, 300 in the other" in refused(
        x_stats_history=rows, x_failures=lines(FAILURES, "GET,/a,boom,300")
    )
    files = [written("y_stats_history.csv", rows),
             written("y_failures.csv", lines(FAILURES, "GET,/a,boom,10"))]  # fmt: skip
    assert read(*files).users == 9


def test_files_of_other_names_are_of_other_runs(refused: Refused, written: Written) -> None:
    """However well their numbers agree."""
    stats = written("a_stats.csv", stats_csv(STATS))
    other = written("b_stats_history.csv", history((0, 0), (150, 10)))
    assert [source.name for source in read_files([stats, other])] == ["a", "b"]
    failures = lines(FAILURES, "GET,/a,boom,10")
    assert "b_failures.csv holds failures only" in refused(
        a_stats=stats_csv(STATS), b_failures=failures
    )


def test_so_are_files_of_other_folders(written: Written, tmp_path: Path) -> None:
    stats = written("a_stats.csv", stats_csv(STATS))
    (tmp_path / "more").mkdir()
    other = tmp_path / "more" / "a_stats_history.csv"
    other.write_text(history((0, 0), (150, 10)))
    assert len(list(read_files([stats, other]))) == 2


@pytest.mark.parametrize(
    ("stats", "failures", "name"),
    [
        ("stats", "failures", "stats"),
        ("requests_1700000000.12", "failures_1700000003.4", "requests_1700000000.12"),
        ("Locust_2026-01-02-03h04_shop.py_requests", "Locust_2026-01-02-03h04_shop.py_failures",
         "Locust_2026-01-02-03h04_shop.py"),
    ],
)  # fmt: skip
def test_what_the_web_page_offers_is_of_one_run(
    read: Read, written: Written, stats: str, failures: str, name: str
) -> None:
    source = read(
        written(f"{stats}.csv", stats_csv(STATS)),
        written(f"{failures}.csv", lines(FAILURES, "GET,/a,boom,10")),
    )
    assert (len(source.files), source.name) == (2, name)
