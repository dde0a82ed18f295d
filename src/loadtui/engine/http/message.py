"""A response as llhttp reports it, and the stand-in for geventhttpclient's response object."""

from __future__ import annotations

from collections.abc import Iterator

from geventhttpclient.header import Headers
from geventhttpclient.useragent import REDIRECT_RESPONSE_CODES
from httptools import HttpResponseParser

_MORE = frozenset([b"set-cookie", b"content-encoding"])
_LENGTHS = frozenset(len(name) for name in _MORE)
_CODINGS = frozenset([b"gzip", b"deflate", b"br", b"identity"])
"""Content codings that the stock client decodes."""
_AWAITED, _HEADERS, _BODY, _COMPLETE, _ODD = range(5)


class ResponseMessage:
    """One complete, ordinary response.  Offers what CompatResponse asks of its inner response."""

    __slots__ = ("_index", "body", "keep_alive", "lines", "more", "status", "version")

    message_complete = True
    _sent_request: str | None = None

    def __init__(self) -> None:
        self.lines: list[tuple[bytes, bytes]] = []
        """Header lines in the order they came."""
        self.body = b""
        self.status = 0
        self.keep_alive = False
        self.version = "HTTP/1.1"
        self.more = False
        """True: a header may ask for more than to take the body as it is."""
        self._index: Headers | None = None

    @property
    def sets_cookie(self) -> bool:
        return self.more and any(name.lower() == b"set-cookie" for name, _ in self.lines)

    @property
    def decodes(self) -> bool:
        """False: the stock client gives up at the sight of the content coding."""
        codings = [value for name, value in self.lines if name.lower() == b"content-encoding"]
        return not codings or codings[0].lower() in _CODINGS

    def get_code(self) -> int:
        return self.status

    @property
    def _headers_index(self) -> Headers:
        """The headers as geventhttpclient has them, built when somebody looks."""
        if self._index is None:
            self._index = Headers()
            for name, value in self.lines:
                self._index.add(name.decode("latin-1"), value.decode("latin-1"))
        return self._index

    @property
    def length(self) -> int | None:
        found = self._headers_index.get("content-length")
        return int(found) if isinstance(found, str) else None

    def read(self, length: int | None = None) -> bytes:
        """What is left of the body, or its next `length` bytes."""
        if length is None:
            data, self.body = self.body, b""
        else:
            data, self.body = self.body[:length], self.body[length:]
        return data

    def readline(self, sep: bytes = b"\r\n") -> bytes:
        line, found, rest = self.body.partition(sep)
        if not found:
            return b""
        self.body = rest
        return line + found

    def release(self) -> None:
        """The connection went back to its pool when the message was complete."""

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(4096):
            yield data


class Receiver:
    """The parser of one connection.  `message` is set when a response has arrived whole."""

    __slots__ = ("_body", "_message", "_parser", "_state", "message")

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._state = _AWAITED
        self._message = ResponseMessage()
        self._body: list[bytes] = []
        self.message: ResponseMessage | None = None

    def expect(self) -> None:
        """The next response is awaited."""
        self._state = _AWAITED
        self.message = None

    def feed(self, data: memoryview) -> bool:
        """Parse what has arrived; False when it is not the beginning of an ordinary response.

        Bytes beyond the end of the response count as odd, as does an interim (1xx) one.
        """
        try:
            self._parser.feed_data(data)
        except Exception:
            return False
        return self._state is not _ODD

    # ---------------------------------------------------------------- called by the parser
    def on_message_begin(self) -> None:
        if self._state is _AWAITED:
            self._state = _HEADERS
            self._message = ResponseMessage()
            self._body = []
        else:
            self._state = _ODD

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._state is _HEADERS:
            message = self._message
            message.lines.append((name, value))
            if len(name) in _LENGTHS and name.lower() in _MORE:
                message.more = True
        else:  # a trailer
            self._state = _ODD

    def on_headers_complete(self) -> None:
        message = self._message
        message.status = self._parser.get_status_code()
        if message.status != 200:  # else nobody gets to see it
            message.version = f"HTTP/{self._parser.get_http_version()}"
        message.keep_alive = self._parser.should_keep_alive()
        ordinary = message.status >= 200 and (not message.more or message.decodes)
        if message.status in REDIRECT_RESPONSE_CODES:  # the stock client does not read their bodies
            ordinary = False
        if self._state is _HEADERS and ordinary:
            self._state = _BODY
        else:
            self._state = _ODD

    def on_body(self, data: bytes) -> None:
        self._body.append(data)

    def on_message_complete(self) -> None:
        if self._state is not _BODY:
            self._state = _ODD
            return
        self._state = _COMPLETE
        body = self._body
        self._message.body = body[0] if len(body) == 1 else b"".join(body)
        self.message = self._message
