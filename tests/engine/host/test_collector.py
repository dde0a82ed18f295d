from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from loadtui.engine.host.collector import FAR, Collector
from loadtui.samples import error_kinds
from loadtui.samples.delta import (
    HOST,
    CounterAdd,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    TrendAdd,
    TrendInfo,
    WorkerHealth,
    decode_delta,
)
from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS
from loadtui.store import journal
from loadtui.store.journal import StageBegan

New = Callable[..., Any]


def began(name: str, start: int, planned_s: float | None = 100.0) -> StageBegan:
    return StageBegan(name, start, 10, 5.0, 2.0, planned_s)


def test_requests_of_all_workers_add_up(collector: Collector, new_worker: New) -> None:
    one, two = new_worker(0), new_worker(1)
    collector.begin_stage(began("run", 0))
    collector.fold(one.send((0, 1, 0, 1000), (0, 0, 0, 3000), (1, 1, 1, 5000)))
    collector.fold(two.send((0, 1, 0, 2000)))
    collector.fold(one.send((1, 1, 2, 7000)))
    total = collector.total
    assert (total.requests, total.failures, total.timed) == (5, 1, 5)
    assert (total.sum_us, total.min_us, total.max_us, total.bytes) == (18000, 1000, 7000, 50)
    root = collector.table.add("GET", "/")
    chat = collector.table.add("POST", "/chat")
    assert {n: tally.requests for n, tally in collector.by_endpoint.items()} == {root: 3, chat: 2}
    assert collector.tallies.merged().requests == 5
    assert collector.tallies.merged(endpoint=chat).sum_us == 12000
    assert (collector.lost_deltas, collector.lost_requests) == (0, 0)


def test_every_delta_is_kept_as_it_came(
    collector: Collector, new_worker: New, journal_of: Callable[[bytes], list[bytes]]
) -> None:
    worker = new_worker()
    sent = [worker.send((0, 1, 0, 1000)), worker.send((0, 1, 1, 1000), final=True)]
    collector.begin_stage(began("run", 0))
    for raw in sent:
        collector.fold(raw)
    assert journal_of(journal.DELTA_FRAME) == sent
    assert journal_of(journal.STAGE_FRAME) == [msgspec.msgpack.encode(began("run", 0))]
    assert collector.workers[0].final


def test_a_gap_in_the_numbers_is_lost_samples(collector: Collector, new_worker: New) -> None:
    worker, other = new_worker(0), new_worker(1)
    collector.fold(worker.send((0, 1, 0, 1000)))
    for _ in range(2):
        worker.send((0, 1, 0, 1000), (0, 1, 0, 1000))
    collector.fold(worker.send((0, 1, 0, 1000)))
    collector.fold(other.send((0, 1, 0, 1000)))
    assert (collector.lost_deltas, collector.lost_requests) == (2, 4)


def test_the_first_delta_may_be_the_lost_one(collector: Collector, new_worker: New) -> None:
    """Then nobody knows what its endpoints were called; the requests still count."""
    worker = new_worker()
    worker.send((0, 1, 0, 1000))
    collector.fold(worker.send((1, 1, 0, 1000)))
    assert (collector.lost_deltas, collector.lost_requests) == (1, 1)
    assert collector.table.entries == [("", "(unknown endpoint)")]
    assert collector.total.requests == 1


def test_announced_but_never_sent(collector: Collector, new_worker: New) -> None:
    collector.fold(new_worker().send((0, 1, 0, 1000), total=4))
    assert (collector.lost_deltas, collector.lost_requests) == (0, 3)


def test_what_is_no_delta_changes_nothing(
    collector: Collector, journal_of: Callable[[bytes], list[bytes]]
) -> None:
    for raw in (b"", b"\x00", msgspec.msgpack.encode([0, 1, 0, [], [1.5]])):
        with pytest.raises(msgspec.MsgspecError):
            collector.fold(raw)
    assert collector.workers == {}
    assert journal_of(journal.DELTA_FRAME) == []


def test_requests_belong_to_the_stage_of_their_start(collector: Collector, new_worker: New) -> None:
    worker = new_worker()
    collector.begin_stage(began("one", 0))
    collector.fold(worker.send((0, 1, 0, 1000), (0, 1, 99, 1000)))
    collector.begin_stage(began("two", 100))
    collector.fold(worker.send((0, 1, 99, 9000), (0, 1, 100, 1000), (0, 1, 250, 1000)))
    whole = [collector.tallies.merged(stage=stage).requests for stage in (0, 1)]
    assert whole == [3, 2]
    # Measured: after 2 s of ramp and 10 s of settling, up to the planned end.
    assert [(s.measured_from, s.measured_to) for s in collector.stages] == [(12, 100), (112, 200)]
    measured = [collector.tallies.merged(stage=s, measured=True).requests for s in (0, 1)]
    assert measured == [2, 0]


def test_an_open_ended_stage_has_no_end(collector: Collector, new_worker: New) -> None:
    collector.begin_stage(began("run", 0, planned_s=None))
    collector.fold(new_worker().send((0, 1, 10**6, 1000)))
    assert collector.stages[0].end == FAR
    assert collector.tallies.merged(measured=True).requests == 1


def test_errors_are_counted_by_kind(collector: Collector, new_worker: New) -> None:
    one, two = new_worker(0), new_worker(1)
    collector.fold(one.send(errors=[ErrorCount("GET", "/", "no", 2, 5.0, 6.0)]))
    collector.fold(two.send(errors=[ErrorCount("GET", "/", "no", 1, 4.0, 5.5)]))
    collector.fold(one.send(errors=[ErrorCount("GET", "/", "gone", 1, 9.0, 9.0)], errors_dropped=7))
    kinds = {key: (k.count, k.first, k.last) for key, k in collector.errors.by_kind.items()}
    assert kinds == {
        ("GET", "/", "no"): (3, 4.0, 6.0),
        ("GET", "/", "gone"): (1, 9.0, 9.0),
    }
    assert collector.errors.others == 7


def test_kinds_are_capped_and_counted_all_the_same(
    collector: Collector, new_worker: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_kinds, "MAX_KINDS", 3)
    worker = new_worker()
    for number in range(10):
        error = ErrorCount("GET", "/", f"error {number}", 1, 0.0, 0.0)
        exception = ExceptionCount(f"exception {number}", "", 1, 0.0, 0.0)
        collector.fold(worker.send(errors=[error], exceptions=[exception]))
    again = ErrorCount("GET", "/", "error 0", 1, 0.0, 0.0)
    collector.fold(worker.send(errors=[again]))
    assert collector.errors.kinds() == collector.exceptions.kinds() == 4
    assert collector.errors.others == 7
    assert collector.errors.by_kind["GET", "/", "error 0"].count == 2
    assert collector.exceptions.others == 7
    assert collector.exception_count == 10


def test_the_hosts_own_exceptions(
    collector: Collector, new_worker: New, journal_of: Callable[[bytes], list[bytes]]
) -> None:
    """Kept in the journal with numbers of their own, so that none of them looks like a gap."""
    collector.fold(new_worker().send(exceptions=[ExceptionCount("boom", "tb", 1, 1.0, 1.0)]))
    collector.add_exception(ExceptionCount("boom", "tb", 1, 2.0, 2.0))
    collector.add_exception(ExceptionCount("other", "tb", 1, 3.0, 3.0))
    assert collector.exception_count == 3
    assert collector.exceptions.by_kind["boom", "tb"].count == 2
    assert (collector.lost_deltas, collector.lost_requests) == (0, 0)
    kept = [decode_delta(raw) for raw in journal_of(journal.DELTA_FRAME)]
    assert [(d.worker, d.seq) for d in kept] == [(0, 1), (HOST, 1), (HOST, 2)]


def test_metrics_by_stage(collector: Collector, new_worker: New) -> None:
    collector.begin_stage(began("one", 0))
    collector.begin_stage(began("two", 50))
    collector.fold(
        new_worker().send(
            counters=[CounterAdd("hits", "", 1, 4), CounterAdd("hits", "", 60, 2)],
            rates=[RateAdd("late", "", 60, 1, 3), RateAdd("late", "", 70, 2, 3)],
            trends=[TrendAdd("ttft", "POST /chat", 70, 9009, 5, 9.0, 1.5, 2.0)],
            trend_infos=[TrendInfo("ttft", "ms", "higher")],
        )
    )
    metric = collector.tallies.merged_metric
    assert metric("counter", "hits").count == 6
    assert metric("counter", "hits", stage=0).count == 4
    assert metric("rate", "late", stage=1).rate() == 0.5
    assert metric("rate", "late", stage=1, measured=True).count == 3
    chat = metric("trend", "ttft", endpoint="POST /chat")
    assert (chat.count, chat.mean(), chat.least(), chat.most()) == (5, 1.8, 1.5, 2.0)
    assert collector.tallies.metric_infos["ttft"] == ("ms", "higher")


def test_health_and_unfinished(collector: Collector, new_worker: New) -> None:
    worker = new_worker()
    first, second = (WorkerHealth(s, 0.5, 0.0, 0.1, 3, 2) for s in (0, 1))
    collector.fold(worker.send(health=[first, second], unfinished=1))
    collector.fold(worker.send(unfinished=4))
    collector.fold(new_worker(1).send(unfinished=2))
    assert collector.workers[0].health == second
    assert collector.workers[0].health_by_second == {0: first, 1: second}
    assert collector.unfinished == 6


def test_arrivals_are_those_since_the_last_look(collector: Collector, new_worker: New) -> None:
    worker = new_worker()
    collector.fold(worker.send((0, 1, 0, 1000), (1, 0, 0, 1000)))
    arrivals = collector.take_arrivals()
    assert (arrivals.total.requests, arrivals.total.failures) == (2, 1)
    assert arrivals.by_endpoint == {0: 1, 1: 1}
    collector.fold(worker.send((0, 1, 0, 1000)))
    assert collector.take_arrivals().total.requests == 1
    assert collector.take_arrivals().by_endpoint == {}


def test_the_host_has_remarks_of_its_own(collector: Collector) -> None:
    collector.add_remark("an event had no name")
    collector.add_remark("an event had no name", 2)
    assert collector.remarks.by_text == {"an event had no name": 3}


def test_all_workers_together_have_no_more_endpoints_than_one(
    collector: Collector, new_worker: New
) -> None:
    for index in range(2):
        worker = new_worker(index)
        numbers = range(MAX_ENDPOINTS)
        new = [(number, "GET", f"/{index}/{number}") for number in numbers]
        requests = [(number, 1, 0, 1_000) for number in (0, MAX_ENDPOINTS - 1)]
        collector.fold(worker.send(*requests, endpoints=new))
    assert len(collector.table.entries) == MAX_ENDPOINTS + 1
    assert collector.table.entries[-1] == FURTHER
    assert collector.by_endpoint[MAX_ENDPOINTS].requests == 2
