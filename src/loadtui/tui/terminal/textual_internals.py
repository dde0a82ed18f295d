"""The private names of Textual that the screens rely on: the only file that speaks them.

Seen in Textual 8.0.0 to 8.2.8.  Textual may rename them in any version, so each has a reason, a
test, and something that is done without it; what is done then is Textual's own way, slower or with
more bytes, and is said once in the log.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from rich.console import RenderableType
from textual import keys
from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

if TYPE_CHECKING:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
    from textual.driver import Driver

__all__ = [
    "INTERNAL_NAMES",
    "SET_AT_START",
    "ChopsUpdate",
    "CompositorUpdate",
    "HookedApp",
    "HookedDriver",
    "InternalName",
    "LayoutUpdate",
    "clear_style_cache",
    "is_partial_frame",
    "is_whole_frame",
    "key_of_character",
    "log_missing_internals",
    "write_with",
]

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class InternalName(NamedTuple):
    """A private name, why it is needed, and what happens where Textual has it no more."""

    owner: str
    """A module, or `module:Class`."""
    name: str
    reason: str
    without: str

    def exists(self) -> bool:
        """Whether this Textual has it; attributes that `__init__` sets are not looked for."""
        module, _, cls = self.owner.partition(":")
        found = _attribute(module, cls or self.name)
        return found is not None and (not cls or hasattr(found, self.name))


_ALL_REWRITTEN = "Textual writes whole rows again, not only the cells that differ"
INTERNAL_NAMES = (
    InternalName(
        "textual._compositor", "CompositorUpdate",
        "what is written is ours where a frame is one of Textual's", _ALL_REWRITTEN,
    ),
    InternalName(
        "textual._compositor", "ChopsUpdate", "the cells of a part of the screen", _ALL_REWRITTEN,
    ),
    InternalName(
        "textual._compositor", "LayoutUpdate", "the cells of a whole screen", _ALL_REWRITTEN,
    ),
    InternalName(
        "textual.app:App", "_display",
        "a frame passes here before it is written: held back from a terminal that is behind",
        _ALL_REWRITTEN,
    ),
    InternalName(
        "textual.app:App", "_background_screens",
        "a whole frame shows what lies under a dialog",
        "a terminal that was behind shows the next change first",
    ),
    InternalName(
        "textual.app:App", "_set_pointer_shape",
        "the mouse pointer stays as it is, as motion is not reported",
        "terminals are asked for other pointers",
    ),
    InternalName(
        "textual.drivers.linux_driver", "WriterThread",
        "Textual's waits for ever on a terminal that has gone; ours takes its place",
        "a terminal that has gone can hold the viewer up",
    ),
    InternalName(
        "textual.drivers.linux_driver:LinuxDriver", "_enable_mouse_support",
        "no motion is asked for: every move would be a dozen bytes",
        "motion of the mouse is sent over the line",
    ),
    InternalName(
        "textual.drivers.linux_driver:LinuxDriver", "_disable_mouse_support",
        "all that was asked for is turned off", "Textual turns off what it turned on",
    ),
    InternalName(
        "textual.drivers.linux_driver:LinuxDriver", "_get_terminal_size",
        "the terminal that is drawn on is asked, not COLUMNS, LINES and stdout",
        "the size is what COLUMNS, LINES or stdout say",
    ),
    InternalName(
        "textual._styles_cache:StylesCache", "get_inner_outer",
        "its cache holds the rows of screens that are gone",
        "memory of closed dialogs is given back late",
    ),
    InternalName(
        "textual.keys", "_character_to_key",
        "keys are remapped by the sign they type, such as `?`",
        "a sign has to be written as the name of its key, such as question_mark",
    ),
)  # fmt: skip
SET_AT_START = (
    InternalName(
        "textual.app:App", "_driver", "asked whether the terminal is behind", "it never is",
    ),
    InternalName(
        "textual.screen:Screen", "_compositor", "renders a whole frame when we want one",
        "a terminal that was behind shows the next change first",
    ),
    InternalName(
        "textual.drivers.linux_driver:LinuxDriver", "_mouse", "whether the mouse is wanted at all",
        "it is",
    ),
    InternalName(
        "textual.drivers.linux_driver:LinuxDriver", "_writer_thread",
        "asked whether the terminal is behind", "it never is",
    ),
)  # fmt: skip
"""Attributes that are there once an object is: they are read with a default."""


def log_missing_internals() -> None:
    """A sentence for each name that this version of Textual has not."""
    for internal in INTERNAL_NAMES:
        if not internal.exists():
            _log.warning(
                "Textual %s has no %s.%s: %s; loadtui was made with Textual 8",
                version("textual"), internal.owner, internal.name, internal.without,
            )  # fmt: skip


def _attribute(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


class _NoSuchUpdate:
    """Stands for a kind of frame that this version of Textual has not: no frame is one."""


if not TYPE_CHECKING:
    CompositorUpdate = _attribute("textual._compositor", "CompositorUpdate") or _NoSuchUpdate
    ChopsUpdate = _attribute("textual._compositor", "ChopsUpdate") or _NoSuchUpdate
    LayoutUpdate = _attribute("textual._compositor", "LayoutUpdate") or _NoSuchUpdate

_CHOPS_FIELDS = ("chops", "spans", "chop_ends")
_LAYOUT_FIELDS = ("strips", "region")


def is_partial_frame(frame: object) -> bool:
    """Whether it is a `ChopsUpdate` of the shape that we can read."""
    return isinstance(frame, ChopsUpdate) and all(hasattr(frame, name) for name in _CHOPS_FIELDS)


def is_whole_frame(frame: object) -> bool:
    """Whether it is a `LayoutUpdate` of the shape that we can read."""
    return isinstance(frame, LayoutUpdate) and all(hasattr(frame, name) for name in _LAYOUT_FIELDS)


class HookedApp(App[_Result], Generic[_Result]):
    """Textual's App; what ours overrides and calls has public names here."""

    def display_frame(self, screen: Screen[object], frame: RenderableType | None) -> None:
        """Write a frame to the terminal."""
        super()._display(screen, frame)

    def whole_frame(self) -> RenderableType | None:
        """All that is to be seen now; None, and Textual's own refresh, where it cannot be had."""
        render = getattr(getattr(self.screen, "_compositor", None), "render_update", None)
        below = getattr(self, "_background_screens", None)
        if render is None or below is None:
            self.refresh()
            return None
        frame: RenderableType | None = render(full=True, screen_stack=below)
        return frame

    @property
    def terminal_driver(self) -> Driver | None:
        return getattr(self, "_driver", None)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.display_frame(screen, renderable)

    def _set_pointer_shape(self, shape: str) -> None:
        """The mouse pointer stays as it is: few terminals know how, the oldest print what we ask,
        and motion is not reported."""


class HookedDriver(LinuxDriver):
    """Textual's driver of Unix terminals; what ours overrides and asks has public names here."""

    @property
    def takes_mouse(self) -> bool:
        return bool(getattr(self, "_mouse", True))

    @property
    def writer(self) -> object:
        """The thread that writes, None while there is none."""
        return getattr(self, "_writer_thread", None)

    def enable_mouse(self) -> None:
        super()._enable_mouse_support()

    def disable_mouse(self) -> None:
        super()._disable_mouse_support()

    def terminal_size(self) -> tuple[int, int]:
        """Columns and lines."""
        return super()._get_terminal_size()

    def _enable_mouse_support(self) -> None:
        self.enable_mouse()

    def _disable_mouse_support(self) -> None:
        self.disable_mouse()

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.terminal_size()


def write_with(make_writer: Callable[[Any], Any]) -> None:
    """Have the driver write to its file with what `make_writer` makes of it, in place of a
    `WriterThread`."""
    if hasattr(linux_driver, "WriterThread"):
        linux_driver.WriterThread = make_writer


def clear_style_cache() -> None:
    """Free what was drawn on screens that are gone.

    Textual caches a method of its `StylesCache`, and with it the last 1 024 of them: that of each
    widget, whether it is still there or not, and the rows it had.
    """
    method = getattr(_attribute("textual._styles_cache", "StylesCache"), "get_inner_outer", None)
    clear = getattr(method, "cache_clear", None)
    if clear is not None:
        clear()


def key_of_character(character: str) -> str:
    """Textual's name of the key that types a character."""
    named = getattr(keys, "_character_to_key", None)
    return character if named is None else str(named(character))
