from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.plan.model import Plan, Stage
from loadtui.store.journal import StageBegan
from loadtui.store.stage_spans import measured_from, stage_spans, unrun_stages


def began(start: int, ramp_s: float = 0.0, planned_s: float | None = 300.0) -> StageBegan:
    return StageBegan("L", start, 10, 1.0, ramp_s, planned_s)


@pytest.mark.parametrize(
    ("ramp_s", "length_s", "expected"),
    [
        (10.0, 300.0, 20),  # ramp, then 10 s
        (10.0, 60.0, 16),  # ramp, then a tenth of the stage
        (2.1, 15.0, 5),  # 3 + 2: both rounded up
        (0.1 + 0.2, 30.0, 4),
        (0.1 * 30, 30.0, 6),  # a ramp of 3.0000000000000004 s is one of 3 s
    ],
)
def test_what_is_not_measured(ramp_s: float, length_s: float, expected: int) -> None:
    assert measured_from(began(0, ramp_s), length_s) == expected


def test_a_stage_ends_where_the_next_begins() -> None:
    spans = stage_spans([began(0), began(100), began(150)], 400)
    assert [(span.start, span.end, span.measured_to) for span in spans] == [
        (0, 100, 100),
        (100, 150, 150),
        (150, 400, 400),
    ]


def test_a_stage_stopped_early_settles_by_its_planned_length() -> None:
    (span,) = stage_spans([began(0, planned_s=300.0)], 50)
    assert (span.measured_from, span.measured_to) == (10, 50)


def test_an_open_ended_stage_settles_by_its_actual_length() -> None:
    (span,) = stage_spans([began(0, planned_s=None)], 50)
    assert (span.measured_from, span.measured_to) == (5, 50)


def test_a_stage_that_ended_in_its_ramp_measures_nothing() -> None:
    (span,) = stage_spans([began(10, ramp_s=60.0)], 30)
    assert span.measured_from == span.measured_to == 30


def test_no_stage() -> None:
    assert stage_spans([], 10) == []


@given(
    starts=st.lists(st.integers(0, 1000), min_size=1, max_size=6).map(sorted),
    ramp_s=st.floats(0, 500),
    planned_s=st.none() | st.floats(0, 500),
    end=st.integers(0, 2000),
)
def test_spans_are_in_order(
    starts: list[int], ramp_s: float, planned_s: float | None, end: int
) -> None:
    spans = stage_spans([began(start, ramp_s, planned_s) for start in starts], end)
    assert [span.start for span in spans] == starts
    for span in spans:
        assert span.start <= span.measured_from <= span.measured_to <= span.end


PLAN = Plan("p", ("/p.py",), stages=(Stage("warm", 2, 2.0, 10.0), Stage("peak", 6, 6.0, 10.0)))


@pytest.mark.parametrize(
    ("starts", "end", "sentences"),
    [
        ([0, 10], 20, []),
        ([0, 10], 19, ["stage peak ended after 9 s of 10 s"]),
        ([0], 10, ["stage peak was never reached"]),
        ([0], 1, ["stage warm ended after 1 s of 10 s", "stage peak was never reached"]),
        ([], 1, ["stage warm was never reached", "stage peak was never reached"]),
    ],
)
def test_stages_that_were_not_run_in_full(
    starts: list[int], end: int, sentences: list[str]
) -> None:
    stages = zip(PLAN.stages, starts, strict=False)
    spans = stage_spans(
        [StageBegan(s.name, at, s.users, 2.0, 0.0, s.duration_s) for s, at in stages], end
    )
    assert [stage.sentence for stage in unrun_stages(PLAN, spans)] == sentences


def test_a_plan_without_stages_says_nothing_of_its_length() -> None:
    assert unrun_stages(Plan("p", ("/p.py",)), stage_spans([began(0)], 1)) == []


def test_stages_of_parts_of_a_second() -> None:
    plan = Plan("p", ("/p.py",), stages=tuple(Stage(f"S{at}", 1, 1.0, 0.6) for at in range(5)))
    spans = stage_spans([began(int(0.6 * at)) for at in range(5)], 3)
    assert unrun_stages(plan, spans) == []
