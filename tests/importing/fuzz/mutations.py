"""Damage of every kind to a file of results: bytes, lines, cells, numbers, JSON, encodings."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Draw = Random
Mutation = Callable[[Draw, bytes], bytes]

NUMBERS: Sequence[bytes] = [
    b"0", b"-1", b"-0", b"1", b"2", b"1e308", b"-1e308", b"1e-308", b"1e309", b"1e400", b"NaN",
    b"Infinity", b"-Infinity", b"", b"N/A", b"null", b"9223372036854775807", b"9223372036854775808",
    b"18446744073709551616", b"4294967296", b"2147483648", b"-9223372036854775809",
    b"1" + b"0" * 400,
    b"0.1", b"1.5", b"1,5", b"1.234.567,8", b"0x10", b"1_000", b"1e15", b"1e16", b"999999999999999",
    b"253402300800", b"1795423620", b"1795423620000", b"1795427300000", b"1798000000000",
    b"1798000000", b"00012", b"+7", b" 7 ", "٧".encode(), "½".encode(), b"1e", b".5", b"5.", b"--5",
    b"65535", b"65536", b"2026-11-23T08:47:00Z", b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z", b"true", b"1/0", b"0.30000000000000004",
]  # fmt: skip
STRINGS: Sequence[str] = [
    "", " ", "\0", "\ud800", "\udfff\ud800", "x" * 300, "x" * 70_000, "\u202eright to left\u2067",
    "\n", "\r\n", "\t", '"', "'", ",", ";", "\\", "\x1b[31mred\x1b[0m", "\x7f\x85", "\u2028\u2029",
    "NaN", "Infinity", "null", "true", "total", "Aggregated", "(total)", "all", "GET", "../../x",
    "=1+1", "%s%n{0}", "<b>&amp;</b>", "]]>", "<!--", "-->", "|", "`", "::error::x", "{name:}",
    "한국어", "🚀" * 20, "e\u0301" * 40, "\ufeff", "\ufffe", "p(95)<200", "p(101)<0", "rate<",
    "http_reqs", "http_req_duration", "vus", "checks", "Number of samples in transaction : 0, x",
    "-", "1e400",
]  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_STRING = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')
_WORD = re.compile(rb"[A-Za-z_][\w./()]*")
_DEEP = 100_000


def mutated(draw: Draw, data: bytes) -> bytes:
    """The data with one or more faults in it."""
    for _ in range(draw.choice((1, 1, 1, 1, 1, 2, 2, 3, 5))):
        (mutation,) = draw.choices(_MUTATIONS, _WEIGHTS)
        data = mutation(draw, data)
    return data


def _unpacked(data: bytes) -> tuple[bytes, bool]:
    """The text of a packed file, so that what is in it is damaged as well."""
    if data[:2] == b"\x1f\x8b":
        try:
            return gzip.decompress(data), True
        except (OSError, EOFError, ValueError):
            pass
        except Exception:  # zlib.error
            pass
    return data, False


def _in_text(change: Mutation) -> Mutation:
    def mutation(draw: Draw, data: bytes) -> bytes:
        text, packed = _unpacked(data)
        changed = change(draw, text)
        return gzip.compress(changed, compresslevel=1, mtime=0) if packed else changed

    return mutation


def _place(draw: Draw, data: bytes) -> int:
    return draw.randrange(len(data) + 1)


def _flip(draw: Draw, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8)) if changed else 0):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _insert(draw: Draw, data: bytes) -> bytes:
    at = _place(draw, data)
    few = [b"\0", b"\xff", b'"', b",", b"\n", b"\r", b"{", b"}", b"[", b"]", b"<", b">", b"&", b":",
           b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x1f\x8b", b"\x1a", b"]]>", b"<![CDATA[",
           b"<!DOCTYPE x>", b"&#0;", b"&x;"]  # fmt: skip
    return data[:at] + draw.choice(few) + data[at:]


def _cut(draw: Draw, data: bytes) -> bytes:
    at = _place(draw, data)
    if draw.random() < 0.6:
        return data[:at]
    return data[:at] + data[at + draw.randrange(1, 40) :]


def _repeat(draw: Draw, data: bytes) -> bytes:
    begin, end = sorted((_place(draw, data), _place(draw, data)))
    part = data[begin : min(end, begin + 4000)]
    return data[:end] + part * draw.choice((1, 1, 2, 30)) + data[end:]


def _twice(draw: Draw, data: bytes) -> bytes:
    return data + draw.choice((b"", b"\n")) + data


def _lines(draw: Draw, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(5):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            del lines[one]
        case 2:
            lines.insert(other, lines[one])
        case 3:
            draw.shuffle(lines)
        case _:
            end = draw.choice((b"\r\n", b"\r", b"\n\n", b""))
            lines = [line.rstrip(b"\r\n") + end for line in lines]
    return b"".join(lines)


def _cells(draw: Draw, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    delimiter = draw.choice(
        [mark for mark in (b",", b";", b"\t", b" ") if mark in lines[at]] or [b","]
    )
    cells = lines[at].split(delimiter)
    one, other = draw.randrange(len(cells)), draw.randrange(len(cells))
    match draw.randrange(5):
        case 0:
            cells[one], cells[other] = cells[other], cells[one]
        case 1:
            del cells[one]
        case 2:
            cells.insert(one, cells[other])
        case 3:
            cells[one] = b""
        case _:
            lines = [
                line.replace(delimiter, draw.choice((b";", b"\t", b"|", b","))) for line in lines
            ]
            return b"\n".join(lines)
    lines[at] = delimiter.join(cells)
    return b"\n".join(lines)


def _column(draw: Draw, data: bytes) -> bytes:
    """One column of every row emptied, taken out or set to one value."""
    lines = data.split(b"\n")
    at = draw.randrange(lines[0].count(b",") + 1)
    value = draw.choice((None, b"", draw.choice(NUMBERS)))
    keep_head = draw.random() < 0.7
    changed = []
    for number, line in enumerate(lines):
        cells = line.split(b",")
        if at < len(cells) and not (keep_head and number == 0 and value is not None):
            cells[at : at + 1] = [] if value is None else [value]
        changed.append(b",".join(cells))
    return b"\n".join(changed)


def _replaced(
    draw: Draw, data: bytes, pattern: re.Pattern[bytes], new: Callable[[], bytes]
) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    if draw.random() < 0.1:  # All that are written alike.
        return data.replace(draw.choice(found)[0], new())
    for match in sorted(draw.sample(found, min(len(found), draw.choice((1, 1, 1, 2, 5)))),
                        key=lambda match: -match.start()):  # fmt: skip
        data = data[: match.start()] + new() + data[match.end() :]
    return data


def _number(draw: Draw, data: bytes) -> bytes:
    def new() -> bytes:
        if draw.random() < 0.3:
            return str(
                draw.choice((draw.randrange(-5, 200), draw.random() * 10 ** draw.randrange(12)))
            ).encode()
        return draw.choice(NUMBERS)

    return _replaced(draw, data, _NUMBER, new)


def _string(draw: Draw, data: bytes) -> bytes:
    def new() -> bytes:
        text = draw.choice(STRINGS)
        match draw.randrange(3):
            case 0:
                return json.dumps(text).encode()
            case 1:
                return b'"' + text.encode("utf-8", "surrogatepass") + b'"'
            case _:
                return text.encode("utf-8", "surrogatepass")

    return _replaced(draw, data, draw.choice((_STRING, _WORD)), new)


def _structure(draw: Draw, data: bytes) -> bytes:
    """Values and keys of a JSON document, or of one line of it, changed for others."""
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        try:
            lines[at] = _dumped(_changed(draw, json.loads(lines[at])))
        except (ValueError, RecursionError):
            return data
        return b"\n".join(lines)
    return _dumped(_changed(draw, whole))


def _dumped(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=True).encode()
    except RecursionError:
        return b""


def _changed(draw: Draw, value: Any) -> Any:
    """The value with one change somewhere in it."""
    places: list[tuple[Any, Any]] = []
    _collect(value, places)
    if not places:
        return _other(draw, value)
    inside, key = draw.choice(places)
    match draw.randrange(6):
        case 0 | 1 | 2:
            inside[key] = _other(draw, inside[key])
        case 3:
            del inside[key]
        case 4 if isinstance(inside, dict):
            inside[draw.choice(STRINGS)] = inside.pop(key)
        case _:
            other, other_key = draw.choice(places)
            inside[key] = json.loads(json.dumps(other[other_key]))
    return value


def _collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    children = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    for key, inner in children:
        places.append((value, key))
        _collect(inner, places)


def _other(draw: Draw, value: Any) -> Any:
    wrapped = [value], {"a": value}, {"values": value}, [value, value]
    plain = (
        None,
        True,
        False,
        0,
        -1,
        1.5,
        1e308,
        10**30,
        [],
        {},
        "",
        float("nan"),
        float("inf"),
        [[]],
        {"": 1},
    )
    text = str(value)[:100], draw.choice(STRINGS), draw.choice(NUMBERS).decode()
    if isinstance(value, (int, float)) and abs(value) < 1e300 and draw.random() < 0.5:
        return draw.choice((value + 1, value * 10, -value, value / 3, value * 1e6, value + 1e9))
    return draw.choice(draw.choice((wrapped, plain, text)))


def _deep(draw: Draw, data: bytes) -> bytes:
    mark, end = draw.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"<httpSample>", b"</httpSample>"),
         (b'{"groups":{"g":', b"}}"), (b'"', b'"'))
    )  # fmt: skip
    depth = draw.choice((200, 2000, _DEEP))
    nested = mark * depth + draw.choice((b"", b"1", end * depth))
    match draw.randrange(3):
        case 0:
            return nested
        case 1:
            at = _place(draw, data)
            return data[:at] + nested + data[at:]
        case _:
            return _replaced(draw, data, _NUMBER, lambda: nested if draw.random() < 0.5 else b"1")


def _encoding(draw: Draw, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    match draw.randrange(9):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode(draw.choice(("utf-16-le", "utf-16-be")))
        case 2:
            return text.encode("utf-32")
        case 3:
            return text.encode("latin-1", "replace")
        case 4:
            return b"\xef\xbb\xbf" * draw.choice((1, 2)) + data
        case 5:
            return draw.choice((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\0")) + data
        case 6:
            return text.encode("utf-16")[: draw.randrange(1, 400)]
        case 7:
            names = b"utf-16", b"latin-1", b"utf-7", b"rot13", b"nothing", b"cp037", b"UTF-8"
            return data.replace(b"UTF-8", draw.choice(names), 1)
        case _:
            return data.replace(b"a", "é".encode(draw.choice(("latin-1", "utf-8"))), 3)


def _packing(draw: Draw, data: bytes) -> bytes:
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    match draw.randrange(7):
        case 0:
            return packed
        case 1:
            return packed[: draw.randrange(len(packed))]
        case 2:
            return _flip(draw, packed)
        case 3:
            return gzip.compress(packed, mtime=0)
        case 4:
            return packed + packed
        case 5:
            return packed + draw.choice((b"\0" * 100, b"rubbish", b"\x1f\x8b"))
        case _:
            return b"\x1f\x8b" + data


_CHANGES: Sequence[tuple[Mutation, int]] = [
    (_in_text(_flip), 6), (_in_text(_insert), 5), (_in_text(_cut), 5), (_in_text(_repeat), 3),
    (_twice, 1), (_in_text(_lines), 6), (_in_text(_cells), 6), (_in_text(_column), 5),
    (_in_text(_number), 16), (_in_text(_string), 12), (_in_text(_structure), 14),
    (_in_text(_deep), 1), (_encoding, 3), (_packing, 2), (_flip, 1), (_cut, 1),
]  # fmt: skip
_MUTATIONS = [mutation for mutation, _ in _CHANGES]
_WEIGHTS = [weight for _, weight in _CHANGES]
