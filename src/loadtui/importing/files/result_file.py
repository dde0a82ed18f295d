"""A file of another program's results, looked into as far as somebody asks."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from loadtui.importing.files.json_file import read_json
from loadtui.importing.files.sheet import head_row
from loadtui.importing.files.text_file import first_bytes_of, head_of, is_no_text


class ResultFile:
    """Raises UsageError when it is made of what is no file, or an empty one, or text in an unknown
    encoding."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first_bytes = first_bytes_of(path)
        """As many as a format is told by."""
        # XML says itself in which encoding it is.
        is_xml = self.first_bytes.lstrip().startswith(b"<")
        self.is_binary = not is_xml and is_no_text(self.first_bytes)
        self.start = "" if self.is_binary else head_of(path)
        """Its first few thousand characters."""
        self.is_xml = self.start.startswith("<")
        self.is_json = self.start.startswith(("{", "["))
        self.is_sheet = not (self.is_binary or self.is_xml or self.is_json)

    @cached_property
    def head(self) -> list[str]:
        """Cells of the first row of a sheet, of other files none.  Raises UsageError for quotes
        that do not match."""
        return head_row(self.path)[0] if self.is_sheet else []

    @cached_property
    def document(self) -> Any:
        """What a JSON file holds, None for other files.  Raises UsageError as `read_json`."""
        return read_json(self.path) if self.is_json else None
