"""Requests that are alike but for target and body, prepared once by requests' own code."""

from __future__ import annotations

from typing import Any, NamedTuple

from requests.cookies import RequestsCookieJar, merge_cookies
from requests.models import PreparedRequest, Request
from requests.utils import select_proxy

from loadtui.engine.http.request_head import RequestHead
from loadtui.engine.http.requests.destination import Destination
from loadtui.engine.http.requests.requests_internals import encode_params, json_encoder
from loadtui.engine.http.requests.transport_adapter import AcceleratedAdapter
from loadtui.engine.http.requests.urllib3_head import build_urllib3_head


class RequestTemplate(NamedTuple):
    """What requests of one method, host, set of headers and kind of body have in common."""

    adapter: Any
    head: RequestHead
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


NO_HOOKS: dict[str, Any] = {"response": []}
NO_PAYLOAD = Payload("", None, b"")


class SentRequest:
    """One request as it is sent, and what is needed to build its objects, should anybody ask."""

    __slots__ = (
        "context",
        "data",
        "explicit_name",
        "method",
        "payload",
        "session",
        "start_time",
        "target",
        "template",
        "took_ms",
        "url",
        "written_url",
    )

    def __init__(
        self,
        session: Any,
        template: RequestTemplate,
        method: str,
        url: str,
        target: str,
        payload: Payload,
    ) -> None:
        self.session = session
        self.template = template
        self.method = method
        """As the locustfile wrote it."""
        self.url = url
        self.target = target
        self.payload = payload
        self.data = template.head.request(target, payload.data)
        self.written_url = ""
        """The URL as the locustfile wrote it."""
        self.explicit_name: str | None = None
        self.context: dict[str, Any] = {}
        self.start_time = 0.0
        self.took_ms = 0.0

    @property
    def adapter(self) -> Any:
        return self.template.adapter

    def request(self) -> PreparedRequest:
        """The prepared request, as Session.prepare_request would have made it."""
        prepared = self.template.prepared.copy()
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
            return NO_PAYLOAD
        try:
            body = json_encoder.dumps(json, allow_nan=False).encode("utf-8")
        except (TypeError, ValueError):
            return None
        return Payload("json", body, body)
    if type(data) is bytes:
        return Payload("plain", data, data)
    if type(data) is str:
        return Payload("plain", data, data.encode("utf-8"))
    if type(data) is dict:
        try:
            text = encode_params(data)
        except Exception:
            return None
        return Payload("form", text, text.encode("utf-8")) if text else None
    return None


def build_template(
    session: Any,
    method: str,
    destination: Destination,
    headers: Any,
    auth: Any,
    verify: Any,
    payload: Payload,
) -> RequestTemplate | None:
    """What requests like this one have in common, by the very steps of Session.request.

    None when they are not for the fast path.  Raises what those steps raise.
    """
    kind, body, _ = payload
    session.explicit_name = None
    example: Any = {"headers": headers, "auth": auth, "data": {}}
    if kind == "json":
        example["json"] = 0
    elif kind == "form":
        example["data"] = {"a": "b"}
    elif kind:
        example["data"] = "a" if type(body) is str else b"a"
    prepared = session.prepare_request(Request(method.upper(), destination.url, **example))
    settings = session.merge_environment_settings(prepared.url or "", {}, None, verify, None)
    adapter: Any = session.get_adapter(prepared.url or "")
    if (
        prepared.url != destination.url
        or prepared.hooks != NO_HOOKS
        or settings["stream"]
        or select_proxy(destination.url, settings["proxies"])
        or not isinstance(adapter, AcceleratedAdapter)
        or not adapter.is_ordinary
    ):
        return None
    example_body: Any = prepared.body
    if isinstance(example_body, str):
        example_body = example_body.encode("utf-8")
    origin = destination.origin
    pool = adapter.pool_of(prepared, origin, settings["verify"], settings["cert"])
    head = build_urllib3_head(pool, prepared.method or "", prepared.headers, example_body)
    return None if head is None else RequestTemplate(adapter, head, prepared, origin, settings)
