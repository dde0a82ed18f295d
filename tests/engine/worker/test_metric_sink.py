from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui import Counter, Rate, Trend
from loadtui.engine.worker import metric_sink
from loadtui.engine.worker.metric_sink import MetricSink
from loadtui.engine.worker.recorder import Recorder
from loadtui.metrics import set_sink
from loadtui.samples.delta import (
    CounterAdd,
    Delta,
    RateAdd,
    TrendAdd,
    TrendInfo,
    decode_delta,
    encode_delta,
)
from loadtui.samples.metric_bounds import COUNTER_LIMIT
from loadtui.samples.remark_counts import RemarkCounts
from loadtui.samples.trend_bins import trend_bin_of


class Unreadable:
    def __str__(self) -> str:
        raise RuntimeError("no text of mine")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(metric_sink, "time", clock)
    return clock


@pytest.fixture
def remarks() -> RemarkCounts:
    return RemarkCounts()


@pytest.fixture
def sink(clock: Clock, remarks: RemarkCounts) -> Iterator[MetricSink]:
    recorder = Recorder()
    recorder.begin(1000.0)
    sink = MetricSink(recorder, remarks)
    set_sink(sink)
    yield sink
    set_sink(None)


def test_counters_add_up_per_second_and_endpoint(sink: MetricSink, clock: Clock) -> None:
    hits = Counter("hits")
    hits.add()
    hits.add(4)
    hits.add(2, endpoint="GET /")
    clock.now += 2.9
    hits.add(0)
    counters, *rest = sink.take()
    assert counters == [
        CounterAdd("hits", "", 0, 5),
        CounterAdd("hits", "GET /", 0, 2),
        CounterAdd("hits", "", 2, 0),
    ]
    assert rest == [[], [], []]


def test_rates_count_hits_and_trials(sink: MetricSink) -> None:
    for hit in (True, False, True):
        Rate("late").add(hit)
    Rate("late").add([1])  # type: ignore[arg-type]  # whatever is true is a hit
    assert sink.take()[1] == [RateAdd("late", "", 0, 3, 4)]


def test_trends_go_into_bins_and_are_announced_once(sink: MetricSink) -> None:
    ttft = Trend("ttft", unit="ms", better="higher")
    for value in (83.125, 83.25, 83.0, 0.0, 8):
        ttft.add(value, endpoint="POST /chat")
    _, _, trends, infos = sink.take()
    assert trends == [
        TrendAdd("ttft", "POST /chat", 0, trend_bin_of(83.0), 3, 249.375, 83.0, 83.25),
        TrendAdd("ttft", "POST /chat", 0, trend_bin_of(0.0), 1, 0.0, 0.0, 0.0),
        TrendAdd("ttft", "POST /chat", 0, trend_bin_of(8.0), 1, 8.0, 8.0, 8.0),
    ]
    assert infos == [TrendInfo("ttft", "ms", "higher")]
    ttft.add(1.0)
    _, _, trends, infos = sink.take()
    assert (len(trends), infos) == (1, [])


def test_what_no_longer_belongs_to_the_run_is_not_recorded(clock: Clock) -> None:
    recorder, late = Recorder(), False
    recorder.begin(1000.0)
    sink = MetricSink(recorder, RemarkCounts(), lambda: late)
    for late in (False, True):
        sink.counter("a", "", 1)
        sink.rate("b", "", True)
        sink.trend(Trend("c"), "", 1.5)
        if not late:
            assert [len(taken) for taken in sink.take()] == [1, 1, 1, 1]
    assert sink.take() == ([], [], [], [])
    with pytest.raises(TypeError, match="counts whole numbers"):
        sink.counter("a", "", 0.5)  # type: ignore[arg-type]


def test_take_empties(sink: MetricSink) -> None:
    Counter("a").add()
    Rate("b").add(True)
    Trend("c").add(1)
    assert all(sink.take())
    assert sink.take() == ([], [], [], [])


def test_values_that_are_no_finite_numbers_are_told_in_one_remark(
    sink: MetricSink, remarks: RemarkCounts
) -> None:
    trend = Trend("t")
    for odd in (math.nan, math.inf, -math.inf, Decimal("NaN"), 10**400):
        trend.add(odd)  # type: ignore[arg-type]
    assert sink.take() == ([], [], [], [])
    assert list(remarks.by_text.values()) == [5]


def test_values_below_0_count_as_0_and_are_told(sink: MetricSink, remarks: RemarkCounts) -> None:
    for value in (-5, -0.001, 3.0):
        Trend("t").add(value)
    rows = sink.take().trends
    assert [(row.count, row.sum, row.min, row.max) for row in rows] == [
        (2, 0.0, 0.0, 0.0),
        (1, 3.0, 3.0, 3.0),
    ]
    assert list(remarks.by_text.values()) == [2]


def test_amounts_beyond_what_can_be_sent_are_capped_and_told(
    sink: MetricSink, remarks: RemarkCounts
) -> None:
    for amount in (2**63, 2**61, 10**30, 1):
        Counter("c").add(amount)
    assert sink.take().counters == [CounterAdd("c", "", 0, COUNTER_LIMIT)]
    assert list(remarks.by_text.values()) == [4]


def test_any_number_is_a_value_of_a_trend(sink: MetricSink) -> None:
    for value in (Decimal("1.5"), Fraction(3, 2), True, 7):
        Trend("t").add(value)  # type: ignore[arg-type]
    assert sum(row.sum or 0 for row in sink.take().trends) == 11.0


@given(
    st.one_of(
        st.floats(),
        st.integers(),
        st.integers(-(10**330), 10**330),
        st.decimals(),
        st.fractions(),
        st.booleans(),
    ),
    st.one_of(st.text(), st.none(), st.integers(), st.binary(max_size=9), st.just(Unreadable())),
    st.text(min_size=1) | st.just("\ud800"),
)
def test_no_number_and_no_endpoint_spoils_a_delta(value: Any, endpoint: Any, name: str) -> None:
    remarks = RemarkCounts()
    sink = MetricSink(Recorder(), remarks)
    sink.trend(Trend(name, unit=endpoint), endpoint, value)
    sink.rate(name, endpoint, value)
    with suppress(TypeError):
        sink.counter(name, endpoint, value)
    delta = Delta(0, 1, 0, **sink.take()._asdict())
    assert decode_delta(encode_delta(delta)) == delta


def test_before_the_run_has_begun_it_is_second_0(clock: Clock) -> None:
    sink = MetricSink(Recorder(), RemarkCounts())
    sink.counter("a", "", 1)
    assert sink.take()[0] == [CounterAdd("a", "", 0, 1)]


def test_what_no_host_would_take_is_refused_where_it_is_added(sink: MetricSink) -> None:
    with pytest.raises(TypeError, match=r"Counter 'a' counts whole numbers, got 2\.5"):
        Counter("a").add(2.5)  # type: ignore[arg-type]
    for wrong in ("5", b"5", None, [1]):
        with pytest.raises(TypeError, match="Trend 'b' takes numbers"):
            Trend("b").add(wrong)  # type: ignore[arg-type]
    Counter("a").add(True)
    Counter("a").add(1, endpoint=None)  # type: ignore[arg-type]
    counters, _, _, _ = sink.take()
    assert counters == [CounterAdd("a", "", 0, 2)]
    assert decode_delta(encode_delta(Delta(0, 1, 0, counters=counters))).counters == counters
