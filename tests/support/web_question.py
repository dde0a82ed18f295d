"""Questions to a web API over real HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.support.waiting import TIMEOUT_S


class Heard(NamedTuple):
    status: int
    headers: Message
    text: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)


def asked(
    address: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str
) -> Heard:
    """The answer of an address, whatever its status; a form is posted."""
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(
        address, data, {name.replace("_", "-"): value for name, value in headers.items()}
    )
    request.method = "POST" if form is not None else method
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=2 * TIMEOUT_S) as answer:
            return Heard(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Heard(error.code, error.headers, error.read().decode())
