"""A streamed completion comes to the same whatever pieces its body arrives in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.users.chat_stream import ChatStream
from loadtui.users.completion import Completion
from tests.support.event_streams import DONE, chunk, token, tokens, usage

events = st.sampled_from(
    [
        *tokens("one ", "zwölf ", "三 "),
        token(reasoning_content="hm"),
        token(tool_calls=[{"index": 0}]),
        token(refusal="no"),
        usage(12),
        chunk(error={"message": "out of memory"}),
        b": comment\n\n",
        b"data: oops\n\n",
        DONE,
    ]
)


def read(*pieces: bytes) -> Completion:
    """What comes of a body whose pieces arrive 10 ms apart, from 10 ms on."""
    stream = ChatStream(0.0, "POST /chat")
    for number, piece in enumerate(pieces, 1):
        if not stream.feed(piece, number / 100):
            break
    return stream.completion(1.0)


@settings(max_examples=100)
@given(st.lists(events, max_size=8), st.data())
def test_pieces_do_not_matter(written: list[bytes], data: st.DataObject) -> None:
    body = b"".join(written)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=6)))
    found = read(*(body[a:b] for a, b in pairwise([0, *cuts, len(body)])))
    whole = read(body)
    assert (found.ttft_ms is None) == (whole.ttft_ms is None)
    found.ttft_ms = whole.ttft_ms
    assert found == whole


def test_the_first_token_is_the_first_that_says_something() -> None:
    found = read(token("", role="assistant"), b": wait\n\n", token("hi"), token("!"), DONE)
    assert found.ttft_ms == 30
    assert (found.text, found.output_tokens, found.total_ms) == ("hi!", 2, 1000)


def test_thoughts_and_tool_calls_are_tokens() -> None:
    found = read(token(reasoning_content="hm"), token(tool_calls=[{"index": 0}]), DONE)
    assert (found.text, found.output_tokens, found.problem) == ("", 2, "")


def test_every_choice_has_to_end() -> None:
    def of(index: int, reason: str | None) -> bytes:
        return chunk(choices=[{"index": index, "delta": {"content": "x"}, "finish_reason": reason}])

    assert read(of(0, None), of(1, "stop")).problem != ""
    assert read(of(0, None), of(1, "stop"), of(0, "length")).problem == ""


def test_the_last_usage_counts() -> None:
    found = read(usage(1), token("a"), usage(5), DONE)
    assert (found.output_tokens, found.tokens_from) == (5, "usage")
