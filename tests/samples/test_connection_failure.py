"""Failures to connect, told by what is recorded of them."""

from __future__ import annotations

import pytest

from loadtui.samples.connection_failure import ConnectionFailure, connection_failure, error_text

REQUESTS = "HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded with url: / "


@pytest.mark.parametrize(
    ("message", "failure"),
    [
        ("ConnectionRefusedError(111, 'Connection refused')", ConnectionFailure.REFUSED),
        (
            f"ConnectionError(MaxRetryError(\"{REQUESTS}(Caused by NewConnectionError('... [Errno "
            "111] Connection refused'))\"))",
            ConnectionFailure.REFUSED,
        ),
        ("gaierror(-2, 'Name or service not known')", ConnectionFailure.NAME),
        (
            "SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)')",
            ConnectionFailure.NOT_TLS,
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate "
            "verify failed: self-signed certificate (_ssl.c:1006)'))",
            ConnectionFailure.CERTIFICATE,
        ),
        ("SSLEOFError(8, 'EOF occurred in violation of protocol')", ConnectionFailure.TLS),
        ("TimeoutError(110, 'Connection timed out')", ConnectionFailure.TIMEOUT),
        ("OSError(113, 'No route to host')", ConnectionFailure.UNREACHABLE),
        ("HTTPConnectionClosed('connection closed.')", ConnectionFailure.CLOSED),
        ("ConnectionResetError(104, 'Connection reset by peer')", ConnectionFailure.CLOSED),
        ("LocustBadStatusCode(code=500)", None),
        ("HTTPError('500 Server Error: Connection refused for url: /')", None),
        ("ReadTimeout('timed out')", None),
        ("Connection refused, says my own check", None),
        ("ProxyError('Cannot connect to proxy', ConnectionRefusedError(111))", None),
        ("OSError(24, 'Too many open files')", None),
    ],
)
def test_which_failure(message: str, failure: ConnectionFailure | None) -> None:
    assert connection_failure(message) is failure
    assert error_text(message) == (message if failure is None else failure.value)
