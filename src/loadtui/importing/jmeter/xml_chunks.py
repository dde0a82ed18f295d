"""XML as programs write it that do not heed its rules, made fit for a parser piece by piece."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

_AT_ONCE = 1 << 18
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_LONGEST_REFERENCE = 12
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CONTROLS = bytes.maketrans(_CONTROLS, b"?" * len(_CONTROLS))
_BLANKS = b" \t\r\n"


def xml_chunks(file: BinaryIO) -> Iterator[bytes]:
    """The file without blanks before its head, and with `?` for characters that XML 1.0 does not
    have, written out or as references such as `&#x0;`.  UTF-16 passes as it is."""
    chunk = _begin(file)
    if chunk.startswith(_WIDE):
        while chunk:
            yield chunk
            chunk = file.read(_AT_ONCE)
        return
    held = b""
    while chunk:
        chunk = held + chunk.translate(_NO_CONTROLS)
        # A reference may go on in the next piece.
        at = chunk.rfind(b"&", max(len(chunk) - _LONGEST_REFERENCE, 0))
        whole = at if at >= 0 and b";" not in chunk[at:] else len(chunk)
        held = chunk[whole:]
        yield _REFERENCE.sub(_allowed, chunk[:whole])
        chunk = file.read(_AT_ONCE)
    if held:
        yield held


def _begin(file: BinaryIO) -> bytes:
    """The first piece, from its byte order mark or its first character on."""
    chunk = file.read(_AT_ONCE)
    mark = codecs.BOM_UTF8 if chunk.startswith(codecs.BOM_UTF8) else b""
    chunk = chunk[len(mark) :].lstrip(_BLANKS)
    while not chunk and (more := file.read(_AT_ONCE)):
        chunk = more.lstrip(_BLANKS)
    return mark + chunk


def _allowed(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    fine = code in b"\t\n\r" if code < 32 else code < 0xD800 or 0xE000 <= code <= 0x10FFFF
    return match[0] if fine and code not in (0xFFFE, 0xFFFF) else b"?"
