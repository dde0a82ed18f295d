"""What a terminal shows after some bytes: as much of an emulator as our own screens need."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from rich.cells import split_graphemes

_PIECE = re.compile(
    r"\x1b\[([<>?=]?)([\d;:]*)([ $]?)([@-~])"  # a control sequence
    r"|\x1b\][^\x1b\a]*(?:\a|\x1b\\)"  # a command that is no text, such as for the pointer's shape
    r"|\x1b(?:\[[<>?=]?[\d;:]*[ $]?|\][^\x1b\a]*\x1b?)?$"  # one that was cut
    r"|\x1b[^\[\]]"
    r"|([^\x1b]+)"
)
_TEXT = 5
_LINE_ENDS = re.compile(r"([\r\n\a])")


class TerminalScreen:
    """Cells without their colours; knows the cursor's moves, clearing, and which modes are on."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.modes = {7, 25}
        """Private modes that are on: 1049 the alternate screen, 25 the cursor, 7 wrapping, ..."""
        self.keyboard = 0
        """How often the keyboard protocol was turned on and not off."""
        self._cells = self._blank()
        self._normal = self._blank()
        self._x = self._y = 0
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""

    def feed(self, written: bytes) -> None:
        """Show what a program wrote; sequences may be cut anywhere."""
        text = self._rest + self._decode(written)
        self._rest = ""
        for found in _PIECE.finditer(text):
            if found[_TEXT]:
                self._write(found[_TEXT])
            elif found[4]:
                self._control(*found.group(1, 2, 3, 4))
            elif found.end() == len(text) and not found[0].endswith(("\a", "\\")):
                self._rest = found[0]

    def resize(self, columns: int, rows: int) -> None:
        """Blank, of another size."""
        self.columns, self.rows = columns, rows
        self._cells, self._normal = self._blank(), self._blank()

    def lines(self) -> list[str]:
        return ["".join(row).rstrip() for row in self._cells]

    def text(self) -> str:
        return "\n".join(self.lines())

    def _write(self, text: str) -> None:
        for part in _LINE_ENDS.split(text):
            if _LINE_ENDS.match(part):
                self._feed_line(part)
                continue
            for start, end, width in split_graphemes(part)[0]:
                if self._y < self.rows and self._x + width <= self.columns:
                    cells = [part[start:end], ""][:width]
                    self._cells[self._y][self._x : self._x + width] = cells
                self._x += width

    def _feed_line(self, character: str) -> None:
        if character == "\r":
            self._x = 0
        if character == "\n":
            self._y += 1
        if self._y >= self.rows:
            self._y = self.rows - 1
            self._cells = [*self._cells[1:], [" "] * self.columns]

    def _control(self, private: str, numbers: str, between: str, final: str) -> None:
        given = [int(number or 0) for number in numbers.split(";")] if numbers else []
        first = given[0] if given else 0
        if final in "hl" and private == "?":
            for mode in given:
                self._switch(mode, on=final == "h")
        elif final == "u" and private in {">", "<"}:
            self.keyboard += 1 if private == ">" else -1
        elif private or between:
            return
        elif final == "H":
            self._y, self._x = (max(1, n) - 1 for n in (*given, 1, 1)[:2])
        elif final == "G":
            self._x = max(1, first) - 1
        elif final == "J" and first == 2:
            self._cells = self._blank()

    def _switch(self, mode: int, *, on: bool) -> None:
        if mode == 1049 and on != (mode in self.modes):
            self._cells, self._normal = (self._blank() if on else self._normal), self._cells
        (self.modes.add if on else self.modes.discard)(mode)

    def _blank(self) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(self.rows)]
