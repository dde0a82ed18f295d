from __future__ import annotations

import gc
from typing import Any

import pytest

from loadtui.engine.worker.open_streams import OpenStreams, ReportedStream

REPORTED = ReportedStream("GET", "/sse", 1.0, 12.0, 0)


class Response:
    """As of requests, with as much of it as is looked at."""

    def __init__(self) -> None:
        self._content_consumed = False
        self.raw = self


@pytest.fixture
def streams() -> OpenStreams:
    return OpenStreams()


def send(streams: OpenStreams) -> Any:
    """A response whose request was reported when its head was there."""

    def request() -> Response:
        [reports] = streams.held.values()
        reports.append(REPORTED)
        return Response()

    response = streams.hold(request)
    assert not streams.held
    return response


def test_it_is_over_when_its_body_was_read(streams: OpenStreams) -> None:
    response = send(streams)
    assert streams.take() == []
    response._content_consumed = True
    assert streams.take() == [REPORTED]
    del response
    gc.collect()
    assert streams.take() == [], "once"


def test_it_is_over_when_nobody_holds_it(streams: OpenStreams) -> None:
    response = send(streams)
    del response
    gc.collect()
    assert streams.take() == [REPORTED]


def test_one_that_is_still_read_when_its_user_is_killed_is_never_over(
    streams: OpenStreams,
) -> None:
    response = send(streams)
    assert streams.abandon() == 1
    del response
    gc.collect()
    assert streams.take() == []


def test_one_that_was_read_is_not_abandoned(streams: OpenStreams) -> None:
    response = send(streams)
    response._content_consumed = True
    assert streams.abandon() == 0
    assert streams.take() == [REPORTED]


def test_a_request_that_was_not_reported_is_no_stream(streams: OpenStreams) -> None:
    response = streams.hold(Response)
    assert streams.abandon() == 0
    assert response.raw is response
