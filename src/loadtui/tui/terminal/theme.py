"""Our colours: calm grounds, one accent, and curves that differ in lightness as well as hue."""

from __future__ import annotations

from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="loadtui-dark",
    primary="#6cb6ff",
    secondary="#8b98a9",
    accent="#57c7b8",
    success="#6bc46d",
    warning="#e3b341",
    error="#f47067",
    foreground="#d0d7de",
    background="#11161d",
    surface="#161d26",
    panel="#1f2833",
    dark=True,
    variables={
        "faint": "#36414e",
        "dim": "#8391a1",
        "curve-rps": "#6cb6ff",
        "curve-users": "#8b98a9",
        "curve-p50": "#4fb3a4",
        "curve-p95": "#e8a45c",
        "curve-p99": "#c297ff",
    },
)

LIGHT = Theme(
    name="loadtui-light",
    primary="#0a5cad",
    secondary="#57606a",
    accent="#0b7a6e",
    success="#1a7f37",
    warning="#8a5a00",
    error="#c0242c",
    foreground="#1f2328",
    background="#ffffff",
    surface="#f5f7f9",
    panel="#e6eaee",
    dark=False,
    variables={
        "faint": "#cdd3d9",
        "dim": "#5d6873",
        "curve-rps": "#0a5cad",
        "curve-users": "#7a8591",
        "curve-p50": "#0b7a6e",
        "curve-p95": "#a85f00",
        "curve-p99": "#7a3fc4",
    },
)

ANSI = {
    "faint": "ansi_bright_black",
    "dim": "ansi_white",
    "curve-rps": "ansi_bright_blue",
    "curve-users": "ansi_white",
    "curve-p50": "ansi_cyan",
    "curve-p95": "ansi_yellow",
    "curve-p99": "ansi_magenta",
}
"""In a theme that uses the terminal's own sixteen colours."""

_BLENDS = {"faint": 0.2, "dim": 0.6}
"""How much of the foreground is in a quieter colour."""


def variables_of(theme: Theme) -> dict[str, str]:
    """The colours of ours that a theme has not: made of those it has."""
    if theme.ansi:
        return ANSI
    made = theme.to_color_system().generate()
    ground, text = Color.parse(made["background"]), Color.parse(made["foreground"])
    return {
        **{name: ground.blend(text, share).hex for name, share in _BLENDS.items()},
        "curve-rps": made["primary"],
        "curve-users": made["secondary"],
        "curve-p50": made["success"],
        "curve-p95": made["warning"],
        "curve-p99": made["accent"],
    }
