"""Remarks on a run, each told once with how often it came about."""

from __future__ import annotations

MAX_REMARKS = 100
FURTHER_REMARKS = "there were further remarks, which are not saved"


class RemarkCounts:
    """How often each remark came about, in the order they first did; the texts past MAX_REMARKS
    are counted as one."""

    def __init__(self) -> None:
        self.by_text: dict[str, int] = {}

    def add(self, text: str, count: int = 1) -> None:
        """Count a remark: a sentence without its full stop and without the number."""
        if text not in self.by_text and len(self.by_text) >= MAX_REMARKS:
            text = FURTHER_REMARKS
        self.by_text[text] = self.by_text.get(text, 0) + count

    def take(self) -> dict[str, int]:
        """The remarks since the last call, which are then forgotten."""
        taken, self.by_text = self.by_text, {}
        return taken
