"""Opening the text files of other programs: encodings, and what is no text at all."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from loadtui.errors import UsageError
from loadtui.importing.files.watched_file import open_watched

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 4096
_GZIP = b"\x1f\x8b"


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The file as bytes, unpacked if it is packed with gzip.

    Raises UsageError when it cannot be read, and, while it is read, when its packing is damaged.
    """
    try:
        with open_watched(path) as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            if not packed:
                yield raw
                return
            with gzip.open(raw) as file:
                yield cast("BinaryIO", file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UsageError(f"{path} is packed with gzip and cut off or damaged") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """The file as text, line ends as they are: UTF-8, or UTF-16 with a byte order mark.

    Raises UsageError when it cannot be read, and, while it is read, when it is no such text.
    """
    try:
        with open_bytes(path) as raw:
            head = raw.read(_HEAD)
        if is_no_text(head):
            raise UsageError(f"{path} is no text file, and no format that can be imported")
        encoding = _encoding(head)
        with (
            open_bytes(path) as raw,
            io.TextIOWrapper(raw, encoding=encoding, newline="") as file,
        ):
            yield file
    except UnicodeError as error:
        raise UsageError(
            f"{path} is not UTF-8 text; save it as UTF-8 and import that file"
        ) from error


def first_bytes_of(path: Path) -> bytes:
    """The first bytes, unpacked.  Raises UsageError as `open_bytes`, and for what is no file."""
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if not path.is_file():
        raise UsageError(f"{path} is no file; name the files of a run one by one")
    with open_bytes(path) as raw:
        return raw.read(_HEAD)


def is_no_text(first_bytes: bytes) -> bool:
    """Whether bytes at the beginning of a file are in no encoding of text."""
    return b"\0" in first_bytes and _encoding(first_bytes) != "utf-16"


def _encoding(first_bytes: bytes) -> str:
    return next((name for mark, name in _MARKS if first_bytes.startswith(mark)), "utf-8")


def head_of(path: Path) -> str:
    """The first characters, without blanks before them.

    Raises UsageError as `open_text`, for what is no file, and for a file that is empty.
    """
    start = first_bytes_of(path).lstrip()
    if start.startswith(b"<"):
        # XML says itself in which encoding it is, and its parser heeds that.
        return start.decode("latin-1")
    with open_text(path) as file:
        head = file.read(_HEAD).lstrip()
    if not head:
        raise UsageError(f"{path} is empty; there is nothing to import")
    return head


def plan_of(path: Path) -> str:
    """The plan that the name of a file suggests."""
    return Path(path.name.removesuffix(".gz")).stem or path.stem


def clean_text(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8") if _lone(text) else text


def _lone(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
