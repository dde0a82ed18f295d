"""What user code raises, and how it ends the program, outside of the places where Locust looks.

Locust itself counts what tasks and `on_start` raise.  Listeners, `on_stop`, `wait_time` and
greenlets of the locustfile's own are looked after here, in host and workers alike: an exception is
counted, and `sys.exit` or `os._exit` becomes a wish, so that the run ends in order and its samples
are saved.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import gevent
import locust
from gevent.monkey import get_original
from greenlet import GreenletExit
from locust import log
from locust.event import EventHook
from locust.exception import (
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
    StopTest,
    StopUser,
)

import loadtui.engine
from loadtui.engine.exception_text import exception_text, format_tb
from loadtui.engine.exit_status import exit_status
from loadtui.engine.locustfile.locust_internals import LISTENER_ERROR

_FOR_USERS = (
    StopUser,
    StopTest,
    RescheduleTask,
    RescheduleTaskImmediately,
    InterruptTaskSet,
    gevent.Timeout,
)
"""What a listener may raise to say something to the user in whose greenlet it was called."""
_LIBRARIES = _OURS, *_ = tuple(
    str(Path(module.__file__ or "").parent) + os.sep for module in (loadtui.engine, locust, gevent)
)
_COUNTED = "_counted_by_loadtui"
_ENDED_GREENLET = "_ended_greenlet"

_logger = logging.getLogger(__name__)


class ExitAsked(NamedTuple):
    """User code wants the program to end."""

    code: int
    words: str
    """`sys.exit(7) in a listener of test_stop: act at listeners.py:14`."""


class OsExit(SystemExit):
    """Takes the place of an os._exit that was noted; it is not noted again."""


class UserCode:
    """Looks after the user code of this process; `add` is given (message, traceback) of what it
    raises, `on_exit` what it wants to end the program with."""

    def __init__(
        self, add: Callable[[str, str], None], on_exit: Callable[[ExitAsked], None]
    ) -> None:
        self.add = add
        self.on_exit = on_exit
        self.asked: ExitAsked | None = None
        """The first wish to end the program."""
        self.raised: BaseException | None = None
        """The first exception of a listener."""
        self.is_user: Callable[[Any], bool] = lambda greenlet: False
        """Whether a greenlet is that of a user."""
        self._listening: list[tuple[Any, EventHook, Callable[..., Any]]] = []
        """(greenlet, event, listener) of the listeners that are being called."""

    def watch(self) -> None:
        """From here on; to be called once a process, before the locustfile is imported."""
        self._watch_listeners()
        self._watch_greenlets()

    def in_listener(self) -> bool:
        """Whether the greenlet that asks is in a listener of an event."""
        return any(call[0] is gevent.getcurrent() for call in self._listening)

    def _exit(self, asked: ExitAsked) -> None:
        self.asked = self.asked or asked
        _logger.error("%s", asked.words)
        self.on_exit(asked)

    def _watch_listeners(self) -> None:
        user_code = self

        def fire(self: EventHook, *, reverse: bool = False, **kwargs: Any) -> None:
            handlers = self._handlers[::-1] if reverse else self._handlers.copy()
            for handler in handlers:
                if not user_code._called(self, handler, kwargs):
                    return

        EventHook.fire = fire

    def _called(self, hook: EventHook, handler: Callable[..., Any], kwargs: Any) -> bool:
        """Call a listener; False when no further one is to be called."""
        call = gevent.getcurrent(), hook, handler
        self._listening.append(call)
        try:
            handler(**kwargs)
        except _FOR_USERS:
            if self.is_user(call[0]):
                raise
            self._uncaught()
        except OsExit:
            return False
        except SystemExit as error:
            self._exit(exit_of(error, _listener_words(hook, handler)))
            return False
        except Exception:
            self._uncaught()
        finally:
            self._listening.remove(call)
        return True

    def _uncaught(self) -> None:
        """As Locust does; who counts what listeners raise reads it in the log."""
        self.raised = self.raised or sys.exception()
        logging.error(f"{LISTENER_ERROR}: \n%s", traceback.format_exc())
        log.unhandled_greenlet_exception = True

    def _watch_greenlets(self) -> None:
        hub: Any = gevent.get_hub()
        stock = hub.handle_error

        def handle_error(context: Any, kind: Any, value: Any, tb: Any) -> None:
            error = value if isinstance(value, BaseException) else None
            if error is not None and error.__traceback__ is None:
                error.__traceback__ = tb
            if error is not None and _by_user_code(error):
                if isinstance(error, OsExit):
                    return
                if isinstance(error, SystemExit):
                    self._exit(exit_of(error))
                    return
                if not isinstance(error, GreenletExit) and not _was_counted(error):
                    self.add(exception_text(error), format_tb(error.__traceback__))
                    _note(error, _ENDED_GREENLET)
            stock(context, kind, value, tb)

        hub.handle_error = handle_error

    # ---------------------------------------------------------------- os._exit
    def watch_os_exit(self, end: Callable[[int], None] | None = None) -> None:
        """Have `os._exit` of user code noted, and `end` called with the code before the process
        ends; without `end` it is as `sys.exit`."""
        stock = os._exit
        thread = get_original("_thread", "get_ident")  # gevent's is that of a greenlet
        main, hub, process = thread(), gevent.get_hub(), os.getpid()

        def noted(status: int) -> NoReturn:
            caller = sys._getframe(1)
            forked = os.getpid() != process
            if forked or caller.f_code.co_filename.startswith(_OURS):
                stock(status)
            stack = traceback.extract_stack(caller)
            asked = ExitAsked(status, f"os._exit({status}) {_place(stack, self._where())}")
            in_main = thread() == main
            if end is None:
                if in_main:
                    self._exit(asked)
                else:
                    hub.loop.run_callback_threadsafe(self._exit, asked)
                raise OsExit(status)
            if in_main:
                self.asked = self.asked or asked
                _logger.error("%s", asked.words)
                end(status)
            stock(status)

        os._exit = noted

    def _where(self) -> str:
        current = gevent.getcurrent()
        calls = [call for call in self._listening if call[0] is current]
        return _listener_words(*calls[-1][1:]) if calls else ""


def mark_counted(error: BaseException) -> None:
    """This exception was counted: it is not counted again where it ends a greenlet."""
    _note(error, _COUNTED)


def ended_greenlet(error: BaseException) -> bool:
    """Whether an exception was counted since it ended a greenlet: who waited for that one may have
    raised it again.  Asked once."""
    was = bool(getattr(error, _ENDED_GREENLET, False))
    if was:
        delattr(error, _ENDED_GREENLET)
    return was


def _note(error: BaseException, what: str) -> None:
    with contextlib.suppress(AttributeError, TypeError):
        setattr(error, what, True)


def _was_counted(error: BaseException) -> bool:
    """Whether an exception was, or the like of it that was being handled when it was raised: Locust
    calls a `wait_time` that raised once more."""
    before: BaseException | None = error
    while before is not None:
        if getattr(before, _COUNTED, False) and exception_text(before) == exception_text(error):
            return True
        before = before.__context__
    return False


def _by_user_code(error: BaseException) -> bool:
    tb = error.__traceback__
    return any(
        not frame.filename.startswith((*_LIBRARIES, "<")) for frame in traceback.extract_tb(tb)
    )


def exit_of(error: SystemExit, where: str = "") -> ExitAsked:
    """What user code asked for with `sys.exit`; `where`, or else in the function that called it."""
    code = exit_status(error.code)
    if isinstance(error.code, str):
        print(error.code, file=sys.stderr, flush=True)  # as Python does
    frames = traceback.extract_tb(error.__traceback__)
    return ExitAsked(code, f"sys.exit({code}) {_place(frames, where)}")


def _place(frames: traceback.StackSummary, where: str) -> str:
    """`in ... at FILE:LINE` of the innermost user code, as far as it is known."""
    for frame in reversed(frames):
        if not frame.filename.startswith((*_LIBRARIES, "<")):
            return f"in {where or frame.name} at {Path(frame.filename).name}:{frame.lineno}"
    return f"in {where or 'the locustfile'}"


def _event(hook: EventHook) -> str:
    named = (name for name, known in vars(locust.events).items() if known is hook)
    return next(named, "an event")


def _listener_words(hook: EventHook, handler: Callable[..., Any]) -> str:
    name = getattr(handler, "__qualname__", None) or type(handler).__name__
    return f"a listener of {_event(hook)}: {name}"
