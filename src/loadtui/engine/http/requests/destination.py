"""Where a request goes: a URL taken apart as requests prepares it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from requests.models import PreparedRequest
from urllib3.util.url import _encode_target

from loadtui.engine.http.requests.transport_adapter import ORIGIN
from loadtui.engine.http.requests.urllib3_head import KEPT

# A URL that requests leaves as it is, split where the target begins: no escapes, user, fragment,
# dot segments, capitals in the host or empty query.
_PLAIN = r"[A-Za-z0-9\-._~$&'()*+,=:@"
PLAIN_URL = re.compile(
    rf"(https?://[a-z0-9][a-z0-9.\-]*(?::[1-9][0-9]*)?)"
    rf"(/(?![/.])(?:(?!/\.){_PLAIN}/])*(?:\?{_PLAIN}/?]+)?)"
)
_ENCODED = re.compile(r"[A-Za-z0-9\-._~&=+%]+")


class Destination(NamedTuple):
    origin: str
    """Scheme and host, with the port where there is one."""
    url: str
    """The whole of it, parameters included."""
    target: str
    """What stands in the request line."""


class Destinations:
    """Takes URLs apart; those that need requests' own steps are remembered."""

    def __init__(self) -> None:
        self._known: dict[str, Destination | None] = {}

    def forget(self) -> None:
        self._known.clear()

    def of(self, url: str, params: Any) -> Destination | None:
        """Origin, full URL and target of a request, as requests prepares them."""
        plain = PLAIN_URL.fullmatch(url)
        if plain is not None:
            origin, target = plain.groups()
        else:
            place = self._prepared(url)
            if place is None:
                return None
            origin, url, target = place
            if params and "#" in url:
                return None
        if not params:
            return Destination(origin, url, target)
        if type(params) is not dict:
            return None
        try:
            encoded = PreparedRequest._encode_params(
                {key: value for key, value in params.items() if value is not None}
            )
        except Exception:
            return None
        if not encoded:
            return Destination(origin, url, target)
        if _ENCODED.fullmatch(encoded) is None:
            return None
        sign = "&" if "?" in target else "?"
        return Destination(origin, f"{url}{sign}{encoded}", f"{target}{sign}{encoded}")

    def _prepared(self, url: str) -> Destination | None:
        """The same for a URL that is not plain, through requests' own steps."""
        if url in self._known:
            return self._known[url]
        prepared = PreparedRequest()
        try:
            prepared.prepare_url(url, {})
            full = prepared.url or ""
            target = _encode_target(prepared.path_url)
        except Exception:
            return None  # the stock session says the same, where the locustfile expects it
        origin = ORIGIN.match(full)
        place = Destination(origin[0], full, target) if origin and "@" not in full else None
        # the name of a request is its path as requests has it
        if target != prepared.path_url:
            place = None
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[url] = place
        return place
