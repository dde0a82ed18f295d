from __future__ import annotations

import pytest
from locust.exception import CatchResponseError

from loadtui.engine.encodable import MARK
from loadtui.engine.exception_text import (
    MAX_MESSAGE,
    MAX_TRACEBACK,
    exception_text,
    failure_text,
    format_tb,
)
from loadtui.engine.untrusted import described
from loadtui.engine.worker import failures as failures_file
from loadtui.engine.worker.failures import Failures
from loadtui.samples.delta import Delta, ErrorCount, ExceptionCount, encode_delta
from loadtui.samples.endpoint_table import MAX_NAME
from loadtui.samples.error_kinds import MAX_KINDS


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
        0,
    )


def test_take_empties_and_counts_anew(failures: Failures, clock: type[Clock]) -> None:
    failures.add("GET", "/", "no")
    failures.add_exception("boom", "tb")
    failures.take(1000.0)
    assert failures.take(1000.0) == ([], 0, [], 0)
    clock.now = 1009.0
    failures.add("GET", "/", "no")
    failures.add_exception("boom", "tb")
    assert failures.take(1000.0) == (
        [ErrorCount("GET", "/", "no", 1, 9.0, 9.0)],
        0,
        [ExceptionCount("boom", "tb", 1, 9.0, 9.0)],
        0,
    )


def test_times_before_the_run_are_0(failures: Failures) -> None:
    failures.add("GET", "/", "no")
    ((error,), *_) = failures.take(float("inf"))
    assert (error.first, error.last) == (0.0, 0.0)
    failures.add("GET", "/", "no")
    ((error,), *_) = failures.take(2000.0)
    assert (error.first, error.last) == (0.0, 0.0)


def test_no_more_than_so_many_kinds_are_told_apart(failures: Failures) -> None:
    for number in range(MAX_KINDS + 5):
        failures.add("GET", "/", f"id {number}")
    errors, others, _, _ = failures.take(0.0)
    assert (len(errors), others) == (MAX_KINDS, 5)
    failures.add("GET", "/", "id 3")  # a kind that is known
    failures.add("GET", "/", "id 2000")
    errors, others, _, _ = failures.take(0.0)
    assert ([e.message for e in errors], others) == (["id 3"], 1)
    assert failures.take(0.0)[1] == 0


def test_nor_of_exceptions(failures: Failures) -> None:
    for number in range(MAX_KINDS + 5):
        failures.add_exception(f"id {number}", "tb")
    _, _, exceptions, further = failures.take(0.0)
    assert (len(exceptions), further) == (MAX_KINDS, 5)


def test_a_frequent_kind_that_comes_late_is_told_with_what_was_seen_of_it(
    failures: Failures,
) -> None:
    for number in range(MAX_KINDS):
        failures.add("X", "/e", f"timeout for order {number}")
    for _ in range(5 * MAX_KINDS):
        failures.add("X", "/e", "503 database down")
    errors, others, _, _ = failures.take(0.0)
    counts = {error.message: error.count for error in errors}
    assert counts["503 database down"] == 5 * MAX_KINDS
    assert (len(errors), others) == (MAX_KINDS, 1)


def test_among_ids_without_end_deltas_stay_short_and_the_frequent_are_told(
    failures: Failures,
) -> None:
    """One failure in 50 is always the same; all others come once."""
    sent: dict[str, int] = {}
    lengths, others, number = [], 0, 0
    for _ in range(100):
        for _ in range(300):
            number += 1
            failures.add("GET", "/", "the same" if number % 50 == 49 else f"id {number}")
        errors, more, _, _ = failures.take(0.0)
        lengths.append(len(errors))
        others += more
        for error in errors:
            sent[error.message] = sent.get(error.message, 0) + error.count
    assert set(lengths[4:]) == {1}
    assert sent["the same"] == number // 50
    assert sum(sent.values()) + others == number


def test_long_messages_are_cut(failures: Failures) -> None:
    failures.add("GET", "/", CatchResponseError("x" * 5000))
    failures.add("GET", "/", ValueError("x" * 5000))
    failures.add_exception("x" * 5000, "tb")
    errors, _, (exception,), _ = failures.take(0.0)
    assert [len(e.message) for e in errors] == [MAX_MESSAGE] * 2
    assert len(exception.message) == MAX_MESSAGE
    assert {e.message[-1] for e in (*errors, exception)} == {MARK}


def test_so_are_long_names_and_tracebacks(failures: Failures) -> None:
    """Of a traceback the end is what says where."""
    failures.add("M" * 5000, "n" * 5000, "no")
    failures.add_exception("boom", "x" * MAX_TRACEBACK + "the end")
    (error,), _, (exception,), _ = failures.take(0.0)
    assert error[:2] == ("M" * (MAX_NAME - 1) + MARK, "n" * (MAX_NAME - 1) + MARK)
    assert len(exception.traceback) == MAX_TRACEBACK
    assert exception.traceback[0] == MARK
    assert exception.traceback.endswith("the end")


def test_text_that_is_no_utf8_can_be_sent(failures: Failures) -> None:
    """As JSON with half an emoji gives it."""
    failures.add("GET\udc80", "/\ud83d", "cut \ud83d")
    failures.add_exception("cut \ud83d", "tb \ud83d")
    errors, _, exceptions, _ = failures.take(0.0)
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
    assert failure_text(error) == message


def test_exceptions_in_words() -> None:
    assert exception_text(KeyError("a")) == "KeyError: 'a'"
    assert exception_text(RuntimeError()) == "RuntimeError"
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError
    assert "test_exceptions_in_words" in format_tb(raised.value.__traceback__)
    assert format_tb(None) == ""


def test_no_part_of_a_secret_is_left_where_texts_are_cut(
    failures: Failures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "value-of-token-1")
    failures.add("GET", "n" * (MAX_NAME - 5) + "value-of-token-1", "m" * 1990 + "value-of-token-1")
    failures.add("GET", "/", ValueError("m" * 1980 + "value-of-token-1"))
    failures.add("GET", "/value-of-token-1/1", "Cookie: a=b")
    failures.add_exception("m" * 1990 + "value-of-token-1", "value-of-token-1" + "t" * 19_990)
    errors, _, exceptions, _ = failures.take(1000.0)
    assert [error.name[-6:] for error in errors] == ["nnn***", "/", "/***/1"]
    assert errors[2].message == "Cookie: ***"
    texts = [error.name + error.message for error in errors]
    texts += [raised.message + raised.traceback for raised in exceptions]
    assert not [text for text in texts if "val" in text]
    assert described("m" * 70 + "value-of-token-1") == f"'{'m' * 70}***'"
