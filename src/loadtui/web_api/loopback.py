"""Ports for this machine only, and who may ask there."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from loadtui.errors import UsageError


def bound(host: str, port: int, options: tuple[str, str] = ("--port", "--host")) -> socket.socket:
    """A socket at an address, any free port for 0; UsageError when it cannot be had, which names
    the options to choose another port or address with."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]
        raise UsageError(
            f"cannot listen at {host}:{port}: {why}; try another {options[0]} or {options[1]}"
        ) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_for_another_machine(host: str, bound_to: str) -> bool:
    """Whether a request to a loopback port says (`Host`) that it is meant for another name: a page
    of that name was made to mean this machine."""
    asked_for = urlsplit(f"//{host}").hostname or ""
    return is_loopback(bound_to) and not is_loopback(asked_for)


def is_from_another_page(host: str, origin: str | None, fetched_from: str | None = None) -> bool:
    """Whether a browser says that a page from elsewhere asks (`Origin`, `Sec-Fetch-Site`); what is
    no browser says neither."""
    if origin is not None and urlsplit(origin).netloc != host:
        return True
    return fetched_from not in (None, "same-origin", "none")
