"""XML that breaks its own rules, as programs write it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.importing.jmeter import xml_chunks as module
from loadtui.importing.jmeter.xml_chunks import xml_chunks


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"\r\n \t\n<?xml?>", b"<?xml?>"),
        (b"\xef\xbb\xbf\n<?xml?>", b"\xef\xbb\xbf<?xml?>"),
        (b"<a>&#x0;&#0;&#x1F;&#31;&#xD800;&#xFFFF;&#x110000;</a>", b"<a>???????</a>"),
        (b"<a>&#x9;&#10;&#65;&#x1F50E;&amp;&#xFFFD;</a>", None),
        (b"<a>\x00\x08\x1b</a>", b"<a>???</a>"),
        ("<a>größe &</a>".encode(), None),
        ("<a>\u0100</a>".encode("utf-16"), None),
        (b"", b""),
        (b" \n", b""),
    ],
)
def test_what_a_parser_gets(written: bytes, read: bytes | None) -> None:
    assert b"".join(xml_chunks(io.BytesIO(written))) == (written if read is None else read)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"a", b"&", b"&#x0;", b"&#10;", b"&#x", b";", b"0", b"\n"])),
       st.integers(1, 9))  # fmt: skip
def test_pieces_make_no_difference(parts: list[bytes], at_once: int) -> None:
    written = b"<" + b"".join(parts)
    whole = b"".join(xml_chunks(io.BytesIO(written)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        assert b"".join(xml_chunks(io.BytesIO(written))) == whole
