from __future__ import annotations

import datetime
import decimal
import fractions
import time
from collections.abc import Callable
from typing import Any

import pytest
from greenlet import GreenletExit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from locust.exception import RescheduleTask, StopUser

from loadtui.engine.request_event import NAMELESS
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.delta import BinCount, Delta, WindowSums, decode_delta, encode_delta
from loadtui.samples.remark_counts import RemarkCounts


@pytest.fixture
def recorder() -> Recorder:
    recorder = Recorder()
    recorder.begin(time.time() - 100.5)
    return recorder


@pytest.fixture
def failures() -> Failures:
    return Failures()


@pytest.fixture
def hook(recorder: Recorder, failures: Failures) -> RequestHook:
    return RequestHook(recorder, failures)


def fire(hook: RequestHook, **changes: Any) -> None:
    given = {
        "request_type": "GET",
        "name": "/a",
        "response_time": 12.0,
        "response_length": 34,
        "exception": None,
        "context": {},
        "start_time": time.time(),
    }
    hook.fire(**given | changes)


def test_a_request_is_recorded(hook: RequestHook, recorder: Recorder, failures: Failures) -> None:
    fire(hook)
    endpoints, cells, windows = recorder.take()
    assert endpoints == [(0, "GET", "/a")]
    assert BinCount(*cells) == (0, 1, 100, bin_of(12_000), 1)
    assert WindowSums(*windows) == (0, 1, 100, 1, 12_000, 12_000, 12_000, 34)
    assert failures.take(0.0) == ([], 0, [], 0)


def test_a_failed_one_too(hook: RequestHook, recorder: Recorder, failures: Failures) -> None:
    fire(hook, exception=ValueError("no"))
    assert WindowSums(*recorder.take()[2]).ok == 0
    ((error, *_), *_) = failures.take(0.0)
    assert error[:4] == ("GET", "/a", "ValueError('no')", 1)


def test_without_start_time_it_is_now_less_the_response_time(
    hook: RequestHook, recorder: Recorder
) -> None:
    fire(hook, start_time=None, response_time=40_000.0)
    fire(hook, start_time=None, response_time=None)
    windows = recorder.take()[2]
    assert [windows[2], windows[10]] == [60, 100]


def test_recorded_before_any_listener_hears_of_it(hook: RequestHook, recorder: Recorder) -> None:
    totals: list[int] = []
    hook.add_listener(lambda **_: totals.append(recorder.total))
    fire(hook)
    assert totals == [1]


def test_listeners_get_what_was_fired(hook: RequestHook) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    hook.add_listener(lambda **kwargs: heard.append(("first", kwargs)))
    hook.add_listener(lambda name, **_: heard.append(("second", {"name": name})))
    given = {"request_type": "WS", "name": "x", "response_time": 1, "odd": object()}
    hook.fire(**given)
    hook.fire(reverse=True, **given)
    assert heard[0] == ("first", given)
    assert [who for who, _ in heard] == ["first", "second", "second", "first"]


@pytest.mark.parametrize("error", [StopUser, RescheduleTask])
def test_a_listener_may_stop_the_user_and_no_request_is_lost(
    hook: RequestHook, recorder: Recorder, error: type[Exception]
) -> None:
    @hook.add_listener
    def _(**_: Any) -> None:
        raise error

    with pytest.raises(error):
        fire(hook, exception=OSError())
    assert recorder.total == 1


def test_a_listener_that_fails_stops_nobody(
    hook: RequestHook, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    @hook.add_listener
    def _(**_: Any) -> None:
        raise ZeroDivisionError

    hook.add_listener(lambda name, **_: heard.append(name))
    fire(hook)
    assert heard == ["/a"]
    assert recorder.total == 1
    assert "ZeroDivisionError" in caplog.text


def test_odd_values_can_still_be_sent(hook: RequestHook, recorder: Recorder) -> None:
    fire(hook, request_type=None, name=None, response_length=None)
    fire(hook, name=7, response_length=12.5)
    fire(hook, name=b"x", response_time=3)
    endpoints, cells, windows = recorder.take()
    assert endpoints == [(0, "", ""), (1, "GET", "7"), (2, "GET", "b'x'")]
    assert windows[7::8] == [0, 12, 34]
    decode_delta(encode_delta(Delta(0, 1, 3, endpoints, cells, windows)))


def test_a_measured_block_is_a_request(hook: RequestHook, recorder: Recorder) -> None:
    with hook.measure("GRPC", "/say") as meta:
        meta["response_length"] = 7
    with hook.measure("GRPC", "/fail"):
        raise ValueError("no")
    endpoints, _, windows = recorder.take()
    assert [(method, name) for _, method, name in endpoints] == [
        ("GRPC", "/say"),
        ("GRPC", "/fail"),
    ]
    assert [windows[1], windows[7], windows[9]] == [1, 7, 0]


def test_a_measured_block_that_is_killed_is_unfinished(recorder: Recorder) -> None:
    in_flight = InFlight()
    hook = RequestHook(recorder, Failures(), in_flight)
    under_way: list[int] = []
    with pytest.raises(GreenletExit), hook.measure("GRPC", "/say"):
        raise GreenletExit(under_way.append(in_flight.now))
    assert (under_way, in_flight.now, in_flight.killed, recorder.total) == ([1], 0, 1, 0)


def test_what_fails_after_the_end_is_no_failure_of_the_run(
    hook: RequestHook, recorder: Recorder, failures: Failures
) -> None:
    recorder.end(50.0)
    fire(hook, exception=ValueError("late"))
    assert failures.take(0.0) == ([], 0, [], 0)
    assert recorder.total == 0
    assert [row.count for row in recorder.take_late()] == [1]


class Raising:
    """Raises whatever it is asked for."""

    def __init__(self, error: type[BaseException] = ValueError) -> None:
        object.__setattr__(self, "error", error)

    def _raise(self, *_: Any) -> Any:
        raise object.__getattribute__(self, "error")

    __str__ = __repr__ = __float__ = __int__ = __bool__ = __len__ = __eq__ = __hash__ = _raise
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __mul__ = __getattribute__ = _raise
    __index__ = _raise


class OddText(str):
    __slots__ = ()

    def __str__(self) -> str:
        return self

    def __hash__(self) -> int:
        raise ValueError

    def __eq__(self, other: object) -> bool:
        raise ValueError


class Liar:
    """Claims to be a str."""

    __class__ = str  # type: ignore[assignment]


class OddError(Exception):
    def __repr__(self) -> str:
        raise OSError


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**300, -(10**300), 10**5000, 2**63, -1, 0]),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.sampled_from(["\ud83d", "x" * 100_000, "12", "nan", "-3.5"]),
    st.binary(max_size=5),
    st.datetimes(),
    st.timedeltas(),
    st.sampled_from([ValueError("v"), ValueError, KeyError(), OddError("o"), object(), Liar()]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.builds(OddText, st.text(max_size=3)),
    st.builds(Raising, st.sampled_from([ValueError, SystemExit, RecursionError, BaseException])),
)
KEYS = (
    "request_type",
    "name",
    "response_time",
    "response_length",
    "exception",
    "start_time",
    "url",
    "context",
    "response",
    "reverse",
    "more",
    "self",
    "kwargs",
)
ODD_EVENTS = st.dictionaries(st.sampled_from(KEYS), ODD)


def test_whatever_an_event_holds_it_raises_nothing_and_is_counted() -> None:
    """2 000 odd events, after each of which comes a well-formed one."""
    recorder, failures = Recorder(), Failures()
    recorder.begin(time.time() - 100.5)
    hook = RequestHook(recorder, failures)
    fired = 0

    @settings(
        max_examples=200,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(ODD_EVENTS, min_size=10, max_size=10))
    def fire_both(events: list[dict[str, Any]]) -> None:
        nonlocal fired
        for odd in events:
            hook.fire(**odd)
            fire(hook, name="well-formed")
        fired += len(events)

    fire_both()
    endpoints, cells, windows = recorder.take()
    errors, others, _, _ = failures.take(recorder.epoch0)
    decode_delta(encode_delta(Delta(0, 1, 0, endpoints, cells, windows, errors)))
    rows = [WindowSums(*windows[at : at + 8]) for at in range(0, len(windows), 8)]
    assert sum(row.count for row in rows) == 2 * fired >= 4_000
    ((number, *_),) = [row for row in endpoints if row[1:] == ("GET", "well-formed")]
    ours = [row for row in rows if row.endpoint == number]
    assert sum(row.count for row in ours) == fired
    assert {(row.ok, row.min_us, row.max_us) for row in ours} == {(1, 12_000, 12_000)}
    assert sum(error.count for error in errors) + others == sum(
        row.count for row in rows if not row.ok
    )
    assert {row.second for row in rows} <= set(range(int(time.time() - recorder.epoch0) + 2))


@pytest.mark.parametrize(
    "start_of",
    [
        lambda now: now * 1000,
        lambda now: time.perf_counter(),
        lambda now: now + 3600,
        lambda now: now - 3600,
        lambda now: float("nan"),
        lambda now: float("-inf"),
        str,
        datetime.datetime.fromtimestamp,
        decimal.Decimal,
        lambda now: int(now) - 60,
        lambda now: Raising(),
    ],
    ids=[
        "ms",
        "clock",
        "later",
        "earlier",
        "nan",
        "inf",
        "str",
        "datetime",
        "Decimal",
        "int",
        "odd",
    ],
)
def test_a_start_that_cannot_be_is_not_taken(
    hook: RequestHook, recorder: Recorder, start_of: Callable[[float], Any]
) -> None:
    fire(hook, start_time=start_of(time.time()), response_time=20_000.0)
    assert recorder.take()[2][2] == 80


def test_a_start_that_can_be_is(hook: RequestHook, recorder: Recorder) -> None:
    """Also of a stream, whose event comes long after its response time: Locust's clients give the
    URL with it."""
    now = time.time()
    fire(hook, start_time=now - 23.0, response_time=20_000.0)
    fire(hook, start_time=now - 30.0, url="/stream")
    fire(hook, start_time=now - 30.0)
    fire(hook, start_time=now - 300.0, url="/stream")  # before the run began
    windows = recorder.take()[2]
    assert sorted((windows[at + 2], windows[at + 3]) for at in range(0, len(windows), 8)) == [
        (70, 1),
        (77, 1),
        (100, 2),
    ]


@pytest.mark.parametrize(
    ("given", "us"),
    [
        (5, 5_000),
        (5.5, 5_500),
        (True, 1_000),
        (decimal.Decimal("8.5"), 8_500),
        (fractions.Fraction(1, 2), 500),
        (-4, 0),
        (10**9, MAX_US),
        (10**300, MAX_US),
        (1e308, MAX_US),
        (None, -1),
        (float("nan"), -1),
        (float("inf"), -1),
        ("7", -1),
        (datetime.timedelta(seconds=1), -1),
    ],
)
def test_response_times(hook: RequestHook, recorder: Recorder, given: Any, us: int) -> None:
    fire(hook, response_time=given, start_time=None)
    assert WindowSums(*recorder.take()[2]).max_us == us


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", None),
        (0, None),
        ("text", "text"),
        (ValueError, "<class 'ValueError'>"),
        ({"code": 5}, "{'code': 5}"),
        (OddError("o"), "OddError that cannot be shown as text"),
        (Raising, "Raising that cannot be shown as text"),
    ],
)
def test_what_is_a_failure(
    hook: RequestHook, failures: Failures, given: Any, message: str | None
) -> None:
    fire(hook, exception=Raising() if given is Raising else given)
    expected = [] if message is None else [message]
    assert [error.message for error in failures.take(0.0)[0]] == expected


def test_malformed_events_are_one_remark_with_the_first_of_them(
    recorder: Recorder, failures: Failures
) -> None:
    remarks = RemarkCounts()
    hook = RequestHook(recorder, failures, remarks=remarks)
    fire(hook, response_length=None, response_time=None, request_type=None, exception={})
    assert not remarks.by_text
    fire(hook, response_time="7", name="/pay")
    fire(hook, name=Raising(), response_time=float("inf"), response_length="many")
    hook.fire(response_time=3)
    assert remarks.take() == {
        "user code fired events.request with values that cannot be used as they are, the first of "
        "GET /pay: response_time was '7', not a number of milliseconds": 3
    }
    assert [row[1:] for row in recorder.take()[0]] == [
        ("", "/a"),
        ("GET", "/pay"),
        ("GET", NAMELESS),
        ("", ""),
    ]


def test_the_books_balance(recorder: Recorder) -> None:
    flight = InFlight()
    flight.page = recorder.page
    hook = RequestHook(recorder, Failures(), flight)
    fire(hook)
    hook.note({"request_type": "GET", "name": "/b", "response_time": 1}, time.time())
    assert list(recorder.page) == [2, 2, 0, 0], "fired by hand"
    flight.begin()
    flight.ends = True
    fire(hook, exception=ValueError("no"))
    assert list(recorder.page) == [3, 3, 0, 0], "fired for a request that was entered before"
    with hook.measure("GET", "/c"):
        pass
    assert list(recorder.page) == [4, 4, 0, 0]
    with pytest.raises(GreenletExit), hook.measure("GET", "/c"):
        raise GreenletExit
    assert list(recorder.page) == [5, 4, 0, 0], "killed: it stays open"
