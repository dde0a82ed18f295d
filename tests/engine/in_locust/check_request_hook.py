from __future__ import annotations

import time
from typing import Any

import pytest
from locust.exception import RescheduleTask, StopUser

from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import BinCount, Delta, WindowSums, decode_delta, encode_delta


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
