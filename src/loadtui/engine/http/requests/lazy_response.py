"""requests.Response on the fast path: parts of it are built when somebody looks at them."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from locust.clients import ResponseContextManager
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.models import CONTENT_CHUNK_SIZE
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3.response import HTTPResponse

from loadtui.engine.http.requests.lazy_raw_response import LazyRawResponse, stock_raw_response
from loadtui.engine.http.requests.received_response import ReceivedResponse
from loadtui.engine.http.requests.urllib3_internals import decoder_of

_QUICK_CODINGS = frozenset(["gzip", "x-gzip", "deflate", "br"]) & frozenset(
    HTTPResponse.CONTENT_DECODERS
)
QUICK_BYTES = 64 << 20
"""A body that becomes longer when it is decompressed is for urllib3, which does it in pieces."""
_PACKED_BYTES = QUICK_BYTES // 1032
"""No body of deflate that is so long becomes longer than that."""
_TAKES_A_LIMIT = "max_length" in inspect.signature(decoder_of("gzip").decompress).parameters
"""False before urllib3 2.6."""
# http.client keeps blanks at the end of a value, and urllib3 unfolds folded ones
_BLANKS = re.compile(rb"[ \t]\r\n|\r\n[ \t]")


class LazyResponse(ResponseContextManager):
    """Locust's response; `lazy_response` makes those whose attributes come when first missed.

    Their source is `_received`, what came, and `_sent`, what was sent: it has `method`, `target`,
    `url`, `adapter` and `request()`.
    """

    _content_consumed = True
    _next = None
    _entered = False

    def __getattr__(self, name: str) -> Any:
        build = _BUILDERS.get(name)
        if build is None or "_received" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        value = self.__dict__[name] = build(self)
        return value


def lazy_response(received: ReceivedResponse, sent: Any, start: float) -> LazyResponse | None:
    """The response to `sent`, which went out at `start` on the clock of time.perf_counter.

    None when its body cannot be decoded here.
    """
    response = LazyResponse.__new__(LazyResponse)
    message = received.message
    fields = response.__dict__
    fields["status_code"] = message.status
    fields["_received"] = received
    fields["_sent"] = sent
    fields["_start"] = start
    coding = received.fields.get(b"content-encoding")
    content = message.body
    if coding is not None:
        decoded = _decoded(content, coding.decode("latin-1").lower())
        if decoded is None:
            return None
        content = decoded
    fields["_content"] = content
    return response


def _decoded(body: bytes, coding: str) -> bytes | None:
    """The body decoded; None when that is for urllib3 itself to do."""
    if coding not in _QUICK_CODINGS:
        return None
    try:
        decoder = decoder_of(coding)
        if len(body) > _PACKED_BYTES or coding == "br":
            if not _TAKES_A_LIMIT:
                return None
            content: bytes = decoder.decompress(body, QUICK_BYTES)
            if decoder.has_unconsumed_tail:
                return None
        else:
            content = decoder.decompress(body)
        content += decoder.decompress(b"") + decoder.flush()
    except Exception:
        return None  # urllib3 meets it again and says it in its own way
    return content


def _headers(response: Any) -> CaseInsensitiveDict[str]:
    received: ReceivedResponse = response._received
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    head = b"".join(received.pieces).partition(b"\r\n\r\n")[0]
    if _BLANKS.search(head, head.find(b"\r\n") + 1):
        headers.update(response.raw.headers)
        return headers
    for name_bytes, value_bytes in received.message.lines:
        name, value = name_bytes.decode("latin-1"), value_bytes.decode("latin-1")
        before = headers._store.get(name.lower())
        headers._store[name.lower()] = (
            (name, value) if before is None else (before[0], f"{before[1]}, {value}")
        )
    return headers


@functools.lru_cache(1024)
def _encoding_of(content_type: bytes | None) -> str | None:
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    if content_type is not None:
        headers["content-type"] = content_type.decode("latin-1")
    return get_encoding_from_headers(headers)


def _reason(response: Any) -> str:
    line = b"".join(response._received.pieces).partition(b"\r\n")[0].decode("iso-8859-1")
    parts = line.split(None, 2)
    return parts[2].strip() if len(parts) > 2 else ""


def _raw(response: Any) -> LazyRawResponse:
    received, sent = response._received, response._sent

    def make() -> HTTPResponse:
        raw = stock_raw_response(received.pieces, sent.method, sent.target)
        for _ in raw.stream(CONTENT_CHUNK_SIZE, decode_content=True):
            pass
        return raw

    return LazyRawResponse(received, make)


def _cookies(response: Any) -> RequestsCookieJar:
    jar = RequestsCookieJar()
    if b"set-cookie" in response._received.fields:
        extract_cookies_to_jar(jar, response.request, response.raw)
    return jar


def _elapsed(response: Any) -> timedelta:
    return timedelta(seconds=response._received.first_bytes_at - response._start)


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "connection": lambda response: response._sent.adapter,
    "cookies": _cookies,
    "elapsed": _elapsed,
    "encoding": lambda response: _encoding_of(response._received.fields.get(b"content-type")),
    "headers": _headers,
    "history": lambda response: [],
    "raw": _raw,
    "reason": _reason,
    "request": lambda response: response._sent.request(),
    "request_meta": lambda response: response._sent.meta(response),
    "url": lambda response: response._sent.url,
}
