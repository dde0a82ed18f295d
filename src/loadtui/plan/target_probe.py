"""Tries whether a target can be reached: its name, a connection, TLS.  No request is sent."""

from __future__ import annotations

import re
import socket
import ssl
from urllib.parse import urlsplit

TRY_S = 5.0
"""How long a name, a connection and TLS may take, each."""
_PLAIN_TRY_S = 1.0
_ANOTHER = "-H gives another host"


def is_base_url(host: str) -> bool:
    """Whether HTTP can be sent to a host as it is written."""
    return re.match(r"https?://[^/]", host, re.IGNORECASE) is not None


def target_fault(url: str, *, verify: bool, timeout_s: float = TRY_S) -> str:
    """Why nothing can be sent to a base URL, in one sentence; empty when it can.

    `verify` says whether the certificate must be trusted, as `HttpUser` wants it; `FastHttpUser`
    does not look.  Blocks for up to three times `timeout_s`.
    """
    try:
        parts = urlsplit(url)
        host, tls = parts.hostname or "", parts.scheme.lower() == "https"
        port = parts.port or (443 if tls else 80)
    except ValueError as error:
        return f"{url} is not a base URL: {error}"
    return _fault(host, port, tls, verify, timeout_s)


def _fault(host: str, port: int, tls: bool, verify: bool, timeout_s: float) -> str:
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        connection = socket.create_connection((host, port), timeout=timeout_s)
    except (socket.gaierror, UnicodeError):
        return f"the name {host} is not known; is it spelled right? {_ANOTHER}"
    except ConnectionRefusedError:
        return f"nothing listens at {at}; is it up? {_ANOTHER}"
    except TimeoutError:
        return (
            f"{at} does not answer attempts to connect; is it up, and does a firewall let this "
            f"machine through? {_ANOTHER}"
        )
    except OSError as error:
        return f"{at} cannot be reached ({_reason(error)}); {_ANOTHER}"
    with connection:
        if tls:
            return _tls_fault(connection, host, at, verify)
        if _speaks_tls(connection, host):
            return f"{at} speaks TLS; is it https:// rather than http://? {_ANOTHER}"
    return ""


def _tls_fault(connection: socket.socket, host: str, at: str, verify: bool) -> str:
    try:
        _context(verify).wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        return (
            f"the certificate of {at} is not trusted ({error.verify_message}); HttpUser refuses it "
            "unless the locustfile sets self.client.verify"
        )
    except ssl.SSLEOFError:
        return f"{at} accepts connections and closes them during TLS; {_ANOTHER}"
    except ssl.SSLError as error:
        if error.reason in ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST"):
            return f"{at} does not speak TLS; is it http:// rather than https://? {_ANOTHER}"
        return f"TLS with {at} failed ({_reason(error)}); {_ANOTHER}"
    except TimeoutError:
        return f"{at} accepts connections and does not answer TLS; {_ANOTHER}"
    except OSError:
        return f"{at} accepts connections and closes them during TLS; {_ANOTHER}"
    return ""


def _speaks_tls(connection: socket.socket, host: str) -> bool:
    """Whether a port that plain HTTP is to be sent to takes TLS instead: no plain server
    finishes a handshake."""
    connection.settimeout(_PLAIN_TRY_S)
    try:
        _context(verify=False).wrap_socket(connection, server_hostname=host).close()
    except OSError:
        return False
    return True


def _context(verify: bool) -> ssl.SSLContext:
    if verify:
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: OSError) -> str:
    reason = getattr(error, "reason", None) or error.strerror or str(error)
    return " ".join(str(reason).replace("_", " ").split()).lower()
