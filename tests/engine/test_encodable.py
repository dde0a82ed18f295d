"""Whatever user code calls an endpoint can be sent to the host."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.engine.encodable import MARK, encodable, shortened


@given(st.text(st.characters()))
def test_every_text_can_be_sent(text: str) -> None:
    assert len(encodable(text).encode()) >= len(text)


@given(st.text())
def test_what_can_be_sent_stays_as_it_is(text: str) -> None:
    assert encodable(text) is text


def test_half_a_character_is_a_question_mark() -> None:
    assert encodable("/chat \ud83d!") == "/chat ?!"


def test_a_cut_is_marked() -> None:
    assert shortened("abcd", 4) == "abcd"
    assert shortened("abcd\ud83d", 4) == "abc" + MARK
    assert shortened("ab\ud83d", 4) == "ab?"
