"""What the terminal can show, and what it hands over."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding
from loadtui.tui.chart.markers import marker_for
from loadtui.tui.terminal.capabilities import can_show_screen, speaks_utf8
from loadtui.tui.widgets.too_small import LEAST_SIZE

_NOUN = "terminal"
_TAKES_CLIPBOARD = (
    "kitty",
    "wezterm",
    "iterm",
    "alacritty",
    "foot",
    "ghostty",
    "vscode",
    "contour",
)
_REFUSES_CLIPBOARD = ("apple_terminal", "vte", "screen", "linux")


def screen(machine: ExaminedMachine) -> Iterator[Finding]:
    if can_show_screen():
        yield Finding(_NOUN, "screen", "ok", f"TERM={machine.env.get('TERM', '')}")
    else:
        yield Finding(
            _NOUN,
            "screen",
            "note",
            "stdin and stderr are no terminal that can show one",
            "runs are printed here, as with --no-ui; for the screen, type it at a terminal",
        )


def colours(machine: ExaminedMachine) -> Iterator[Finding]:
    env = machine.env
    term = env.get("TERM", "")
    if env.get("NO_COLOR"):
        remedy = "reports are printed without colours", "unset NO_COLOR"
        yield Finding(_NOUN, "colours", "note", "NO_COLOR is set", *remedy)
    elif env.get("COLORTERM") in ("truecolor", "24bit") or term.endswith("direct"):
        yield Finding(_NOUN, "colours", "ok", "16 million")
    elif "256" in term:
        yield Finding(_NOUN, "colours", "ok", f"256 (TERM={term})")
    elif term in ("", "dumb"):
        yield Finding(_NOUN, "colours", "note", f"none (TERM={term or 'not set'})")
    else:
        remedy = "if it has more, say so", "export TERM=xterm-256color COLORTERM=truecolor"
        yield Finding(_NOUN, "colours", "note", f"perhaps 16 (TERM={term})", *remedy)


def letters(machine: ExaminedMachine) -> Iterator[Finding]:
    if speaks_utf8():
        yield Finding(_NOUN, "letters", "ok", "UTF-8")
    else:
        remedy = "names show escapes, and charts are drawn in ASCII", "export LC_ALL=C.UTF-8"
        yield Finding(_NOUN, "letters", "note", "the locale is not UTF-8", *remedy)
    marker = marker_for(None)
    if marker == "braille":
        found = "braille; dots that look like boxes are for want of a font: --marker hd or ascii"
        yield Finding(_NOUN, "charts", "ok", found)
    else:
        yield Finding(_NOUN, "charts", "note", f"drawn in {marker}")


def window_size(machine: ExaminedMachine) -> Iterator[Finding]:
    width, height = shutil.get_terminal_size((0, 0))
    if not width or not height:
        return
    least = f"{LEAST_SIZE[0]}x{LEAST_SIZE[1]}"
    if width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
        found = f"{width}x{height}, less than {least}"
        yield Finding(
            _NOUN, "size", "note", found, "make the window larger, or its letters smaller"
        )
    else:
        yield Finding(_NOUN, "size", "ok", f"{width}x{height}")


def mouse(machine: ExaminedMachine) -> Iterator[Finding]:
    if machine.env.get("TERM") == "linux":
        found = "the console of the kernel has none"
        yield Finding(_NOUN, "mouse", "note", found, "every action has a key: `?` lists them")
    elif machine.env.get("TMUX"):
        remedy = "with `off` clicks stay in tmux", "tmux set -g mouse on"
        yield Finding(_NOUN, "mouse", "note", "as tmux passes it on", *remedy)
    else:
        found = "asked for by escape sequences; --no-mouse leaves it to the terminal"
        yield Finding(_NOUN, "mouse", "ok", found)


def clipboard(machine: ExaminedMachine) -> Iterator[Finding]:
    """Copying is by OSC 52, of which no terminal says whether it takes it."""
    env = machine.env
    said = f"{env.get('TERM_PROGRAM', '')} {env.get('TERM', '')}".lower()
    if env.get("TMUX"):
        remedy = "tmux drops it unless it is set otherwise", "tmux set -s set-clipboard on"
        yield Finding(_NOUN, "clipboard", "note", "through tmux (OSC 52)", *remedy)
        return
    refuses = "VTE_VERSION" in env or any(name in said for name in _REFUSES_CLIPBOARD)
    if refuses and not any(name in said for name in _TAKES_CLIPBOARD):
        found = "this terminal is known to refuse OSC 52"
        instead = "what is copied does not arrive: select with the mouse, with --no-mouse"
        yield Finding(_NOUN, "clipboard", "note", found, instead)
    elif "WT_SESSION" in env or any(name in said for name in _TAKES_CLIPBOARD):
        yield Finding(_NOUN, "clipboard", "ok", "OSC 52, which this terminal takes")
    else:
        found = "OSC 52; whether this terminal takes it cannot be asked"
        yield Finding(_NOUN, "clipboard", "ok", found)


def multiplexer(machine: ExaminedMachine) -> Iterator[Finding]:
    """A terminal that ends takes the screen with it, so one across the network is told of."""
    env = machine.env
    inside = bool(env.get("TMUX") or env.get("STY")) or bool(
        re.match(r"(tmux|screen)", env.get("TERM", ""))
    )
    if env.get("SSH_CONNECTION") and not inside:
        remedy = "a lost line ends a run that prints: --detach, the screen, or tmux outlive it"
        yield Finding(_NOUN, "line", "note", "over SSH, without tmux or screen", remedy)
    elif env.get("SSH_CONNECTION"):
        yield Finding(_NOUN, "line", "ok", "over SSH, in tmux or screen")
    else:
        yield Finding(_NOUN, "line", "ok", "tmux or screen" if inside else "local")


TERMINAL_CHECKS = (screen, colours, letters, window_size, mouse, clipboard, multiplexer)
