"""What the painter writes, read by a terminal of the simplest kind."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from loadtui.tui.cells.text import line_cells
from loadtui.tui.terminal.painter import Painter

WIDTH, HEIGHT = 24, 3
COLORS = ColorSystem.TRUECOLOR
STYLES = [
    "", "bold", "#102030", "bold #102030 on #405060", "dim red", "on blue", "underline", "reverse",
    "italic strike yellow on white",
]  # fmt: skip
TEXTS = st.text(alphabet="abc  xyz0123━·⠿한글🚀", max_size=WIDTH)
LINE = st.lists(st.tuples(TEXTS, st.sampled_from(STYLES)), min_size=1, max_size=4)
SCREENS = st.lists(st.tuples(LINE, LINE, LINE), min_size=1, max_size=5)
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


class Terminal:
    """Understands places, styles and characters, and nothing else."""

    def __init__(self):
        self.rows = [[("?", "")] * WIDTH for _ in range(HEIGHT)]
        self.style: dict[str, str] = {}
        self.x = self.y = 0

    def read(self, text):
        at = 0
        while at < len(text):
            found = _SEQUENCE.match(text, at)
            if found:
                self._obey(found[1], found[2])
                at = found.end()
            else:
                assert text[at].isprintable()
                self._put(text[at])
                at += 1

    def _obey(self, numbers, letter):
        if letter == "m":
            self._turn(numbers.split(";"))
        elif letter == "H":
            self.y, self.x = (int(number) - 1 for number in numbers.split(";"))
        else:
            assert letter == "G"
            self.x = int(numbers) - 1

    def _turn(self, numbers):
        off = {"22": ("1", "2"), "23": ("3",), "24": ("4", "21"), "27": ("7",), "29": ("9",)}
        while numbers:
            number = numbers.pop(0)
            if number in {"38", "48"}:
                rest = 4 if numbers[0] == "2" else 2
                self.style[number] = ";".join(numbers[:rest])
                del numbers[:rest]
            elif number == "0":
                self.style.clear()
            elif number in {"39", "49"}:
                self.style.pop("38" if number == "39" else "48", None)
            elif number in off:
                for one in off[number]:
                    self.style.pop(one, None)
            elif 30 <= int(number) <= 37 or 90 <= int(number) <= 97:
                self.style["38"] = number
            elif 40 <= int(number) <= 47 or 100 <= int(number) <= 107:
                self.style["48"] = number
            else:
                self.style[number] = "on"

    def _put(self, character):
        row = self.rows[self.y]
        style = dict(self.style)
        if character == " " and not style.keys() & {"4", "7", "9"}:
            style = {key: value for key, value in style.items() if key == "48"}
        for extra in range(cell_len(character)):
            row[self.x + extra] = ("" if extra else character, str(sorted(style.items())))
        self.x += cell_len(character)


def strip_of(line):
    """The line in exactly the screen's width."""
    out, room = [], WIDTH
    for text, style in line:
        shown = "".join(character for character, _ in line_cells([(text, "")], cell_len(text)))
        while cell_len(shown) > room:
            shown = shown[:-1]
        room -= cell_len(shown)
        out.append(Segment(shown, Style.parse(style)))
    return Strip([*out, Segment(" " * room, Style.parse("on #101010"))], WIDTH)


def divided(line):
    """As two widgets side by side draw it, which cut wide characters between them."""
    return strip_of(line).divide([WIDTH // 2, WIDTH])


def whole(screen):
    return LayoutUpdate([divided(line) for line in screen], Region(0, 0, WIDTH, HEIGHT))


def part(screen, rows, left, right):
    """An update of some columns of some rows."""
    middle = WIDTH // 2
    chops = [dict.fromkeys((0, middle)) for _ in screen]
    for y in rows:
        chops[y] = dict(zip((0, middle), divided(screen[y]), strict=True))
    return ChopsUpdate(chops, [(y, left, right) for y in rows], [[middle, WIDTH]] * HEIGHT)


@settings(max_examples=150, deadline=None)
@given(SCREENS)
def test_the_terminal_shows_what_a_whole_painting_would(screens):
    painter, terminal = Painter(), Terminal()
    terminal.read(painter.whole(whole(screens[0]), COLORS))
    for screen in screens:
        terminal.read(painter.changes(part(screen, range(HEIGHT), 0, WIDTH), COLORS))
        anew = Terminal()
        anew.read(Painter().whole(whole(screen), COLORS))
        assert terminal.rows == anew.rows


@settings(max_examples=60, deadline=None)
@given(SCREENS)
def test_what_is_shown_already_is_not_written_again(screens):
    painter = Painter()
    painter.whole(whole(screens[0]), COLORS)
    assert painter.changes(part(screens[0], range(HEIGHT), 0, WIDTH), COLORS) == ""


def row(text, style="#102030"):
    return [(text, style)]


BEFORE = (row("rps 1 284   p95 480 ms"), row("one"), row("two"))


@pytest.mark.parametrize(
    ("after", "written"),
    [
        ("rps 1 285   p95 480 ms", "\x1b[1;9H\x1b[38;2;16;32;48m5\x1b[0m"),
        # So few cells between them are written again, more are jumped over.
        ("rps 9 289   p95 480 ms", "\x1b[1;5H\x1b[38;2;16;32;48m9\x1b[48;2;16;16;16m \x1b[49m289"),
        ("rps 9 284   p95 980 ms", "9\x1b[17G9\x1b[0m"),
    ],
)
def test_only_what_differs_is_written(after, written):
    painter = Painter()
    painter.whole(whole(BEFORE), COLORS)
    found = painter.changes(part((row(after), *BEFORE[1:]), [0], 0, WIDTH), COLORS)
    assert len(found) < 60
    if "289" not in after:
        assert written in found


def test_a_forgotten_screen_is_written_anew():
    painter = Painter()
    painter.whole(whole(BEFORE), COLORS)
    painter.forget()
    terminal = Terminal()
    terminal.read(painter.changes(part(BEFORE, range(HEIGHT), 0, WIDTH), COLORS))
    assert "".join(character for character, _ in terminal.rows[0]).rstrip() == BEFORE[0][0][0]


def test_widgets_outside_of_the_update_are_left_alone():
    painter = Painter()
    painter.whole(whole(BEFORE), COLORS)
    update = part((row("RPS 1 284   P95 480 ms"), *BEFORE[1:]), [0], WIDTH // 2 + 1, WIDTH)
    assert "P" in painter.changes(update, COLORS)
    assert "R" not in painter.changes(update, COLORS)
