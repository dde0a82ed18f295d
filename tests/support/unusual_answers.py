"""Hypothesis strategies for what servers answer on their bad days."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import brotli
from hypothesis import strategies as st

from tests.support.scripted_server import Answer

TEXT = b'{"name": "J\xc3\xbcrgen", "n": [1, 2, 3]}'
BODIES = st.sampled_from(
    [b"", b"ok\n", TEXT, b"\x00\xff\xfe binary", b"x" * 3000, b"line\n" * 2000, b"y" * 70000]
)
CODES = st.sampled_from(
    [200] * 8
    + [201, 202, 204, 205, 206, 208, 226, 299, 300, 301, 302, 303, 304, 305, 307, 308]
    + [400, 401, 404, 404, 418, 429, 500, 503, 599, 600, 999]
)
STATUS_LINES = st.sampled_from(
    ["HTTP/1.1 {} Some Reason"] * 12
    + ["HTTP/1.1 {}", "HTTP/1.1 {} ", "HTTP/1.0 {} OK", "HTTP/1.1 {} Gr\xfc\xdfe"]
    + ["HTTP/2.0 {} OK", "HTTP/0.9 {} OK", "HTP/1.1 {} OK", "HTTP/1.1 99{} OK", "HTTP/1.1 2x OK"]
    + [
        "",
        "GET / HTTP/1.1",
        "\x16\x03\x01\x02",
        "HTTP/1.1  {} OK",
        "ICY {} OK",
        "\r\nHTTP/1.1 {} OK",
    ]
)
HEADERS = st.lists(
    st.sampled_from(
        [
            "Content-Type: application/json",
            "content-type: text/html; charset=ISO-8859-1",
            "CONTENT-TYPE: text/plain",
            "X-Thing: one",
            "x-thing: two",
            "X-THING:three  ",
            "X-Empty:",
            "X-Latin: gr\xfc\xdfe",
            "X-Comma: a, b,, c",
            "Date: Mon, 01 Jan 2024 00:00:00 GMT",
            "Set-Cookie: a=1",
            "Set-Cookie: b=2; Path=/",
            "set-cookie: c=3; Path=/other; HttpOnly",
            "Set-Cookie: d=4; Domain=example.com",
            "Set-Cookie: a=; Max-Age=0",
            "Set-Cookie: e=5; Secure; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            'Set-Cookie: f="quo;ted"; Path=/',
            "Set-Cookie: broken",
            "Set-Cookie2: g=7; Version=1",
            "Connection: keep-alive",
            "Connection: close",
            "connection: Close, x",
            "Connection: upgrade",
            "Keep-Alive: timeout=5",
            "Location: /e0/hop",
            "Content-Encoding: identity",
            "Trailer: X-Late",
        ]
    ),
    max_size=5,
)
BROKEN_HEADERS = st.sampled_from(
    [
        "no colon here",
        "Bad Name: x",
        "X-Space : x",
        "X-Fold: a\r\n b",
        ": nameless",
        "X-Nul: a\x00b",
        "X-CR: a\rb",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: identity",
        "Upgrade: websocket",
        "X-Long: " + "v" * 1000000,
        "\r\n".join(f"X-Many-{n}: {n}" for n in range(10000)),
    ]
)
REDIRECTS = st.sampled_from(
    [
        "/e0/hop",
        "hop",
        "../up?x=1",
        "?only=query",
        "http://127.0.0.1:{port}/e1/hop",
        "#fragment",
        "http://127.0.0.1:{other}/elsewhere",
        "http://localhost:{port}/named",
        "//127.0.0.1:{other}/x",
        "ftp://127.0.0.1/",
        "",
        "http://[broken",
        "/sp ace/ü",
        "{self}",
        "/e0",
        "/e1",
    ]
)
INTERIMS = st.sampled_from(
    [b""] * 14
    + [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"]
    + [b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n"]
    + [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"]
)
ENDS = st.sampled_from(["close", "reset", "close-next", "reset-next"])
TAILS = st.sampled_from(
    [b""] * 12
    + [
        b"\r\n",
        b"garbage",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",
        b"HTTP/1.1 2",
        b"\x00",
    ]
)


def _encoded(draw: Any, body: bytes) -> tuple[list[str], bytes]:
    """The body as it is sent, sometimes compressed, sometimes not as it claims to be."""
    coding = draw(
        st.sampled_from(
            [""] * 8
            + [
                "gzip",
                "GZIP",
                "gzip broken",
                "gzip short",
                "deflate",
                "raw deflate",
                "deflate broken",
            ]
            + ["br", "br broken", "compress", "unknown", "twice", "empty gzip"]
        )
    )
    if not coding:
        return [], body
    raw = zlib.compressobj(wbits=-15)
    makers: dict[str, tuple[list[str], bytes]] = {
        "gzip": (["gzip"], gzip.compress(body, mtime=0)),
        "GZIP": (["GZIP"], gzip.compress(body, mtime=0)),
        "gzip broken": (["gzip"], b"\x1f\x8b" + body),
        "gzip short": (["gzip"], gzip.compress(body, mtime=0)[:-9]),
        "deflate": (["deflate"], zlib.compress(body)),
        "raw deflate": (["deflate"], raw.compress(body) + raw.flush()),
        "deflate broken": (["deflate"], b"no" + body),
        "br": (["br"], brotli.compress(body)),
        "br broken": (["br"], b"no" + body),
        "compress": (["compress"], body),
        "unknown": (["zstd"], body),
        "twice": (["gzip", "identity"], gzip.compress(body, mtime=0)),
        "empty gzip": (["gzip"], b""),
    }
    names, data = makers[coding]
    return [f"Content-Encoding: {name}" for name in names], data


def _chunked(draw: Any, body: bytes) -> bytes:
    size = draw(st.sampled_from([1000, 5, 4096])) if len(body) < 20000 else 9000
    extension = draw(st.sampled_from([b"", b"", b";name=value", b';q="a;b"', b" "]))
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    data = b"".join(b"%x%b\r\n%b\r\n" % (len(c), extension, c) for c in chunks)
    ends = [b"0\r\n\r\n"] * 6 + [
        b"0\r\nX-Late: 1\r\nSet-Cookie: late=1\r\n\r\n",
        b"",
        b"zz\r\n\r\n",
    ]
    ends += [
        b"-1\r\n\r\n",
        b"ffffffffffffffffff\r\n",
        b"0\r\n",
        b"5\r\nab\r\n0\r\n\r\n",
        b"0;x\r\n\r\n",
    ]
    return data + draw(st.sampled_from(ends))


def _framed(draw: Any, body: bytes) -> tuple[list[str], bytes]:
    framing = draw(
        st.sampled_from(
            ["length"] * 10
            + ["chunked", "chunked", "chunked", "none", "short", "long", "same twice", "conflict"]
            + ["negative", "not a number", "huge", "both", "both coded", "plus", "empty", "list"]
        )
    )
    size = len(body)
    if framing.startswith(("chunked", "both")):
        lines = (
            ["Transfer-Encoding: chunked"]
            if framing != "both coded"
            else ["transfer-encoding: gzip, Chunked"]
        )
        data = _chunked(draw, body)
        return (lines if framing == "chunked" else [f"Content-Length: {size}", *lines]), data
    lengths: dict[str, list[Any]] = {
        "length": [size],
        "none": [],
        "short": [max(0, size - 2)],
        "long": [size + 3],
        "same twice": [size, size],
        "conflict": [size, size + 1],
        "negative": [-1],
        "not a number": ["many"],
        "huge": ["9" * 30],
        "plus": [f"+{size}"],
        "empty": [""],
        "list": [f"{size}, {size}"],
    }
    return [f"Content-Length: {length}" for length in lengths[framing]], body


def _leaves_waiting(framing: list[str], body: bytes) -> bool:
    """Whether a client may wait for more of the body until its patience ends."""
    if any(line.lower().startswith("transfer-encoding") for line in framing):
        return not body.endswith(b"\r\n\r\n")
    return framing != [f"Content-Length: {len(body)}"]


ASPECTS = (
    ["code"] * 4
    + ["line", "headers", "headers", "broken header", "coding", "coding", "framing"]
    + ["framing", "interim", "end", "end", "cut", "tail", "pieces", "whole", "early"]
)


@st.composite
def answers(draw: Any, own: str, port: int, other: int) -> Answer:
    """One answer, ordinary but for a few of its aspects."""
    unusual = draw(st.sets(st.sampled_from(ASPECTS), max_size=3))
    if "whole" in unusual:
        return Answer([], end=draw(st.sampled_from(["close", "reset", "hang"])))
    code = draw(CODES) if "code" in unusual else 200
    line = draw(STATUS_LINES) if "line" in unusual else "HTTP/1.1 {} OK"
    lines = [line.replace("{}", str(code)), "Content-Type: application/json"]
    if "headers" in unusual:
        lines[1:] = draw(HEADERS)
    if "broken header" in unusual:
        lines.append(draw(BROKEN_HEADERS))
    if 300 <= code < 400 and draw(st.integers(0, 4)):
        to = draw(REDIRECTS)
        for name, value in (("port", port), ("other", other), ("self", own)):
            to = to.replace(f"{{{name}}}", str(value))
        lines.append(f"Location: {to}")
    body = draw(BODIES)
    if code in (204, 304):  # these have none, and bytes after the end must come with the end
        body = b"no" if "pieces" not in unusual and "broken header" not in unusual else b""
    coding, body = _encoded(draw, body) if "coding" in unusual else ([], body)
    framing, body = (
        _framed(draw, body) if "framing" in unusual else ([f"Content-Length: {len(body)}"], body)
    )
    lines += coding
    at = 1 if draw(st.booleans()) else len(lines)
    lines[at:at] = framing
    data = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    if "interim" in unusual:
        data = draw(INTERIMS) + data
    end = draw(ENDS) if "end" in unusual else "keep"
    if end != "close" and _leaves_waiting(framing, body):
        end = draw(st.sampled_from(["close", "close", "reset", "hang"]))
    early = "early" in unusual
    if "cut" in unusual:
        left = draw(st.integers(1, 60)) if draw(st.booleans()) else -draw(st.integers(1, 40))
        data, end = data[:left], draw(st.sampled_from(["close", "reset"]))
    elif "tail" in unusual and len(data) < 3000:  # with the end of the response in one segment
        return Answer([data + draw(TAILS)], end=end, early=early)
    pieces = [data]
    if "pieces" in unusual:
        cuts = sorted(draw(st.sets(st.integers(1, min(len(data), 400)), max_size=4)))
        pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    return Answer([p for p in pieces if p], 0.002 if len(pieces) > 1 else 0.0, end, early)
