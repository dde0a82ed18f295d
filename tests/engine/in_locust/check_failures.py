from __future__ import annotations

import pytest
from locust.exception import CatchResponseError

from loadtui.engine.worker import failures as failures_file
from loadtui.engine.worker.failures import (
    MAX_KINDS,
    MAX_MESSAGE,
    Failures,
    exception_text,
    format_tb,
    message_of,
)
from loadtui.samples.delta import Delta, ErrorCount, ExceptionCount, encode_delta


class Clock:
    now = 1000.0

    @classmethod
    def time(cls) -> float:
        return cls.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(failures_file, "time", Clock)
    monkeypatch.setattr(Clock, "now", 1000.0)
    return Clock


@pytest.fixture
def failures() -> Failures:
    return Failures()


def test_kinds_with_count_first_and_last(failures: Failures, clock: type[Clock]) -> None:
    failures.add("GET", "/", "no")
    clock.now = 1003.5
    failures.add("GET", "/", "no")
    failures.add("POST", "/", "no")
    assert failures.take(999.0) == (
        [ErrorCount("GET", "/", "no", 2, 1.0, 4.5), ErrorCount("POST", "/", "no", 1, 4.5, 4.5)],
        0,
        [],
    )


def test_take_empties_and_counts_anew(failures: Failures, clock: type[Clock]) -> None:
    failures.add("GET", "/", "no")
    failures.add_exception("boom", "tb")
    failures.take(1000.0)
    assert failures.take(1000.0) == ([], 0, [])
    clock.now = 1009.0
    failures.add("GET", "/", "no")
    failures.add_exception("boom", "tb")
    assert failures.take(1000.0) == (
        [ErrorCount("GET", "/", "no", 1, 9.0, 9.0)],
        0,
        [ExceptionCount("boom", "tb", 1, 9.0, 9.0)],
    )


def test_times_before_the_run_are_0(failures: Failures) -> None:
    failures.add("GET", "/", "no")
    ((error,), _, _) = failures.take(float("inf"))
    assert (error.first, error.last) == (0.0, 0.0)
    failures.add("GET", "/", "no")
    ((error,), _, _) = failures.take(2000.0)
    assert (error.first, error.last) == (0.0, 0.0)


def test_no_more_than_so_many_kinds_are_told_apart(failures: Failures) -> None:
    for number in range(MAX_KINDS + 5):
        failures.add("GET", "/", f"id {number}")
    errors, dropped, _ = failures.take(0.0)
    assert (len(errors), dropped) == (MAX_KINDS, 5)
    failures.add("GET", "/", "id 3")  # a kind that is known
    failures.add("GET", "/", "id 2000")
    errors, dropped, _ = failures.take(0.0)
    assert ([e.message for e in errors], dropped) == (["id 3"], 1)
    assert failures.take(0.0)[1] == 0


def test_nor_of_exceptions(failures: Failures) -> None:
    for number in range(MAX_KINDS + 5):
        failures.add_exception(f"id {number}", "tb")
    _, _, exceptions = failures.take(0.0)
    assert len(exceptions) == MAX_KINDS + 1
    assert sum(e.count for e in exceptions) == MAX_KINDS + 5
    assert exceptions[-1][:3] == ("(further kinds of exceptions)", "", 5)


def test_long_messages_are_cut(failures: Failures) -> None:
    failures.add("GET", "/", CatchResponseError("x" * 5000))
    failures.add("GET", "/", ValueError("x" * 5000))
    failures.add_exception("x" * 5000, "tb")
    errors, _, (exception,) = failures.take(0.0)
    assert [len(e.message) for e in errors] == [MAX_MESSAGE] * 2
    assert len(exception.message) == MAX_MESSAGE


def test_text_that_is_no_utf8_can_be_sent(failures: Failures) -> None:
    """As JSON with half an emoji gives it."""
    failures.add("GET\udc80", "/\ud83d", "cut \ud83d")
    failures.add_exception("cut \ud83d", "tb \ud83d")
    errors, _, exceptions = failures.take(0.0)
    assert errors[0][:3] == ("GET?", "/?", "cut ?")
    assert exceptions[0][:2] == ("cut ?", "tb ?")
    assert encode_delta(Delta(0, 1, 0, errors=errors, exceptions=exceptions))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CatchResponseError("too slow"), "too slow"),
        (CatchResponseError(), "CatchResponseError()"),
        (CatchResponseError(42), "CatchResponseError(42)"),
        ("plain text", "plain text"),
        (OSError(111, "refused"), "ConnectionRefusedError(111, 'refused')"),
        (ValueError("<x object at 0x7f12>"), "ValueError('<x object at 0x....>')"),
    ],
)
def test_failures_in_words(error: object, message: str) -> None:
    assert message_of(error) == message


def test_exceptions_in_words() -> None:
    assert exception_text(KeyError("a")) == "KeyError: 'a'"
    assert exception_text(RuntimeError()) == "RuntimeError"
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError
    assert "test_exceptions_in_words" in format_tb(raised.value.__traceback__)
    assert format_tb(None) == ""
