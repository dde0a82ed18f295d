"""Writing the files of a new load test: all of them or none."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain

_IGNORED = ".loadtui/"
_LARGEST_IGNORE = 1_000_000


def refuse_existing(paths: list[Path], advice: str) -> None:
    """Raise UsageError when something is there already; `advice` says what else can be done."""
    for path in paths:
        if os.path.lexists(path):
            raise UsageError(f"{path} is there already; {advice}")


def write_new_files(texts: Mapping[Path, str]) -> None:
    """Write each text to its path, in place of what is there.

    When one of them cannot be written, those before it are as they were.  Raises UsageError.
    """
    staged: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    folders: list[Path] = []
    path = Path()
    try:
        for named, text in texts.items():
            path = named.resolve()  # a link stays one
            folders += _made_folders(path.parent)
            beside = path.with_name(f".{path.name}.{os.getpid()}.new")
            staged[path] = beside
            with beside.open("x", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
                file.write(text)
        for path, beside in staged.items():
            if path.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            before[path] = path.read_bytes() if path.exists() else None
            beside.replace(path)
    except BaseException as error:
        _undo(staged, before, folders)
        if isinstance(error, OSError):
            why = error.strerror or error
            raise UsageError(f"{path} cannot be written: {why}; no file was changed") from None
        raise


def _undo(
    staged: Mapping[Path, Path], before: Mapping[Path, bytes | None], folders: list[Path]
) -> None:
    for beside in staged.values():
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    for path, data in before.items():
        with contextlib.suppress(OSError):
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _made_folders(folder: Path) -> list[Path]:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def ignore_text(path: Path) -> str | None:
    """What `.gitignore` is to hold, so that runs are not committed; None when it says so already.

    Raises UsageError when it cannot be read.
    """
    try:
        text = read_plain(path, _LARGEST_IGNORE, follow=True).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return f"{_IGNORED}\n"
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    lines = {line.strip().strip("/") for line in text.splitlines()}
    if _IGNORED.strip("/") in lines or "*" in lines:
        return None
    return text + ("" if not text or text.endswith("\n") else "\n") + f"{_IGNORED}\n"
