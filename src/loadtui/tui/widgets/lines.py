"""The ground of all live widgets: rows of cells, of which only those that changed are painted."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from loadtui.tui.cells.text import (
    Cell,
    Line,
    cell_spans,
    changed_cells,
    line_cells,
    plain_text,
)
from loadtui.tui.widgets.cell_styles import cell_style


class Lines(Widget):
    """Draws lines of styled text.

    A subclass keeps what it was last to show and turns it into lines in `draw`; `redraw`
    compares them with what is on the screen and asks for the changed columns of changed rows.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[list[Cell]] = []
        self._styles: dict[str, Style] = {}
        """Style name -> what it looks like in this widget under this theme."""
        self._theme = ""
        self._wanted = 1
        self.repainted = 0
        """Cells asked to be painted by the last `redraw`; for tests and measurements."""

    def want(self, lines: int) -> None:
        """Ask for a height in lines, where the stylesheet leaves it open (`height: auto`)."""
        if lines != self._wanted:
            self._wanted = lines
            self.refresh(layout=True)

    def get_content_height(self, *_: object) -> int:
        return self._wanted

    def draw(self, width: int, height: int) -> list[Line]:
        """Lines to show in `width` x `height` cells; fewer lines leave the rest blank."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Show the current state; to be called after it changed."""
        size = self.content_size
        if not size.width or not size.height:
            return
        lines = self.draw(size.width, size.height)[: size.height]
        rows = [line_cells(line, size.width) for line in lines]
        rows += [line_cells((), size.width) for _ in range(size.height - len(rows))]
        before, self._rows = self._rows, rows
        if len(before) != len(rows) or (before and len(before[0]) != size.width):
            self.repainted = size.width * size.height
            self.refresh()
            return
        regions = []
        for y, (old, new) in enumerate(zip(before, rows, strict=True)):
            difference = changed_cells(old, new)
            if difference is not None:
                first, last = difference
                regions.append(Region(first, y, last - first, 1))
        self.repainted = sum(region.area for region in regions)
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        if y >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        write = plain_text if self.app.has_class("-ascii") else str
        segments = [
            Segment(write(text), self._painted(style)) for text, style in cell_spans(self._rows[y])
        ]
        return Strip(segments, len(self._rows[y]))

    def notify_style_update(self) -> None:
        self._styles.clear()
        super().notify_style_update()

    def _painted(self, name: str) -> Style:
        if self._theme != self.app.theme:
            self._theme = self.app.theme
            self._styles.clear()
        if name not in self._styles:
            self._styles[name] = self.rich_style + cell_style(self.app, name)
        return self._styles[name]

    def on_resize(self, _: events.Resize) -> None:
        self.redraw()
