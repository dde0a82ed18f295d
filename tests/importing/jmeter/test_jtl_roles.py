"""What rows of a JMeter results file are taken for: requests, parts and sums."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.importing.jmeter.jtl_csv import read_jtl_csv
from loadtui.importing.source import ImportSource

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

T0 = 1_700_000_000_000
COLUMNS = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,allThreads"
HEAD = COLUMNS + "\n"
INSIDE = "Number of samples in transaction : {}, number of failing samples : 0"


def line(start: int, elapsed: int, label: str, *, thread: str = "T 1-1", size: int = 100,
         message: str = "OK", ok: bool = True) -> str:  # fmt: skip
    ok_ = str(ok).lower()
    return f'{T0 + start},{elapsed},{label},200,"{message}",{thread},{ok_},{size},1\n'


def counts(source: ImportSource) -> dict[str, int]:
    windows = source.record.windows.frame()
    return {
        name: windows.filter(endpoint=number)["count"].sum()
        for number, (_, name) in enumerate(source.record.endpoints.entries)
    }


@pytest.fixture
def told(read: Read, written: Written) -> Callable[..., ImportSource]:
    def of(*lines: str) -> ImportSource:
        return read(written("x.jtl", HEAD + "".join(lines)))

    return of


Told = Callable[..., ImportSource]


class TestParts:
    def test_redirects_are_in_their_request(self, told: Told) -> None:
        source = told(
            line(0, 161, "page", size=3211),
            line(0, 57, "page-0", size=998),
            line(58, 103, "page-1", size=2213),
        )
        assert counts(source) == {"page": 1}
        assert source.left_out[0].startswith("2 parts of samples")

    def test_a_failed_part_is_no_failure_of_its_own(self, told: Told) -> None:
        source = told(
            line(0, 161, "page", size=3211, ok=False),
            line(0, 57, "page-0", size=998),
            line(58, 103, "page-1", size=2213, ok=False),
            line(200, 50, "page"),
        )
        assert counts(source) == {"page": 2}
        assert source.record.errors.total() == 1

    def test_parts_have_parts(self, told: Told) -> None:
        source = told(
            line(0, 161, "page", size=300),
            line(0, 57, "page-0", size=200),
            line(0, 20, "page-0-0"),
            line(20, 37, "page-0-1"),
            line(58, 103, "page-1"),
        )
        assert counts(source) == {"page": 1}

    def test_the_order_of_rows_does_not_matter(self, told: Told) -> None:
        source = told(
            line(58, 103, "page-1"), line(0, 57, "page-0"), line(0, 161, "page", size=200)
        )
        assert counts(source) == {"page": 1}

    def test_a_name_alone_makes_no_part(self, told: Told) -> None:
        source = told(
            line(0, 10, "item"),
            line(10, 1, "item-1"),
            line(20, 10, "item-1"),
            line(22, 5, "item-1", thread="T 1-2"),
        )
        assert counts(source) == {"item": 1, "item-1": 3}

    def test_without_renaming_sizes_tell(self, told: Told) -> None:
        source = told(
            line(0, 161, "page", size=300),
            line(0, 57, "http://x/"),
            line(58, 103, "http://x/a.css", size=200),
            line(170, 30, "page", size=300),
        )
        assert counts(source) == {"page": 2}

    def test_what_does_not_add_up_counts_and_is_told(self, told: Told) -> None:
        source = told(line(0, 161, "page", size=77), line(3, 57, "other"), line(60, 101, "third"))
        assert counts(source) == {"page": 1, "other": 1, "third": 1}
        assert "2 samples counted that lie within" in source.remarks[0]

    def test_equal_requests_in_one_millisecond_are_two(self, told: Told) -> None:
        assert counts(told(line(0, 1, "a"), line(0, 1, "a"))) == {"a": 2}

    def test_the_clocks_of_a_part_and_its_whole_may_differ(self, told: Told) -> None:
        source = told(line(1, 160, "page", size=100), line(0, 57, "page-0"))
        assert counts(source) == {"page": 1}


class TestTransactions:
    def test_before_its_requests(self, told: Told) -> None:
        source = told(
            line(0, 301, "TX", size=200, message=INSIDE.format(2)),
            line(0, 100, "TX-0"),
            line(100, 200, "TX-1"),
        )
        assert counts(source) == {"TX-0": 1, "TX-1": 1}
        assert "1 transaction, which sum up samples of the file" in source.left_out

    def test_a_renamed_page_of_a_transaction_keeps_its_parts(self, told: Told) -> None:
        source = told(
            line(0, 301, "TX", size=300, message=INSIDE.format(2)),
            line(0, 100, "TX-0", size=200),
            line(0, 50, "page-0"),
            line(50, 50, "page-1"),
            line(100, 200, "TX-1"),
        )
        assert counts(source) == {"TX-0": 1, "TX-1": 1}

    def test_around_one_whose_requests_are_not_there(self, told: Told) -> None:
        source = told(
            line(0, 300, "inner", size=300, message=INSIDE.format(3)),
            line(-1, 302, "outer", size=300, message=INSIDE.format(1)),
        )
        assert counts(source) == {"inner": 1}
        assert source.remarks[0].startswith("1 transaction counted")

    def test_without_timers_its_time_is_shorter(self, told: Told) -> None:
        source = told(
            line(0, 100, "a"),
            line(5000, 100, "b"),
            line(0, 200, "TX", size=200, message=INSIDE.format(2)),
        )
        assert counts(source) == {"a": 1, "b": 1}

    def test_of_no_sample(self, told: Told) -> None:
        source = told(line(0, 100, "a"), line(101, 0, "TX", size=0, message=INSIDE.format(0)))
        assert counts(source) == {"a": 1}
        assert "1 transaction of no sample" in source.left_out

    def test_of_another_thread(self, told: Told) -> None:
        source = told(
            line(10, 50, "a", thread="T 1-2"),
            line(0, 100, "TX", size=200, message=INSIDE.format(2)),
        )
        assert counts(source) == {"a": 1, "TX": 1}


class TestStamps:
    def test_of_ends(self, told: Told) -> None:
        source = told(
            line(100, 100, "a"),
            line(250, 150, "b"),
            line(251, 250, "TX", size=200, message=INSIDE.format(2)),
        )
        assert counts(source) == {"a": 1, "b": 1}
        assert source.started == T0 / 1000
        assert source.duration_s == pytest.approx(0.25)
        assert any("were read as ends" in remark for remark in source.remarks)

    def test_of_ends_by_requests_that_would_overlap(self, told: Told) -> None:
        took = [40, 90, 30, 120, 60]
        ends = [sum(took[: at + 1]) for at in range(len(took))]
        source = told(*(line(end, ms, "a") for end, ms in zip(ends, took, strict=True)))
        assert source.started == T0 / 1000
        assert source.duration_s == pytest.approx(0.34)

    def test_of_starts_without_evidence(self, told: Told) -> None:
        assert told(line(100, 90, "a"), line(300, 90, "a")).started == T0 / 1000 + 0.1


class _Script:
    """Threads that do one thing after another, and the rows that JMeter would write of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.rows: list[tuple[int, int, str, str, str, int]] = []
        self.truth: Counter[str] = Counter()

    def run_thread(self, thread: str, things: int) -> None:
        now = self._random.randrange(1000)
        for _ in range(things):
            now = self._random.choice([self._request, self._page, self._after, self._parent,
                                       self._alone, self._empty])(thread, now)  # fmt: skip
            now += self._random.choice([0, 0, 3, 500])

    def _row(self, thread: str, span: tuple[int, int], label: str, size: int,
             message: str = "OK") -> None:  # fmt: skip
        self.rows.append((span[0], span[1] - span[0], label, message, thread, size))

    def _request(self, thread: str, now: int, label: str = "get") -> int:
        end = now + self._random.randrange(4, 90)
        self._row(thread, (now, end), label, self._random.randrange(100, 9000))
        self.truth[label] += 1
        return end

    def _page(self, thread: str, now: int) -> int:
        label = self._random.choice(["page", "page-7"])
        at = len(self.rows)
        self._row(thread, (now, now), "", 0)
        end = now
        for number in range(self._random.randrange(1, 4)):
            begin, end = end, end + self._random.randrange(4, 60)
            self._row(thread, (begin, end), f"{label}-{number}", self._random.randrange(10, 999))
        size = sum(row[-1] for row in self.rows[at + 1 :])
        self.rows[at] = (now, end - now, label, "OK", thread, size)
        self.truth[label] += 1
        return end

    def _children(self, thread: str, now: int) -> tuple[int, int, int]:
        at, number = len(self.rows), self._random.randrange(1, 4)
        end = now
        for _ in range(number):
            end = self._random.choice([self._request, self._page])(thread, end)
            end += self._random.choice([0, 2])
        whole = [row for row in self.rows[at:] if row[2] in ("get", "page", "page-7")]
        return end, number, sum(row[-1] for row in whole)

    def _after(self, thread: str, now: int) -> int:
        end, number, size = self._children(thread, now)
        self._row(thread, (now, end), "TX", size, INSIDE.format(number))
        return end

    def _parent(self, thread: str, now: int) -> int:
        at = len(self.rows)
        end, number, size = self._children(thread, now)
        self._row(thread, (now, end), "TX", size, INSIDE.format(number))
        self.rows.insert(at, self.rows.pop())
        return end

    def _alone(self, thread: str, now: int) -> int:
        end = now + self._random.randrange(20, 90)
        self._row(thread, (now, end), "alone", 5, INSIDE.format(2))
        self.truth["alone"] += 1
        return end

    def _empty(self, thread: str, now: int) -> int:
        self._row(thread, (now, now), "TX", 0, INSIDE.format(0))
        return now


def _written(path: Path, script: _Script, order: str, *, ends: bool) -> Path:
    rows = list(script.rows)
    if order == "starts":
        rows.sort(key=lambda row: row[0])
    elif order == "ends":
        rows.sort(key=lambda row: row[0] + row[1])
    elif order == "any":
        random.Random(1).shuffle(rows)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS.split(","))
        for start, elapsed, label, message, thread, size in rows:
            stamp = T0 + 1 + start + elapsed * ends
            writer.writerow([stamp, elapsed, label, 200, message, thread, "true", size, 1])
    return path


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["jmeter", "starts", "ends", "any"]),
    st.integers(1, 3),
    st.integers(1, 12),
)
def test_the_tree_is_found_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: str, threads: int, things: int
) -> None:
    script = _Script(seed)
    for number in range(threads):
        script.run_thread(f"T 1-{number}", things)
    path = _written(tmp_path_factory.mktemp("jtl") / "x.jtl", script, order, ends=False)
    if not script.truth:
        return
    (source,) = read_jtl_csv(path)
    assert counts(source) == script.truth


@pytest.mark.parametrize("order", ["jmeter", "starts", "ends", "any"])
@pytest.mark.parametrize("seed", range(4))
def test_the_tree_is_found_where_stamps_are_ends(tmp_path: Path, seed: int, order: str) -> None:
    script = _Script(seed)
    for number in range(3):
        script.run_thread(f"T 1-{number}", 40)
    (source,) = read_jtl_csv(_written(tmp_path / "x.jtl", script, order, ends=True))
    assert counts(source) == script.truth
    assert source.started == (T0 + 1 + min(row[0] for row in script.rows if row[1])) / 1000


def test_rows_of_the_script_do_not_overlap_but_nest() -> None:
    script = _Script(3)
    script.run_thread("T", 30)
    spans = sorted((row[0], -row[1]) for row in script.rows if row[2] == "get")
    assert all(a - length <= b for (a, length), (b, _) in pairwise(spans))
