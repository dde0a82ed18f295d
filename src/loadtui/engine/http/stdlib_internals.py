"""Names of Python's own library that the fast path uses beyond its documentation.

Seen in Python 3.11 to 3.14.
"""

from __future__ import annotations

import os
import time
import urllib.request
from typing import Any

from loadtui.engine.http.private_names import Dependency, PrivateName

_JAR = "http.cookiejar:CookieJar"
_CONNECTION = "http.client:HTTPConnection"


def _to_nowhere(connection_class: Any) -> Any:
    return connection_class("localhost")


def _made(owner: Any) -> Any:
    return owner()


def _asked(jar_class: Any) -> Any:
    """A jar that was asked for a header, which is when it looks at the clock."""
    jar = jar_class()
    jar.add_cookie_header(urllib.request.Request("http://localhost"))
    return jar


STDLIB_FOR_FASTHTTP = Dependency(
    "Python",
    (
        PrivateName(
            _JAR,
            "_cookies",
            "whether a jar is empty, without its lock",
            members=("keys",),
            example=_made,
        ),
    ),
)
STDLIB_FOR_REQUESTS = Dependency(
    "Python",
    (
        *STDLIB_FOR_FASTHTTP.names,
        PrivateName(_JAR, "_cookie_attrs", "the Cookie header without a request", ("cookies",)),
        PrivateName(_JAR, "_cookies_for_request", "the cookies that go to a URL", ("request",)),
        PrivateName(
            _JAR,
            "_policy",
            "has the time that cookies are compared with",
            members=("_now",),
            example=_asked,
        ),
        PrivateName(_JAR, "_now", "the time that cookies are compared with", example=_asked),
        PrivateName(
            _CONNECTION,
            "_HTTPConnection__response",
            "whether somebody still reads the last response",
            example=_to_nowhere,
        ),
        PrivateName(
            _CONNECTION,
            "_tunnel_host",
            "connections through a proxy are the stock client's",
            example=_to_nowhere,
        ),
        PrivateName(
            _CONNECTION,
            "debuglevel",
            "who wants to see what is sent gets the stock client",
            example=_to_nowhere,
        ),
    ),
)

ENVIRONMENT_VARIABLES: Any = getattr(os.environ, "_data", os.environ)
"""The mapping behind os.environ, which compares without decoding; os.environ itself without it."""


def cookie_header(jar: Any, request: Any) -> str | None:
    """The Cookie header that a jar sends with a request of the kind that it asks for."""
    jar._policy._now = jar._now = int(time.time())
    return "; ".join(jar._cookie_attrs(jar._cookies_for_request(request))) or None


def is_ordinary_connection(connection: Any) -> bool:
    """Whether a connection of http.client neither debugs nor tunnels nor connects otherwise than
    its class does, and nobody still reads its last response."""
    if connection.debuglevel or connection._tunnel_host or "connect" in connection.__dict__:
        return False
    response = connection._HTTPConnection__response
    return response is None or response.isclosed()
