from __future__ import annotations

import contextlib
from typing import Any

import pytest
from greenlet import GreenletExit, getcurrent, greenlet

from loadtui.engine.worker.in_flight import InFlight
from loadtui.store.books import BEGUN, DROPPED


@pytest.fixture
def counts() -> InFlight:
    return InFlight()


@pytest.fixture
def session(counts: InFlight) -> object:
    class Session:
        def request(self, method: str, path: str, *, fail: BaseException | None = None) -> str:
            """Sends."""
            assert counts.now == 1
            if fail is not None:
                raise fail
            return f"{method} {path}"

        def get(self, path: str, **kwargs: object) -> str:
            return self.request("GET", path, **kwargs)  # type: ignore[arg-type]

    counts.watch(Session)
    return Session()


def test_a_request_is_in_flight_while_it_lasts(counts: InFlight, session: object) -> None:
    assert session.get("/a") == "GET /a"
    assert (counts.now, counts.killed) == (0, 0)
    assert session.request.__doc__ == "Sends."


@pytest.mark.parametrize(
    ("error", "killed"), [(ValueError("x"), 0), (GreenletExit(), 1), (KeyboardInterrupt(), 0)]
)
def test_one_that_raises_is_over(
    counts: InFlight, session: object, error: BaseException, killed: int
) -> None:
    with pytest.raises(type(error)) as raised:
        session.get("/a", fail=error)
    assert raised.value is error
    assert (counts.now, counts.killed) == (0, killed)


class User:
    """Whose greenlet is this one."""

    def __init__(self) -> None:
        self.greenlet = getcurrent()


def test_who_leaves_sends_nothing_more_but_to_clean_up(counts: InFlight, session: Any) -> None:
    user = session.user = User()
    counts.leave([user])
    with pytest.raises(GreenletExit) as raised:
        session.get("/a")
    assert (counts.now, counts.killed) == (0, 0), "it was never sent"
    try:
        raise raised.value
    except GreenletExit:
        try:
            raise ValueError("in on_stop")
        except ValueError:
            assert session.get("/logout") == "GET /logout"
    with pytest.raises(GreenletExit):
        counts.admit()
    counts.left([user])
    assert not counts.closing
    assert session.get("/a") == "GET /a"


def test_what_is_sent_after_the_end_is_late(counts: InFlight, session: Any) -> None:
    session.get("/a")
    assert not counts.is_late()
    counts.end()
    assert not counts.is_late(), "it may still finish what it began before"
    session.get("/a")
    assert counts.is_late()
    assert not greenlet(counts.is_late).switch(), "another one is not"


def test_a_request_ends_with_its_block(counts: InFlight) -> None:
    class Response:
        _entered = False
        _manual_result: object = None

        def __enter__(self) -> Response:
            self._entered = True
            return self

        def __exit__(self, *_: object) -> bool:
            return False

    counts.watch_blocks(Response)
    counts.watch_blocks(Response)
    with Response():
        assert (counts.now, counts.holds(getcurrent())) == (1, True)
        with Response():
            assert counts.now == 2
        assert counts.holds(getcurrent())
    assert (counts.now, counts.holds(getcurrent())) == (0, False)
    Response().__exit__(None, None, None)  # one that was never entered
    assert counts.now == 0
    with pytest.raises(GreenletExit), Response():
        raise GreenletExit
    reported = Response()
    reported._manual_result = True
    with pytest.raises(GreenletExit), reported:
        raise GreenletExit
    assert (counts.now, counts.killed) == (0, 1)


def test_what_is_under_way_at_the_last_is_unfinished(counts: InFlight) -> None:
    with counts.block():
        counts.finish()
    assert counts.killed == 1


class Event:
    counts = True


@pytest.mark.parametrize(
    ("error", "dropped"), [(None, 0), (ValueError("x"), 1), (GreenletExit(), 0)]
)
def test_the_books_know_what_was_begun(
    counts: InFlight, session: Any, error: BaseException | None, dropped: int
) -> None:
    session.get("/a")
    assert list(counts.page) == [0, 0, 0, 0], "it is reported to nobody"
    session.request_event = Event()
    with contextlib.suppress(BaseException):
        session.get("/a", fail=error)
    assert (counts.page[BEGUN], counts.page[DROPPED]) == (1, dropped)


def test_what_a_listener_raises_takes_nothing_back(counts: InFlight) -> None:
    error = counts.raised = ValueError("of a listener")
    assert not counts.broken_off(error)
    assert counts.page[DROPPED] == 0
    assert not counts.broken_off(ValueError("of the request"))
    assert counts.page[DROPPED] == 1
