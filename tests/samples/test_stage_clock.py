from __future__ import annotations

import pytest

from loadtui.samples.stage_clock import StageClock


def test_a_stage_begins_with_its_first_second() -> None:
    clock = StageClock([0, 10, 25])
    assert [clock.stage_of(second) for second in (0, 9, 10, 24, 25)] == [0, 0, 1, 1, 2]


def test_before_the_first_and_after_the_last() -> None:
    clock = StageClock([5, 10])
    assert clock.stage_of(0) == 0
    assert clock.stage_of(10_000) == 1


def test_no_stage_yet() -> None:
    assert StageClock().stage_of(3) == 0


def test_of_stages_that_began_together_the_last_has_the_second() -> None:
    assert StageClock([0, 4, 4]).stage_of(4) == 2


def test_beginning_stages_one_by_one() -> None:
    clock = StageClock()
    assert [clock.begin(0), clock.begin(7)] == [0, 1]
    assert clock.stage_of(7) == 1
    with pytest.raises(ValueError, match="before"):
        clock.begin(6)
