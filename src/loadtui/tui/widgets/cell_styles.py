"""What the style names of cells look like, by the stylesheet.

They are component classes of the app and not of each widget that draws cells: Textual works out
every component of every widget again whenever a class of the screen changes.
"""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.app import App

from loadtui.tui.cells.text import STYLES

CELL_CLASSES = {f"lines--{name}" for name in STYLES}


def cell_style(app: App[Any], name: str) -> Style:
    """Colour, text style and, where it has one, background of a style name."""
    styles = app.get_component_styles(f"lines--{name}")
    background = styles.background.rich_color if styles.has_rule("background") else None
    return Style.from_color(styles.color.rich_color, background) + styles.text_style
