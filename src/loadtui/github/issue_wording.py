"""What an issue says."""

from __future__ import annotations

from typing import NamedTuple


class IssueWording(NamedTuple):
    """Title, texts in Markdown, and labels; `report.issue` makes it."""

    title: str
    body: str
    """Holds the marker."""
    comment: str
    """For an issue that is open already, or for a duplicate."""
    labels: tuple[str, ...]
