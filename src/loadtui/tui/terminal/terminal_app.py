"""What our apps have in common: how they draw, sleep and end on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Generic, TypeVar, cast

from rich.console import RenderableType
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from loadtui.tui.terminal.driver import StderrDriver, driver_class
from loadtui.tui.terminal.garbage_collection import exclude_startup_objects
from loadtui.tui.terminal.lifecycle import hung_up, on_signals
from loadtui.tui.terminal.painter import Painter
from loadtui.tui.terminal.textual_internals import (
    CompositorUpdate,
    HookedApp,
    clear_style_cache,
    log_missing_internals,
)
from loadtui.tui.terminal.theme import DARK, LIGHT, variables_of

Result = TypeVar("Result")
_SETTLED_S = 1.0
"""After this the first screen is there."""


class TerminalApp(HookedApp[Result], Generic[Result]):
    """Writes to the terminal only what differs and only when it reads, and ends gracefully when a
    signal comes or the terminal goes away."""

    def __init__(
        self,
        *,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        ascii_only: bool = False,
    ) -> None:
        """`theme` is the name of one, None: ours; `keymap` gives bindings, by their ids, other
        keys.  With `ascii_only` nothing but ASCII is written."""
        super().__init__(driver_class=driver_class())
        self._wanted_theme = theme
        self._remapped_keys = dict(keymap or {})
        if ascii_only:
            self.add_class("-ascii")
        self._painter = Painter()

    def ended_from_outside(self) -> Result | None:
        """What the app is left with when nobody asked."""
        return None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_of(self.current_theme)

    def on_load(self) -> None:
        # Before the terminal is changed: a signal from now on changes it back.
        on_signals(self._end)
        log_missing_internals()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = "ansi-dark" if self.no_color else self._wanted_theme or DARK.name
        self.set_keymap(self._remapped_keys)

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self._paint_afresh())
        if not self.is_headless:
            self.set_interval(1.0, self._look_for_terminal)
            self.set_timer(_SETTLED_S, exclude_startup_objects)

    def on_resize(self) -> None:
        self._painter.forget()

    def pop_screen(self) -> AwaitComplete:
        clear_style_cache()
        return super().pop_screen()

    def action_suspend(self) -> None:
        self.action_suspend_process()

    def on_caught_up(self) -> None:
        """Show what is now in place of all the frames that were kept back."""
        self._paint_all()

    def _paint_afresh(self) -> None:
        self._painter.forget()
        self._paint_all()

    def _paint_all(self) -> None:
        self._write(self.screen, self.whole_frame(), afresh=False)

    def display_frame(self, screen: Screen[object], frame: RenderableType | None) -> None:
        self._write(screen, frame, afresh=True)

    def _write(self, screen: Screen[object], frame: RenderableType | None, *, afresh: bool) -> None:
        driver = self.terminal_driver
        if isinstance(driver, StderrDriver) and driver.behind():
            return
        update: object = frame
        if isinstance(update, CompositorUpdate):
            frame = cast("RenderableType", self._painter.painted(update, afresh=afresh))
        super().display_frame(screen, frame)

    def _end(self) -> None:
        self.exit(self.ended_from_outside())

    def _look_for_terminal(self) -> None:
        # Textual reads on from a terminal that is gone; a pipe's end comes without a signal.
        if sys.__stdin__ is not None and hung_up(sys.__stdin__.fileno()):
            self._end()
