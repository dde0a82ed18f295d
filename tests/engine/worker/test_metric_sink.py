from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtui import Counter, Rate, Trend
from loadtui.engine.worker import metric_sink
from loadtui.engine.worker.metric_sink import MetricSink
from loadtui.engine.worker.recorder import Recorder
from loadtui.metrics import set_sink
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    CounterAdd,
    Delta,
    RateAdd,
    TrendAdd,
    TrendInfo,
    decode_delta,
    encode_delta,
)


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
def sink(clock: Clock) -> Iterator[MetricSink]:
    recorder = Recorder()
    recorder.begin(1000.0)
    sink = MetricSink(recorder)
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
    for value in (83.1, 83.1, 0.0, -5.0):
        ttft.add(value, endpoint="POST /chat")
    _, _, trends, infos = sink.take()
    assert trends == [
        TrendAdd("ttft", "POST /chat", 0, bin_of(83100), 2),
        TrendAdd("ttft", "POST /chat", 0, 0, 2),
    ]
    assert infos == [TrendInfo("ttft", "ms", "higher")]
    ttft.add(1.0)
    _, _, trends, infos = sink.take()
    assert (len(trends), infos) == (1, [])


def test_take_empties(sink: MetricSink) -> None:
    Counter("a").add()
    Rate("b").add(True)
    Trend("c").add(1)
    assert all(sink.take())
    assert sink.take() == ([], [], [], [])


def test_before_the_run_has_begun_it_is_second_0(clock: Clock) -> None:
    sink = MetricSink(Recorder())
    sink.counter("a", "", 1)
    assert sink.take()[0] == [CounterAdd("a", "", 0, 1)]


def test_what_no_host_would_take_is_refused_where_it_is_added(sink: MetricSink) -> None:
    with pytest.raises(TypeError):
        Counter("a").add(2.5)  # type: ignore[arg-type]
    Counter("a").add(True)
    Counter("a").add(1, endpoint=None)  # type: ignore[arg-type]
    counters, _, _, _ = sink.take()
    assert counters == [CounterAdd("a", "", 0, 2)]
    assert decode_delta(encode_delta(Delta(0, 1, 0, counters=counters))).counters == counters
