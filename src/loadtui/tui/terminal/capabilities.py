"""The terminal before and after Textual has it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

from loadtui.errors import UsageError
from loadtui.tui.terminal.garbage_collection import collection_deferred

_T = TypeVar("_T")

_LOCALES = ("LC_ALL", "LC_CTYPE", "LANG")
"""The first that is set decides."""

_READ_AT_IMPORT = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_FPS": "30",
}
"""Settings of Textual that it reads once: calm, and few bytes over a slow line."""

_RESTORE = (
    "\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?1004l"
    "\x1b[?2048l\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""Synchronised output, mouse, paste, focus, in-band sizes and the keyboard protocol off, lines
wrapped, the normal screen, cursor on, colours plain."""


def in_browser() -> bool:
    """Whether the screen is shown by another program of Textual's, such as in a browser."""
    return bool(os.environ.get("TEXTUAL_DRIVER"))


def can_show_screen() -> bool:
    """Whether a person can be shown a screen: keys come from stdin, the screen goes to stderr."""
    if in_browser():
        return True
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return False
    return all(
        stream is not None and not stream.closed and stream.isatty()
        for stream in (sys.__stdin__, sys.__stderr__)
    )


def speaks_utf8() -> bool:
    """Whether the screen may hold more than ASCII.

    Python writes UTF-8 in the C locale too, so the locale is asked what the terminal reads; one
    that is not set at all says nothing, and UTF-8 is what terminals of today have.
    """
    if in_browser():
        return True
    locale = next((value for name in _LOCALES if (value := os.environ.get(name))), "UTF-8")
    encoding = str(getattr(sys.__stderr__, "encoding", None) or "ascii")
    return all("utf8" in name.lower().replace("-", "") for name in (locale, encoding))


def on_terminal(show: Callable[[], _T]) -> _T:
    """Run a Textual app; whatever happens in it, the terminal is left as it was found."""
    for name, value in _READ_AT_IMPORT.items():
        os.environ.setdefault(name, value)
    with _restored_terminal(), collection_deferred():
        return show()


@contextlib.contextmanager
def _restored_terminal() -> Iterator[None]:
    import termios

    descriptor = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
    try:
        before = termios.tcgetattr(descriptor)
    except (termios.error, OSError, ValueError):
        yield
        return
    try:
        yield
    except UsageError:
        raise  # before the screen was there
    except BaseException:
        _reset()
        raise
    finally:
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _reset() -> None:
    stream = sys.__stderr__
    if stream is not None and stream.isatty():
        with contextlib.suppress(OSError, ValueError):
            stream.write(_RESTORE)
            stream.flush()
