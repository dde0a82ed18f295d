"""Lines of text files, and the last that is cut off."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.files.text_lines import text_lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\n\n b\nc", [(1, "a", True), (3, " b", True), (4, "c", False)]),
        (b"a\r\nb\r\n", [(1, "a", True), (2, "b", True)]),
        (b"\xef\xbb\xbfa\n", [(1, "a", True)]),
        (gzip.compress(b"a\nb", mtime=0), [(1, "a", True), (2, "b", False)]),
        (b"12345\n", [(1, "12345", True)]),
    ],
)
def test_lines(tmp_path: Path, data: bytes, lines: list[tuple[int, str, bool]]) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert [tuple(line) for line in text_lines(path, 6, "a word")] == lines


def test_a_line_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a\n" + "b" * 100)
    with pytest.raises(UsageError, match="file line 2: it is too long to be a word"):
        list(text_lines(path, 6, "a word"))
