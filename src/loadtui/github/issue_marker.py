"""The line in an issue's body by which a later run finds it again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

MOST_ITEMS = 400
"""So many endpoints are written down at most: a body may have 65 536 characters."""
_DIGITS = 12
_MARKER = re.compile(
    r"<!-- loadtui:regression plan=(?P<plan>[0-9a-f]+) of=(?P<items>[0-9a-f]+(?:,[0-9a-f]+)*) -->"
)


class IssueMarker(NamedTuple):
    """What regressed: digests, so that no name can end the comment they stand in."""

    plan: str
    items: frozenset[str]
    """Of endpoints, or of the total when no endpoint failed by itself."""

    @classmethod
    def of(cls, plan: str, endpoints: Iterable[str]) -> IssueMarker:
        """The marker of a plan's failing endpoints, by their labels."""
        labels = sorted(set(endpoints))[:MOST_ITEMS]
        return cls(_digest(plan), frozenset(map(_digest, labels)))

    @classmethod
    def read(cls, body: str | None) -> IssueMarker | None:
        """The marker in the body of an issue, None when it has none."""
        found = _MARKER.search(body or "")
        return found and cls(found["plan"], frozenset(found["items"].split(",")))

    def text(self) -> str:
        return f"<!-- loadtui:regression plan={self.plan} of={','.join(sorted(self.items))} -->"

    def same(self, other: IssueMarker) -> bool:
        """The same plan, and at least one endpoint that failed both times: one regression shows at
        more or fewer endpoints from run to run, and is still one."""
        return self.plan == other.plan and not self.items.isdisjoint(other.items)


def plan_digest(plan: str) -> str:
    """What `Marker.plan` holds for a plan of that name."""
    return _digest(plan)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
