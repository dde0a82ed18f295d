"""What the template of a page is given: plain dicts, and how a verdict is put into one."""

from __future__ import annotations

from typing import Any

from loadtui.report.account.verdict_words import Wording

View = dict[str, Any]

_CSS_TONES = {"good": "good", "bad": "bad", "warn": "warn", "dim": "calm", "strong": "calm"}


def wording_view(wording: Wording) -> View:
    """`sign`, `word` in small letters, and `tone`, a class of the page's style sheet."""
    return {"sign": wording.sign, "word": wording.word, "tone": _CSS_TONES[wording.tone]}


def verdict_view(wording: Wording) -> View:
    """The same for where the verdict is the one thing to see, with what it means."""
    return {**wording_view(wording), "word": wording.phrase.capitalize()}
