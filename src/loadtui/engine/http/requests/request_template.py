"""Requests that are alike but for target and body, prepared once by requests' own code."""

from __future__ import annotations

from typing import Any, NamedTuple

from requests.cookies import RequestsCookieJar, merge_cookies
from requests.models import PreparedRequest, complexjson  # type: ignore[attr-defined]

from loadtui.engine.http.requests.urllib3_head import Urllib3Head


class RequestTemplate(NamedTuple):
    """What requests of one method, host, set of headers and kind of body have in common."""

    adapter: Any
    head: Urllib3Head
    prepared: PreparedRequest
    """An example; never given out itself."""
    origin: str
    """Scheme, host and port, as in the prepared URL."""
    settings: dict[str, Any]
    """What Session.request would pass to Session.send: proxies, stream, verify and cert."""


class Payload(NamedTuple):
    """A body, and how its kind changes the headers."""

    kind: str
    body: str | bytes | None
    """As PreparedRequest has it."""
    data: bytes
    """As it is sent."""


NOTHING = Payload("", None, b"")


class SentRequest:
    """One request as it is sent, and what is needed to build its objects, should anybody ask."""

    __slots__ = (
        "asked",
        "context",
        "data",
        "explicit_name",
        "method",
        "payload",
        "session",
        "shape",
        "start_time",
        "target",
        "took_ms",
        "url",
    )

    def __init__(
        self,
        session: Any,
        shape: RequestTemplate,
        method: str,
        url: str,
        target: str,
        payload: Payload,
    ) -> None:
        self.session = session
        self.shape = shape
        self.method = method
        """As the locustfile wrote it."""
        self.url = url
        self.target = target
        self.payload = payload
        self.data = shape.head.request(target, payload.data)
        self.asked = ""
        """The URL as the locustfile wrote it."""
        self.explicit_name: str | None = None
        self.context: dict[str, Any] = {}
        self.start_time = 0.0
        self.took_ms = 0.0

    @property
    def adapter(self) -> Any:
        return self.shape.adapter

    def request(self) -> PreparedRequest:
        """The prepared request, as Session.prepare_request would have made it."""
        prepared = self.shape.prepared.copy()
        prepared.url = self.url
        prepared._cookies = merge_cookies(RequestsCookieJar(), self.session.cookies)
        prepared.body = self.payload.body
        if self.payload.data:
            prepared.headers["Content-Length"] = str(len(self.payload.data))
        if self.explicit_name:
            prepared._explicit_name = self.explicit_name  # type: ignore[attr-defined]
        return prepared

    @property
    def name(self) -> str:
        return self.explicit_name or self.target

    def meta(self, response: Any) -> dict[str, Any]:
        """What Locust tells the listeners of its request event."""
        return {
            "request_type": self.method,
            "response_time": self.took_ms,
            "name": self.name,
            "context": self.context,
            "response": response,
            "exception": None,
            "start_time": self.start_time,
            "url": self.url,
            "response_length": len(response.content or b""),
        }


def payload_of(data: Any, json: Any) -> Payload | None:
    """What these arguments send; None when requests has to see to it, as with files and errors."""
    if not data:
        if data is not None and type(data) not in (str, bytes, dict, list, tuple):
            return None
        if json is None:
            return NOTHING
        try:
            body = complexjson.dumps(json, allow_nan=False).encode("utf-8")
        except (TypeError, ValueError):
            return None
        return Payload("json", body, body)
    if type(data) is bytes:
        return Payload("plain", data, data)
    if type(data) is str:
        return Payload("plain", data, data.encode("utf-8"))
    if type(data) is dict:
        try:
            text = PreparedRequest._encode_params(data)
        except Exception:
            return None
        return Payload("form", text, text.encode("utf-8")) if text else None
    return None
