"""Whether a target answers at all: one request."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from loadtui.plan.target_probe import target_fault

ANSWER_S = 5.0


def silence(url: str, timeout_s: float = ANSWER_S) -> str:
    """Why a base URL gives no answer, in one sentence; empty when it gives one, of any status."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname = False  # as FastHttpUser, which trusts any certificate
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=timeout_s, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.request("GET", parts.path or "/", headers={"User-Agent": "loadtui"})
        connection.getresponse()
    except TimeoutError:
        if fault := target_fault(url, verify=False, timeout_s=timeout_s):
            return fault
        return f"{url} takes the connection and does not answer within {timeout_s:g} s"
    except (OSError, http.client.HTTPException, ValueError):
        return target_fault(url, verify=False, timeout_s=timeout_s) or (
            f"{url} takes the connection and does not answer in HTTP"
        )
    finally:
        connection.close()
    return ""
