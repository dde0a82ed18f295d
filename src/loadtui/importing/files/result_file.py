"""A file of another program's results, looked into as far as somebody asks."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from loadtui.importing.files.json_file import read_json
from loadtui.importing.files.sheet import head_row
from loadtui.importing.files.text_file import head_of


class ResultFile:
    """Raises UsageError when it is made of what is no file, or an empty one, or no text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start = head_of(path)
        """Its first few thousand characters."""
        first = self.start[0]
        self.is_xml = first == "<"
        self.is_json = first in "{["
        self.is_sheet = not self.is_xml and not self.is_json

    @cached_property
    def head(self) -> list[str]:
        """Cells of the first row of a sheet, of other files none.  Raises UsageError for quotes
        that do not match."""
        return head_row(self.path)[0] if self.is_sheet else []

    @cached_property
    def document(self) -> Any:
        """What a JSON file holds, None for other files.  Raises UsageError as `read_json`."""
        return read_json(self.path) if self.is_json else None
