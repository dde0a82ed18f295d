"""Which requests of a description are sent, when nobody says which."""

from __future__ import annotations

from dataclasses import replace

from loadtui.errors import UsageError
from loadtui.new_project.service_request import SAFE_METHODS, ServiceRequest
from loadtui.plurals import counted


def weighted(
    requests: list[ServiceRequest], writes: bool
) -> tuple[list[ServiceRequest], list[str]]:
    """Only requests that change nothing are sent by default; where there is none of these, those
    by POST are, as most services that only compute answers take them."""
    if writes:
        return requests, []
    sent = {"POST"} if all(one.method not in SAFE_METHODS for one in requests) else SAFE_METHODS
    if all(one.method not in sent for one in requests):
        raise UsageError(
            "each of the requests changes data, and these are not sent by default; "
            "--writes has them sent, to a system that is there for tests"
        )
    made = [one if one.method in sent else replace(one, weight=0) for one in requests]
    unsent = sum(one.weight == 0 for one in made)
    if not unsent:
        return made, []
    return made, [
        f"{counted(unsent, 'request')} that {'changes' if unsent == 1 else 'change'} data "
        f"{'is' if unsent == 1 else 'are'} in the locustfile with weight 0, which is not sent; "
        "--writes has them sent"
    ]
