"""Text files in the encodings that other programs write, and what is no text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.files.text_file import clean_text, head_of, open_text

TEXT = '\n  {"name": "검색"}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(TEXT.encode(encoding))
    with open_text(path) as file:
        assert file.read() == TEXT
    assert head_of(path) == TEXT.lstrip()


def test_big_endian(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))
    assert head_of(path) == TEXT.lstrip()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty; there is nothing to import"),
        (b" \n", "is empty; there is nothing to import"),
        (b"PAR1\0\0", "is no text file"),
        ("größe".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_what_is_no_text(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(UsageError, match=sentence) as caught:
        head_of(tmp_path / "file")
    assert str(tmp_path / "file") in str(caught.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone does not exist"):
        head_of(tmp_path / "gone")
    with pytest.raises(UsageError, match="is no file; name the files of a run"):
        head_of(tmp_path)


def test_halves_of_characters_go() -> None:
    assert clean_text("a\ud83d b") == "a? b"
    assert clean_text("검색 🔎") == "검색 🔎"
