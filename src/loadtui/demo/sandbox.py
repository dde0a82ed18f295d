"""A folder that tools may read and write in, and not leave."""

from __future__ import annotations

import os
from pathlib import Path

MAX_TEXT = 256_000
"""Bytes of a file that is read or written."""
MAX_FILES = 1_000
"""Files that may be made; enough for every scenario, too few to fill a disk."""
REPOSITORY = ".git"


class PathRefused(Exception):
    """A path or content that the sandbox does not take; the text says why."""


class Sandbox:
    """Paths are relative to `root`, which links may lead out of, but no path through them.

    The repository's own files are not shown and not touched: what is written there, git would run.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._files_made = 0

    def read(self, path: str) -> str:
        """The text of a file; Refused when it is not there, too large, or outside."""
        file = self._inside(path)
        try:
            with file.open("rb") as opened:
                data = opened.read(MAX_TEXT + 1)
        except OSError as error:
            raise PathRefused(f"{path}: {error.strerror}") from None
        if len(data) > MAX_TEXT:
            raise PathRefused(f"{path}: more than {MAX_TEXT} bytes")
        return data.decode(errors="replace")

    def write(self, path: str, content: str) -> int:
        """Write a file, in folders that are made as needed; the number of its bytes."""
        file = self._inside(path)
        data = content.encode(errors="replace")
        if len(data) > MAX_TEXT:
            raise PathRefused(f"{path}: more than {MAX_TEXT} bytes")
        try:
            if not file.exists():
                if self._files_made >= MAX_FILES:
                    raise PathRefused(f"the sandbox takes no more than {MAX_FILES} new files")
                file.parent.mkdir(parents=True, exist_ok=True)
                self._files_made += 1
            # Whoever reads meanwhile sees the former text or this one, never half of it.
            beside = file.with_name(f".{file.name}.new")
            beside.write_bytes(data)
            beside.replace(file)
        except OSError as error:
            raise PathRefused(f"{path}: {error.strerror}") from None
        return len(data)

    def names(self, path: str) -> list[str]:
        """What a folder holds, sorted; folders end with a slash."""
        folder = self._inside(path)
        try:
            with os.scandir(folder) as entries:
                return sorted(
                    entry.name + ("/" if entry.is_dir(follow_symlinks=False) else "")
                    for entry in entries
                    if entry.name != REPOSITORY
                )
        except OSError as error:
            raise PathRefused(f"{path}: {error.strerror}") from None

    def _inside(self, path: str) -> Path:
        """Where a path leads, all links followed; Refused when that is outside."""
        if "\0" in path:
            raise PathRefused("a path holds no null character")
        try:
            resolved = (self.root / path).resolve()
        except (OSError, RuntimeError) as error:  # too long a name, links in a circle
            raise PathRefused(f"{path[:80]}: {type(error).__name__}") from None
        if not resolved.is_relative_to(self.root):
            raise PathRefused(f"{path} is outside the sandbox")
        if any(part.casefold() == REPOSITORY for part in resolved.relative_to(self.root).parts):
            raise PathRefused(f"{path} belongs to the repository itself")
        return resolved
