from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from locust.env import Environment
from locust.stats import RequestStats, StatsError

from loadtui.engine.locustfile import locust_stats
from loadtui.engine.locustfile.locust_stats import KEEP_S, LocustStats
from loadtui.engine.worker.recorder import Recorder
from loadtui.samples.delta import Delta, ErrorCount, ExceptionCount
from loadtui.samples.endpoint_table import EndpointTable

EPOCH = float(int(time.time()))


class BothStats:
    """Requests through a recorder into our statistics, and straight into Locust's own."""

    def __init__(self) -> None:
        self.environment = Environment()
        self.environment.create_local_runner()
        self.table = EndpointTable()
        self.ours = LocustStats(self.environment, self.table)
        self.ours.begin(EPOCH)
        self.recorder = Recorder()
        self.recorder.begin(EPOCH)
        self.locusts = RequestStats(use_response_times_cache=False)
        self._seq = 0

    def request(self, name: str, second: int, ms: float | None, size: int, error: str) -> None:
        self.recorder.record("GET", name, EPOCH + second, ms, size, not error)
        self.locusts.log_request("GET", name, ms, size)
        if error:
            self.locusts.log_error("GET", name, error)

    def fold(self, **fields: Any) -> None:
        self._seq += 1
        endpoints, cells, windows = self.recorder.take()
        self.table.learn(0, endpoints)
        total = self.recorder.total
        self.ours.fold(Delta(0, self._seq, total, endpoints, cells, windows, **fields))


REQUEST = st.tuples(
    st.sampled_from(["/", "/a"]),
    st.integers(0, 5),
    st.none() | st.floats(0, 60_000),
    st.integers(0, 10_000),
    st.sampled_from(["", "", "no"]),
)


@given(st.lists(st.lists(REQUEST, max_size=15), max_size=4))
def test_sums_equal_locusts_own(batches: list[list[Any]]) -> None:
    both = BothStats()
    for batch in batches:
        for request in batch:
            both.request(*request)
        both.fold()
    ours, locusts = both.environment.stats, both.locusts
    assert ours.entries.keys() == locusts.entries.keys()
    for mine, theirs in [
        (ours.total, locusts.total),
        *((ours.entries[key], locusts.entries[key]) for key in locusts.entries),
    ]:
        for exact in ("num_requests", "num_failures", "num_none_requests", "total_content_length"):
            assert getattr(mine, exact) == getattr(theirs, exact), exact
        assert sum(mine.response_times.values()) == sum(theirs.response_times.values())
        assert sum(mine.num_reqs_per_sec.values()) == theirs.num_requests
        assert sum(mine.num_fail_per_sec.values()) == theirs.num_failures
        assert mine.total_response_time == pytest.approx(theirs.total_response_time, abs=0.1)
        assert mine.max_response_time == pytest.approx(theirs.max_response_time, abs=0.001)
        if theirs.min_response_time is None:
            assert mine.min_response_time is None
        else:
            assert mine.min_response_time == pytest.approx(theirs.min_response_time, abs=0.001)
        assert mine.fail_ratio == theirs.fail_ratio
        assert mine.avg_response_time == pytest.approx(theirs.avg_response_time, abs=0.01)
        # A bin's middle is within 0.4 % of the value; Locust rounds to two digits.
        percentile = theirs.get_response_time_percentile(0.95)
        assert mine.get_response_time_percentile(0.95) == pytest.approx(percentile, rel=0.07, abs=2)


def test_requests_a_second_are_those_of_their_start() -> None:
    both = BothStats()
    for second in (0, 0, 3):
        both.request("/", second, 1.0, 0, "")
    both.fold()
    total = both.environment.stats.total
    assert dict(total.num_reqs_per_sec) == {EPOCH: 2, EPOCH + 3: 1}
    assert total.start_time <= EPOCH


def test_errors_and_exceptions() -> None:
    both = BothStats()
    first = ErrorCount("GET", "/", "no", 2, 1.0, 2.0)
    again = ErrorCount("GET", "/", "no", 3, 4.0, 5.0)
    other = ErrorCount("GET", "/", "other", 1, 4.0, 4.0)
    both.fold(errors=[first], exceptions=[ExceptionCount("boom", "tb", 3, 0.0, 0.0)])
    # Of two workers the one that reports later may have seen the error before.
    both.fold(errors=[again, other])
    both.fold(errors=[ErrorCount("GET", "/", "no", 1, 0.5, 4.5)])
    errors = both.environment.stats.errors
    assert len(errors) == 2
    error = errors[StatsError.create_key("GET", "/", "no")]
    assert (error.occurrences, error.error) == (6, "no")
    assert (error.first_seen, error.last_seen) == (EPOCH + 0.5, EPOCH + 5)
    (exception,) = both.environment.runner.exceptions.values()
    assert (exception["count"], exception["msg"]) == (3, "boom")


def test_old_seconds_are_pruned_counts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    now = EPOCH

    class Clock:
        time = staticmethod(lambda: now)

    monkeypatch.setattr(locust_stats, "time", Clock)
    both = BothStats()
    for second in range(300):
        now = EPOCH + second
        both.request("/", second, 1.0, 0, "no")
        both.fold()
    stats = both.environment.stats
    for entry in (stats.total, stats.get("/", "GET")):
        assert entry.num_requests == entry.num_failures == 300
        for seconds in (entry.num_reqs_per_sec, entry.num_fail_per_sec):
            assert KEEP_S <= len(seconds) <= KEEP_S * 1.25 + 1
            assert max(seconds) == EPOCH + 299


def test_rates_are_over_the_time_since_a_reset() -> None:
    both = BothStats()
    both.ours.begin(time.time() - 1000)
    both.request("/", 0, 1.0, 1, "")
    both.fold()
    stats = both.environment.stats
    assert stats.total.start_time < time.time() - 900
    both.environment.events.reset_stats.fire()
    stats.reset_all()
    both.request("/", 0, 1.0, 1, "")
    both.fold()
    assert (stats.num_requests, stats.total.start_time > time.time() - 900) == (1, True)
