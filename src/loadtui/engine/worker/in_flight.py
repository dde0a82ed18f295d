"""Requests that have begun and not yet ended, and those that were killed before they could.

Ordinary requests are found by the frames of their user's greenlet, when somebody asks: that costs
them nothing.  What stays open beyond a call, a with-block or the body of a stream, is written down.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from greenlet import GreenletExit, getcurrent

from loadtui.engine.worker.open_streams import OpenStreams
from loadtui.store.books import BEGUN, DROPPED, blank_page


class InFlight:
    """`now` requests are under way; `killed` never finished, because their user was killed."""

    def __init__(self, ends: tuple[type[BaseException], ...] = (GreenletExit,)) -> None:
        """`ends` are what ends a user or its TaskSet."""
        self._ends = ends
        self.now = 0
        self.killed = 0
        self.page = blank_page()
        """Of this worker in the run's books.  A request that is killed stays open there."""
        self.begun = 0
        """What is on the page: to read it there would cost as much as to write it."""
        self.ends = False
        """Whether the event that is fired next ends a request that is open in the books."""
        self.calls: set[Any] = set()
        """Greenlets in a stock client's request, which fires the event itself."""
        self.raised: BaseException | None = None
        """What a listener of such an event raised: its request was recorded."""
        self.closing = False
        """Whether `admit` is to be asked before a request is sent."""
        self.streams = OpenStreams()
        self._codes: set[CodeType] = set()
        """Of the functions that send a request and return when its response is there."""
        self._blocks: dict[Any, int] = {}
        """Greenlet -> requests whose with-block it is in."""
        self._leaving: set[int] = set()
        """Ids of users that are to send no further request, and of their greenlets."""
        self._ended = False
        self._late: set[Any] = set()
        """Greenlets that have sent a request after the end of the run."""

    # ---------------------------------------------------------------- what is watched
    def knows(self, request: Callable[..., Any]) -> None:
        """A request is under way while this function runs."""
        self._codes.add(request.__code__)

    def watch(self, session: type) -> None:
        """Count the requests of an HTTP session class; its `request` is what all verbs call."""
        session.request = self._counted(session.request)  # type: ignore[attr-defined]

    def watch_blocks(self, response: type) -> None:
        """A request of `catch_response` ends with its with-block, which reports it."""
        # Those of the class itself, should it be watched already.
        enter = inspect.unwrap(response.__enter__)  # type: ignore[attr-defined]
        leave = inspect.unwrap(response.__exit__)  # type: ignore[attr-defined]

        @functools.wraps(enter)
        def entered(response: Any) -> Any:
            entered = enter(response)
            self._begin_block()
            return entered

        @functools.wraps(leave)
        def left(response: Any, kind: Any, value: Any, traceback: Any) -> Any:
            unreported = kind is not None and response._manual_result is None
            killed = unreported and issubclass(kind, GreenletExit)
            if response._entered:
                self._end_block(killed=killed)
            if "_left" in response.__dict__ or not is_entered(
                getattr(response, "_request_event", None)
            ):
                return leave(response, kind, value, traceback)
            response.__dict__["_left"] = self.ends = True
            try:
                return leave(response, kind, value, traceback)
            finally:
                if self.ends:  # no event was fired
                    self.ends = False
                    if not killed:
                        self.page[DROPPED] += 1

        response.__enter__, response.__exit__ = entered, left  # type: ignore[attr-defined]

    @contextmanager
    def block(self) -> Iterator[None]:
        """A request is under way in this block; the event that ends it is to be fired in it."""
        self._begin_block()
        self.begin()
        killed = False
        try:
            yield
        except BaseException as error:
            killed = self.broken_off(error)
            raise
        finally:
            self._end_block(killed=killed)

    # ---------------------------------------------------------------- the end
    def end(self) -> None:
        """The run is over: requests that begin from now on are late."""
        self._ended = self.closing = True

    def leave(self, users: Iterable[Any]) -> None:
        """These users are to send no further request, but for those of their `on_stop`."""
        for user in users:
            self._leaving.update((id(user), id(user.greenlet)))
        self.closing = True

    def left(self, users: Iterable[Any]) -> None:
        """These users are gone."""
        for user in users:
            self._leaving.difference_update((id(user), id(user.greenlet)))
        self.closing = self._ended or bool(self._leaving)

    def admit(self, user: Any = None) -> None:
        """To be called before a request is sent, while `closing`; None: whose greenlet it is.

        Raises GreenletExit where it must not be sent.
        """
        whose = getcurrent() if user is None else user
        if id(whose) in self._leaving and not self._cleans_up():
            raise GreenletExit
        if self._ended:
            self._late.add(getcurrent())

    def is_late(self) -> bool:
        """Whether the greenlet that asks has begun a request after the end of the run."""
        return self._ended and getcurrent() in self._late

    def holds(self, greenlet: Any) -> bool:
        """Whether a greenlet that waits has a request under way."""
        if greenlet in self._blocks:
            return True
        frame: FrameType | None = greenlet.gr_frame
        while frame is not None:
            if frame.f_code in self._codes:
                return True
            frame = frame.f_back
        return False

    def abandon(self, greenlet: Any) -> None:
        """A greenlet is about to be killed: what it has open beyond a call is unfinished."""
        self.killed += self.streams.abandon(greenlet)

    def finish(self) -> None:
        """Nothing more is recorded: what is still under way is unfinished."""
        self.killed += self.now + self.streams.abandon()
        self.now = 0

    def begin(self) -> None:
        """A request begins; sessions of the hot path do this themselves."""
        self.begun = self.page[BEGUN] = self.begun + 1

    def broken_off(self, error: BaseException) -> bool:
        """A request that is open in the books raised; True when it was killed before its event."""
        raised, self.raised = self.raised, None
        if raised is error:
            return False
        if isinstance(error, GreenletExit):
            return True
        self.page[DROPPED] += 1
        return False

    def call_stock(self, request: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Send a request whose event a stock client fires."""
        greenlet = getcurrent()
        self.calls.add(greenlet)
        try:
            return request(*args, **kwargs)
        finally:
            self.calls.discard(greenlet)

    # ---------------------------------------------------------------- inside
    def _begin_block(self) -> None:
        greenlet = getcurrent()
        self._blocks[greenlet] = self._blocks.get(greenlet, 0) + 1
        self.now += 1

    def _end_block(self, *, killed: bool) -> None:
        greenlet = getcurrent()
        depth = self._blocks.pop(greenlet, 1) - 1
        if depth > 0:
            self._blocks[greenlet] = depth
        self.now -= 1
        self.killed += killed

    def _counted(self, request: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(request)

        @functools.wraps(request)
        def counted(session: Any, *args: Any, **kwargs: Any) -> Any:
            if self.closing:
                self.admit(getattr(session, "user", None))
            self.now += 1
            entered = is_entered(getattr(session, "request_event", None))
            if entered:
                self.begin()
            try:
                if kwargs.get("stream") or len(args) > 2:
                    given = signature.bind(session, *args, **kwargs).arguments
                    options = {**given, **given.get("kwargs", {})}
                    if options.get("stream") and not options.get("catch_response"):
                        hold = self.streams.hold
                        return self.call_stock(hold, request, session, *args, **kwargs)
                return self.call_stock(request, session, *args, **kwargs)
            except BaseException as error:
                if not entered:
                    self.killed += isinstance(error, GreenletExit)
                else:
                    self.killed += self.broken_off(error)
                raise
            finally:
                self.now -= 1

        self.knows(counted)
        return counted

    def _cleans_up(self) -> bool:
        """Whether the end of a user or of its TaskSet is being handled, as in `on_stop`, or in a
        `finally`."""
        error = sys.exception()
        while error is not None:
            if isinstance(error, self._ends):
                return True
            error = error.__context__
        return False


def is_entered(event: Any) -> bool:
    """Whether requests that are reported to this event are counted, and so entered in the books."""
    return getattr(type(event), "counts", False)
