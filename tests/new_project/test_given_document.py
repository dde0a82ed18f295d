"""Files of others: bounded, and refused in a sentence."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.new_project import given_document
from loadtui.new_project.given_document import document_of, given_bytes, is_url


def yaml_of(text: str) -> object:
    return document_of(text.encode(), "a.yaml", "--openapi", yaml=True)


def test_json_and_yaml() -> None:
    assert document_of(b'\xef\xbb\xbf{"a": 1}', "a", "--har") == {"a": 1}
    assert document_of('{"a": 1}'.encode("utf-16"), "a", "--har") == {"a": 1}
    assert yaml_of("a: {200: x, on: 2026-01-31, b: &b [1], c: *b}") == {
        "a": {"200": "x", "True": "2026-01-31", "b": [1], "c": [1]}
    }
    assert yaml_of("{a: 1}") == {"a": 1}
    assert is_url("HTTPS://h")
    assert not is_url("file:///etc/passwd")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a: [1", "line 2"),
        (b"a: !!python/object/apply:os.system [true]", "no YAML"),
        (b"- 1", "holds no object"),
        (b"", "holds no object"),
        (b"\xff\xfa", "no text in UTF-8"),
        (b"a: " + b"[" * 100_000, ""),
        (b'{"a": ' + b"[" * 1_000_000, ""),
        (b'{"a": ' + b"9" * 5_000 + b"}", ""),
        (b"a: " + b"9" * 5_000, ""),
        (b"? [a]\n: 1", ""),
        (b"a: 2026-99-99\nb: =\n<<: 1", ""),
    ],
)
def test_what_is_neither(data: bytes, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        document_of(data, "a.yaml", "--openapi", yaml=True)
    assert str(told.value).startswith("--openapi: a.yaml")
    assert sentence in str(told.value)


def test_aliases_and_merges_do_not_multiply() -> None:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    yaml_of("\n".join(lines))
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: 1" for n in range(50)) + "}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 10)]
    with contextlib.suppress(UsageError):  # newer versions of PyYAML merge a key once
        assert len(repr(yaml_of("\n".join(lines)))) < 100_000


def test_files_that_are_none_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="--har: there is no file none"):
        given_bytes("none", "--har")
    with pytest.raises(UsageError, match="cannot be read: it is no plain file"):
        given_bytes(str(tmp_path), "--har")
    with pytest.raises(UsageError, match="cannot be read"):
        given_bytes("http://127.0.0.1:1/openapi.json", "--openapi")
    path = tmp_path / "large.json"
    path.write_text(json.dumps("x" * 100))
    monkeypatch.setattr(given_document, "LARGEST", 50)
    with pytest.raises(UsageError, match="larger than"):
        given_bytes(str(path), "--har")
    monkeypatch.setattr(given_document, "LARGEST_YAML", 50)
    with pytest.raises(UsageError, match="YAML may have"):
        yaml_of("a: " + "x" * 100)
