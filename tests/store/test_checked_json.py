"""Documents with a checksum of what they say."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.store.checked_json import CHECKSUM, decode_checked, with_checksum


class Note(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    numbers: dict[str, float] = {}
    """By name."""


def encoded(note: Note) -> bytes:
    return msgspec.json.encode(with_checksum(note))


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dictionaries(st.text(max_size=3), st.floats(allow_nan=False, allow_infinity=False)),
)
def test_what_is_written_is_read(text: str, numbers: dict[str, float]) -> None:
    note = Note(text, numbers)
    assert decode_checked(encoded(note), Note) == note


def test_how_it_is_laid_out_does_not_matter() -> None:
    note = Note("검색", {"b": 1e-7, "a": 1e22})
    document = json.loads(encoded(note))
    reordered = json.dumps(dict(reversed(document.items())), indent=7).encode()
    assert decode_checked(reordered, Note) == note


@given(st.data())
def test_a_flipped_bit_is_seen_or_changes_nothing(data: st.DataObject) -> None:
    note = Note("checkout", {"p95": 201.5, "p99": 1200.0})
    damaged = bytearray(encoded(note))
    bit = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    try:
        assert decode_checked(bytes(damaged), Note) == note
    except ValueError:
        return


def test_one_without_a_checksum_is_read() -> None:
    assert decode_checked(b'{"text": "old"}', Note) == Note("old")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "truncated"),
        (b"[]", "Expected `object`"),
        (b"\xff", "."),
        (b'{"text": 1}', r"Expected `str`, got `int` - at `\$.text`"),
        (b'{"text": "a", "checksum": "b"}', "its checksum differs from that of what it says"),
        (b'{"text": ' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_anything_else_is_a_value_error(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decode_checked(data, Note)


def test_the_key_stands_at_the_end() -> None:
    assert [*with_checksum(Note("a"))][-1] == CHECKSUM
