"""When a run says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.store.journal import WorkerSecond
from loadtui.store.manifest import StageSpan
from loadtui.verdict.validity import (
    VALIDITY_RULES,
    BadSeconds,
    Cause,
    RunSecond,
    ValidityFacts,
    bad_second,
    bad_seconds,
    causes,
    run_seconds,
    validity,
)

GOOD = WorkerSecond(0, 0.5, 0.01, 0.3)


def _worker(cpu: float = 0.5, wait: float = 0.01, lag_ms: float = 0.3) -> WorkerSecond:
    return WorkerSecond(0, cpu, wait, lag_ms)


def _span(measured_from: int, measured_to: int) -> StageSpan:
    return StageSpan("s", 0, 100, 1, 1.0, measured_from, measured_to)


@pytest.mark.parametrize(
    ("worker", "p50_ms", "found"),
    [
        (_worker(), 10.0, set()),
        (_worker(cpu=0.90), 10.0, set()),
        (_worker(cpu=0.91), 10.0, {Cause.CPU}),
        (_worker(wait=0.10), 10.0, set()),
        (_worker(wait=0.11), 10.0, {Cause.WAIT}),
        (_worker(lag_ms=2.0), 10.0, set()),
        (_worker(lag_ms=2.1), 10.0, {Cause.LAG}),
        (_worker(lag_ms=2.1), None, {Cause.LAG}),
        (_worker(lag_ms=5.0), 100.0, set()),
        (_worker(lag_ms=5.1), 100.0, {Cause.LAG}),
        (_worker(cpu=1.0, wait=0.5, lag_ms=50), 10.0, set(Cause)),
    ],
)
def test_a_bad_second(worker: WorkerSecond, p50_ms: float | None, found: set[Cause]) -> None:
    assert causes([GOOD, worker], p50_ms) == found
    assert bad_second([worker, GOOD], p50_ms) == bool(found)


def test_a_second_without_workers_is_good() -> None:
    assert not bad_second([], 10.0)


def test_reason_names_numbers_and_causes() -> None:
    counted = BadSeconds()
    for second in range(60):
        cpu = 0.95 if second < 12 else 0.5
        wait = 0.3 if 9 <= second < 14 else 0.0
        counted.add([_worker(cpu=cpu, wait=wait)], 10.0)
    judged = validity(ValidityFacts(counted, started=10))
    assert judged.reasons == [
        "the load generator was the bottleneck in 14 of 60 measured seconds "
        "(CPU above 90 %: 12, waiting for a CPU: 5)"
    ]
    assert (judged.valid, judged.bad_seconds, judged.measured_seconds) == (False, 14, 60)


@pytest.mark.parametrize(("bad", "valid"), [(0, True), (10, True), (11, False), (100, False)])
def test_more_than_a_tenth_is_too_much(bad: int, valid: bool) -> None:
    counted = BadSeconds()
    for second in range(100):
        counted.add([_worker(cpu=1.0 if second < bad else 0.2)], 10.0)
    assert validity(ValidityFacts(counted, started=1)).valid is valid


def test_only_measured_seconds_count() -> None:
    rows = [RunSecond(second, [_worker(cpu=1.0 if second < 20 else 0.1)]) for second in range(100)]
    counted, kind = bad_seconds(rows, [_span(20, 100)], 5.0)
    assert (counted.bad, counted.seconds, kind) == (0, 80, "measured")


def test_a_kept_timeline_reads_back() -> None:
    import polars as pl

    frame = pl.DataFrame(
        {
            "second": [0, 1],
            "cpu": [[0.5, None], [0.25, 1.0]],
            "wait": [[0.0, None], [0.0, 0.5]],
            "lag_ms": [[1.0, None], [1.0, 3.0]],
            "users": [4, 5],
        }
    )
    assert run_seconds(frame) == [
        RunSecond(0, [WorkerSecond(0, 0.5, 0.0, 1.0)], 4),
        RunSecond(1, [WorkerSecond(0, 0.25, 0.0, 1.0), WorkerSecond(1, 1.0, 0.5, 3.0)], 5),
    ]


def test_without_measured_seconds_all_count() -> None:
    rows = [RunSecond(second, [_worker(cpu=1.0)]) for second in range(3)]
    counted, kind = bad_seconds(rows, [_span(100, 100)], 5.0)
    judged = validity(ValidityFacts(counted, kind=kind, started=1))
    assert judged.measured_seconds == 0
    assert "3 of 3 unmeasured seconds" in judged.reasons[0]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"lost_deltas": 1}, "(1 message missing)"),
        ({"lost_deltas": 2, "lost_requests": 7}, "(2 messages missing, 7 requests missing)"),
        ({"lost_requests": 46}, "46 requests finished and could not be saved"),
        ({"unbalanced": ["worker 0 started 1"]}, "counts do not balance: worker 0 started 1"),
        ({"lost_workers": ["worker 1 on box fell silent"]}, "worker 1 on box fell silent"),
        ({"unlike_the_plan": ["too few ran"]}, "too few ran"),
        ({"started": 0}, "no request was started"),
        ({"not_saved": ["the disk was full"]}, "the disk was full"),
        ({"broken_off": "no worker is left"}, "the run broke off: no worker is left"),
    ],
)
def test_other_reasons(facts: dict[str, object], says: str) -> None:
    judged = validity(ValidityFacts(BadSeconds(), **{"started": 5, **facts}))  # type: ignore[arg-type]
    assert not judged.valid
    assert len(judged.reasons) == 1
    assert says in judged.reasons[0]


def test_nothing_wrong_is_valid() -> None:
    judged = validity(ValidityFacts(BadSeconds(), started=1))
    assert judged.valid
    assert judged.reasons == []


def test_reasons_are_in_the_order_of_the_rules() -> None:
    facts = ValidityFacts(
        BadSeconds(),
        lost_deltas=1,
        lost_workers=["a", "b"],
        unlike_the_plan=["users"],
        started=0,
        not_saved=["full"],
        broken_off="gone",
    )
    firsts = [reason.split()[0] for reason in validity(facts).reasons]
    assert firsts == ["samples", "a", "a", "users", "no", "full", "the"]
    assert len({rule.name for rule in VALIDITY_RULES}) == len(VALIDITY_RULES)


_share = st.floats(0, 2)


@given(st.lists(st.lists(st.tuples(_share, _share, st.floats(0, 100)), max_size=3), max_size=50))
def test_counting_second_by_second_equals_counting_at_once(
    seconds: list[list[tuple[float, float, float]]],
) -> None:
    rows = [
        RunSecond(i, [WorkerSecond(0, *load) for load in loads]) for i, loads in enumerate(seconds)
    ]
    at_once, _ = bad_seconds(rows, [_span(0, 100)], 20.0)
    live = BadSeconds()
    bad = sum(live.add(row.workers, 20.0) for row in rows)
    assert bad == live.bad == at_once.bad
    assert live.reason() == at_once.reason()
