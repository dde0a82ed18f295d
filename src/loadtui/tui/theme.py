"""Our colours: calm grounds, one accent, and curves that differ in lightness as well as hue."""

from __future__ import annotations

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

DEFAULTS = {
    "faint": "ansi_bright_black",
    "dim": "ansi_white",
    "curve-rps": "ansi_bright_blue",
    "curve-users": "ansi_white",
    "curve-p50": "ansi_cyan",
    "curve-p95": "ansi_yellow",
    "curve-p99": "ansi_magenta",
}
"""For themes that are not ours."""
