"""Signals that come while something is made: held back, never lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from loadtui.cli.interrupts import interrupts_held

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture(autouse=True)
def _handlers_are_put_back() -> Iterator[None]:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def interrupted(act: Callable[[], None]) -> None:
    with pytest.raises(KeyboardInterrupt):
        act()


@BOTH
def test_before_they_are_heeded_they_wait(number: signal.Signals) -> None:
    done = []

    def act() -> None:
        with interrupts_held() as interrupts:
            signal.raise_signal(number)
            done.append("made")
            with interrupts.heeded():
                done.append("waited")

    interrupted(act)
    assert done == ["made"]


@BOTH
def test_where_they_are_heeded_they_interrupt_at_once(number: signal.Signals) -> None:
    done = []

    def act() -> None:
        with interrupts_held() as interrupts, interrupts.heeded():
            signal.raise_signal(number)
            done.append("waited")

    interrupted(act)
    assert done == []


@BOTH
def test_the_next_one_does_not_stop_the_cleaning_up(number: signal.Signals) -> None:
    done = []

    def act() -> None:
        with interrupts_held() as interrupts:
            try:
                with interrupts.heeded():
                    signal.raise_signal(number)
            except KeyboardInterrupt:
                signal.raise_signal(number)
                done.append("cleaned up")
                raise

    interrupted(act)
    assert done == ["cleaned up"]


@BOTH
def test_one_that_was_never_heeded_comes_at_the_end(number: signal.Signals) -> None:
    done = []

    def act() -> None:
        with interrupts_held():
            signal.raise_signal(number)
            done.append("made")

    interrupted(act)
    assert done == ["made"]


@BOTH
def test_those_that_somebody_takes_over_raise_nothing(number: signal.Signals) -> None:
    with interrupts_held() as interrupts:
        signal.raise_signal(number)
        signal.raise_signal(number)
        taken = interrupts.take()
    assert (taken, interrupts.take()) == (2, 0)


def test_without_a_signal_nothing_happens() -> None:
    with interrupts_held() as interrupts, interrupts.heeded():
        pass


@BOTH
def test_one_is_not_lost_to_what_else_goes_wrong(number: signal.Signals) -> None:
    def act() -> None:
        with interrupts_held():
            signal.raise_signal(number)
            raise ValueError("no such file")

    interrupted(act)
