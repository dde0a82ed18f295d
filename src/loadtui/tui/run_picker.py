"""The question which of several running runs to watch, as an app of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from loadtui.tui.cells.text import one_line
from loadtui.tui.modals.choice import ChoiceAnswer, ChoiceDialog
from loadtui.tui.screen_settings import ScreenSettings
from loadtui.tui.terminal.terminal_app import TerminalApp
from loadtui.tui.widgets.cell_styles import CELL_CLASSES

_KEYS = "123456789"


class RunPicker(TerminalApp[int]):
    """Its result is the index of the line that was picked, None for none."""

    CSS_PATH = "workbench.tcss"
    COMPONENT_CLASSES: ClassVar[set[str]] = CELL_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,q", "leave", "Leave", show=False, priority=True),
        Binding("ctrl+z", "suspend", "Back to the shell", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, lines: Sequence[str], settings: ScreenSettings, *, ascii_only: bool) -> None:
        super().__init__(theme=settings.theme, ascii_only=ascii_only)
        self._lines = lines

    def on_mount(self) -> None:
        answers = [
            ChoiceAnswer(str(at), _KEYS[at] if at < len(_KEYS) else " ", one_line(line))
            for at, line in enumerate(self._lines)
        ]
        text = "Which one do you want to watch?  Esc leaves."
        self.push_screen(ChoiceDialog("Several runs are running.", text, answers), self._picked)

    def action_leave(self) -> None:
        self.exit()

    def _picked(self, answer: str | None) -> None:
        self.exit(int(answer) if answer else None)
