"""The line by which the comment of a pull request is found again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

LONGEST_COMMENT = 65_000
"""Characters of a comment beside its marker; GitHub takes 65 536 in all."""


def comment_marker(plans: Iterable[str]) -> str:
    """Of the plans' names, so that jobs with other plans have comments of their own; a digest, so
    that no name can end it."""
    text = "\n".join(sorted(set(plans)))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"<!-- loadtui:comment plans={digest} -->"
