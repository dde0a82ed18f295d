"""How the requests of a run ended, as programs count them that write no samples: answers by
status, and errors by their words.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.source import ImportSource

ONE_ENDPOINT = "http requests"
"""Name of the one endpoint of a program that tells none apart."""
FAILED_STATUSES = (
    "failed are answers with a status of 400 and above, and requests without an answer"
)
_STATUS = re.compile(r"[1-9](?:\d\d|xx)")
_ROUNDED = 1e-3
"""Difference between shares that is taken for rounding."""


@dataclass
class Outcomes:
    """Of an endpoint, or of all requests."""

    statuses: dict[str, int] = field(default_factory=dict)
    """HTTP status as `503`, or its class as `5xx` -> answers."""
    errors: dict[str, int] = field(default_factory=dict)
    """Why there was no answer, or what was wrong with it -> requests."""

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())

    @property
    def bad_answers(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= "4")

    @property
    def errors_in_all(self) -> int:
        return sum(self.errors.values())

    def failures(self, requests: int) -> int:
        """How many of the requests failed.  An error may be of an answer that has a bad status as
        well; such a request counts twice, and all never more than there are."""
        return min(self.bad_answers + self.errors_in_all, requests)

    def told_twice(self, requests: int) -> list[str]:
        """A sentence where some may have been counted twice."""
        of_answers = self.errors_in_all - max(requests - self.answers, 0)
        if not self.bad_answers or of_answers <= 0:
            return []
        return [
            f"{of_answers} of its errors are of requests that were answered; where the status was "
            "400 and above as well they count twice"
        ]

    def add_kinds(self, source: ImportSource, endpoint: tuple[str, str]) -> None:
        """Note what failed, of an endpoint by method and name, as the source's failures by kind."""
        kinds = {f"HTTP {status}": n for status, n in self.statuses.items() if status >= "4"}
        for kind, count in {**kinds, **self.errors}.items():
            source.record.errors.add((*endpoint, kind), count, None, None)


def read_statuses(fields: JsonFields, name: str) -> dict[str, int]:
    """An object of HTTP status -> count; UsageError for what is none."""
    statuses = fields.tally(name)
    for status in statuses:
        check_status(fields, name, status)
    return statuses


def check_status(fields: JsonFields, name: str, status: str) -> None:
    """UsageError for what is no HTTP status, nor a class of them as `5xx`."""
    if not _STATUS.fullmatch(status):
        raise fields.wrong(name, f"{status[:40]!r} is no HTTP status")


def check_share(
    fields: JsonFields, name: str, share: float | None, count: int, requests: int | None
) -> None:
    """UsageError for a share, 0 to 1, that is not that of a count, which the verdict is made of."""
    if share is None:
        return
    if share > 1:
        raise fields.wrong(name, f"{share * 100:g} % is more than all")
    if requests and abs(share - count / requests) > _ROUNDED:
        raise fields.wrong(
            name,
            f"is {share * 100:.4g} %, and {count} of {requests} requests are "
            f"{count / requests * 100:.4g} %",
        )


def sums_that_differ(sums: Mapping[str, tuple[int | None, int | None]]) -> Iterator[str]:
    """Sentences on what is said of all and what its parts add up to, where both are known."""
    for what, (said, parts) in sums.items():
        if said is not None and parts is not None and said != parts:
            yield f"it says {said} {what}, and its parts add up to {parts}"
