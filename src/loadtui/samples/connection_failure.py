"""Failures to reach the target at all, told by the text that is recorded of them.

What is recorded is the exception as Locust shows it; the words are made of it wherever it is shown,
so that older runs are told in the same words, and kinds stay apart as Locust counts them.
"""

from __future__ import annotations

import re
from enum import Enum


class ConnectionFailure(Enum):
    """Why no answer came; the value is how tables say it."""

    REFUSED = "connection refused: nothing listens there"
    NAME = "unknown name: the host's address cannot be found"
    TIMEOUT = "timeout while connecting: the host does not answer"
    UNREACHABLE = "no route to the host"
    NOT_TLS = "TLS failed: the port does not speak TLS"
    CERTIFICATE = "TLS failed: the certificate is not trusted"
    TLS = "TLS failed"
    CLOSED = "connection closed before an answer"


_KINDS = (
    (ConnectionFailure.REFUSED, r"Connection ?refused|\[Errno 111\]"),
    (ConnectionFailure.NAME, r"gaierror|NameResolutionError|Name or service not known"),
    (ConnectionFailure.CERTIFICATE, r"CERTIFICATE_VERIFY_FAILED"),
    (ConnectionFailure.NOT_TLS, r"WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST"),
    (ConnectionFailure.TLS, r"SSLError|SSLEOFError|SSLZeroReturnError"),
    (ConnectionFailure.TIMEOUT, r"ConnectTimeout|[Cc]onnection timed out|\[Errno 110\]"),
    (ConnectionFailure.UNREACHABLE, r"No route to host|Network is unreachable"),
    (
        ConnectionFailure.CLOSED,
        r"RemoteDisconnected|Connection ?[Rr]eset|HTTPConnectionClosed|BrokenPipe"
        r"|Connection aborted",
    ),
)
_EXCEPTION = re.compile(r"[A-Za-z_.]*(Error|Timeout|Closed|Disconnected|Retry\w*|gaierror)\(")
_OTHER = re.compile(r"HTTPError\(|.*(ProxyError|Tunnel connection)", re.DOTALL)


def connection_failure(message: str) -> ConnectionFailure | None:
    """Of an exception as Locust shows it; None for any other failure, an answer among them, and
    for what a locustfile says in words of its own."""
    if not _EXCEPTION.match(message) or _OTHER.match(message):
        return None
    return next((kind for kind, pattern in _KINDS if re.search(pattern, message)), None)


def error_text(message: str) -> str:
    """The failure in words where there are some, else as it was recorded."""
    failure = connection_failure(message)
    return message if failure is None else failure.value
