"""Names of Locust's HTTP clients that the fast path uses beyond their documentation.

Seen in 2.47.0, which is also the lowest declared.
"""

from __future__ import annotations

from typing import Any

import locust.contrib.fasthttp
from requests.models import Request

from loadtui.engine.http.private_names import Dependency, PrivateName

_FAST = "locust.contrib.fasthttp"
_FAST_SESSION = f"{_FAST}:FastHttpSession"
_FAST_MANAGER = f"{_FAST}:ResponseContextManager"
_CLIENTS = "locust.clients"
_SESSION = f"{_CLIENTS}:HttpSession"
_MANAGER = f"{_CLIENTS}:ResponseContextManager"


def _session(session_class: Any) -> Any:
    return session_class("http://localhost", None, None)


def _prepared(session_class: Any) -> Any:
    """A request of a session that groups its requests under a name."""
    session = _session(session_class)
    session.explicit_name = "a name"
    return session.prepare_request(Request("GET", "http://localhost"))


_FOR_BOTH = (
    PrivateName("locust:User", "context", "a user class that overrides it is asked", ()),
    PrivateName(
        "locust.event:EventHook",
        "_handlers",
        "whether anybody listens to requests",
        members=("__len__",),
        example=lambda hook_class: hook_class(),
    ),
)

LOCUST_FOR_FASTHTTP = Dependency(
    "locust",
    (
        *_FOR_BOTH,
        PrivateName(_FAST, "FastHttpSession", "replaced, so that FastHttpUser takes ours"),
        PrivateName(_FAST, "LocustUserAgent", "replaced, so that sessions take ours"),
        PrivateName(_FAST, "FAILURE_EXCEPTIONS", "what is a failure of the request"),
        PrivateName(
            _FAST, "_construct_basic_auth_str", "the Authorization header", ("user", "password")
        ),
        PrivateName(
            _FAST_SESSION, "_build_url", "a subclass that overrides it is asked", ("path",)
        ),
        PrivateName(
            _FAST_SESSION,
            "_send_request_safe_mode",
            "continues an exchange that is not for the fast path",
            ("method", "url", "payload=", "headers="),
        ),
        PrivateName(_FAST_SESSION, "base_url", "requests go there", example=_session),
        PrivateName(
            _FAST_SESSION,
            "client",
            "the user agent",
            members=("cookiejar", "clientpool", "urlopen"),
            example=_session,
        ),
        PrivateName(_FAST_SESSION, "auth_header", "from the base URL", example=_session),
        PrivateName(_FAST_SESSION, "request_name", "from rename_request", example=_session),
        PrivateName(_FAST_SESSION, "request_event", "told of each request", example=_session),
        PrivateName(_FAST_SESSION, "user", "whose context listeners are told", example=_session),
        PrivateName(
            f"{_FAST}:LocustUserAgent", "_urlopen", "overridden, to continue", ("request",)
        ),
        PrivateName(
            _FAST_MANAGER,
            "_entered",
            "its __init__ is not called, so the class has to have the first value",
        ),
        PrivateName(
            _FAST_MANAGER,
            "_manual_result",
            "its __init__ is not called, so the class has to have the first value",
        ),
        PrivateName(
            _FAST_MANAGER,
            "__init__",
            "what ours sets instead: _request_event, request_meta, _catch_response",
            ("response", "request_event", "request_meta", "catch_response"),
        ),
    ),
)

LOCUST_FOR_REQUESTS = Dependency(
    "locust",
    (
        *_FOR_BOTH,
        PrivateName(_CLIENTS, "HttpSession", "replaced, so that locustfiles make ours"),
        PrivateName("locust.user.users", "HttpSession", "replaced, so that HttpUser takes ours"),
        PrivateName(_CLIENTS, "LocustHttpAdapter", "replaced, so that sessions mount ours"),
        PrivateName(_CLIENTS, "ResponseContextManager", "replaced: responses are ours"),
        PrivateName(_SESSION, "prepare_request", "whoever replaces it is asked", ("request",)),
        PrivateName(_SESSION, "_build_url", "whoever replaces it is asked", ("path",)),
        PrivateName(_SESSION, "_send_request_safe_mode", "whoever replaces it is asked"),
        PrivateName(_SESSION, "base_url", "requests go there", example=_session),
        PrivateName(_SESSION, "request_name", "from rename_request", example=_session),
        PrivateName(_SESSION, "request_event", "told of each request", example=_session),
        PrivateName(_SESSION, "user", "whose context listeners are told", example=_session),
        PrivateName(
            _SESSION,
            "_explicit_name",
            "the name of a request that is redirected",
            example=_prepared,
        ),
        PrivateName(
            _MANAGER,
            "wrap_response",
            "makes a stock response one that can be judged",
            ("response", "request_event=", "request_meta=", "catch_response="),
        ),
        PrivateName(_MANAGER, "error", "the class has the first value"),
        PrivateName(_MANAGER, "_manual_result", "the class has the first value"),
        PrivateName(_MANAGER, "_entered", "ours has the first value", in_class_body=True),
        PrivateName(_MANAGER, "_request_event", "set by ours", in_class_body=True),
        PrivateName(_MANAGER, "_catch_response", "set by ours", in_class_body=True),
        PrivateName(_MANAGER, "request_meta", "made by ours when looked at", in_class_body=True),
    ),
)

basic_auth: Any = getattr(locust.contrib.fasthttp, "_construct_basic_auth_str", None)
