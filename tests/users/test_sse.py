"""Server-sent events: the standard's own examples, and the same events however they arrive."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.users import sse
from loadtui.users.sse import LONGEST_RETRY_MS, EventParser, EventTooLong, ServerSentEvent


def parsed(*pieces: bytes) -> list[ServerSentEvent]:
    parser = EventParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def data_of(*pieces: bytes) -> list[bytes]:
    return [event.data for event in parsed(*pieces)]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"data: one\n\ndata: two\n\n", [b"one", b"two"]),
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [b"YHOO\n+2\n10"]),
        # The standard's examples: one space goes, a colon is no must, an empty one still counts.
        (b"data:test\n\ndata: test\n\ndata:  test\n\n", [b"test", b"test", b" test"]),
        (b"data\n\ndata\ndata\n\ndata:", [b"", b"\n"]),
        (b": test stream\n\ndata: first\nid: 1\n\n", [b"first"]),
        (b"\xef\xbb\xbfdata: after the mark\n\n", [b"after the mark"]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: only one mark goes\n\n", []),
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\r\n", [b"a", b"b", b"c"]),
        (b"event: nothing\n\n\n\n: x\n\nunknown: field\n\n", []),
        ("data: \u2028 \x0b\x0c\x1c\x85\n\n".encode(), ["\u2028 \x0b\x0c\x1c\x85".encode()]),
        (b"data: no blank line\n", []),
        (b"data: no end of line", []),
        (b"", []),
    ],
)
def test_what_the_standard_says(body: bytes, events: list[bytes]) -> None:
    assert data_of(body) == events
    assert data_of(*(body[at : at + 1] for at in range(len(body)))) == events


def test_kind_and_id() -> None:
    body = b"event: error\nid: 7\ndata: x\n\ndata: y\n\nid\ndata: z\n\nid: a\0b\ndata: w\n\n"
    assert parsed(body) == [
        ServerSentEvent(b"x", "error", "7"),
        ServerSentEvent(b"y", "message", "7"),
        ServerSentEvent(b"z", "message", ""),
        ServerSentEvent(b"w", "message", ""),
    ]


def test_retry() -> None:
    parser = EventParser()
    parser.feed(b"retry: 1500\nretry: soon\n\n")
    assert parser.retry_ms == 1500
    parser.feed(b"retry: " + b"9" * 5000 + b"\n\n")
    assert parser.retry_ms == 1500
    parser.feed(b"retry: 31536000000\n\n")
    assert parser.retry_ms == LONGEST_RETRY_MS


@pytest.mark.parametrize(
    ("body", "pending"),
    [
        (b"data: x\n\n", False),
        (b"data: x\n\n: comment\n", False),
        (b"data: x\n\nd", True),
        (b"data: x\n", True),
        (b"event: error\n", True),
        (b"data: x\r\n\r", False),
    ],
)
def test_what_is_left_of_a_stream_that_was_cut(body: bytes, pending: bool) -> None:
    parser = EventParser()
    parser.feed(body)
    assert parser.pending is pending


def test_an_event_counts_at_its_last_byte() -> None:
    """A carriage return ends a line at once; waiting for a line feed would hold a token back."""
    parser = EventParser()
    assert parser.feed(b"data: x\r") == []
    assert parser.feed(b"\r") == [ServerSentEvent(b"x")]
    assert parser.feed(b"\ndata: y\r\n\r") == [ServerSentEvent(b"y")]
    assert parser.feed(b"\n") == []


def test_a_line_of_megabytes_in_small_pieces() -> None:
    piece = b"x" * 4096
    (event,) = parsed(b"data: ", *[piece] * 2560, b"\n", b"\n")
    assert len(event.data) == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"data: ", b"x" * 100),
        (b"", b"data: x\n" * 20),
        (b": ", b"x" * 100),
        (b"event: x\n", b": y\n"),
    ],
)
def test_an_event_without_an_end(
    monkeypatch: pytest.MonkeyPatch, begin: bytes, more: bytes
) -> None:
    monkeypatch.setattr(sse, "LONGEST_EVENT_BYTES", 1000)
    with pytest.raises(EventTooLong, match="look at what the service sends"):
        parsed(begin, *[more] * 1000)


def test_many_events_are_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LONGEST_EVENT_BYTES", 1000)
    piece = b"x\n\n: comment\n\ndata: " + b"y" * 90
    assert len(parsed(b"data: ", *[piece] * 100)) == 100


line_ends = st.sampled_from([b"\n", b"\r", b"\r\n"])
# What lies within a line: bytes that could be mistaken for something else are frequent.
contents = st.lists(
    st.sampled_from([b":", b" ", b"data", b"id", b"\xef\xbb\xbf", b"\0", b"[DONE]", b"\x0b", b"7"]),
    max_size=4,
).map(b"".join)
lines = st.one_of(
    st.builds(lambda field, text: field + text, st.sampled_from([b"data: ", b"data:"]), contents),
    contents.map(lambda text: b":" + text),
    contents.map(lambda text: b"event: " + text),
    contents,
    st.just(b""),
    st.just(b""),
)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, list[ServerSentEvent]]:
    """A body and its events, worked out line by line from the standard's words."""
    written = draw(st.lists(lines, max_size=12))
    ends = [draw(line_ends) for _ in written]
    # An empty line after a CR whose own end is LF would be read as the CRLF of one line.
    for at in range(1, len(written)):
        if not written[at] and ends[at - 1] == b"\r" and ends[at] == b"\n":
            ends[at] = b"\r"
    return b"".join(t + e for t, e in zip(written, ends, strict=True)), expected(written)


def expected(written: list[bytes]) -> list[ServerSentEvent]:
    events, data, kind, last_id = [], "", "", ""
    for number, line in enumerate(written):
        text = line.decode()
        if number == 0:
            text = text.removeprefix("\ufeff")
        if not text:
            if data:
                events.append(ServerSentEvent(data[:-1].encode(), kind or "message", last_id))
            data, kind = "", ""
            continue
        if text.startswith(":"):
            continue
        name, value = text.split(":", 1) if ":" in text else (text, "")
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last_id = value
    return events


@settings(max_examples=150)
@given(bodies(), st.data())
def test_the_same_events_in_any_pieces(
    body: tuple[bytes, list[ServerSentEvent]], data: st.DataObject
) -> None:
    raw, events = body
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=8)))
    edges = [0, *cuts, len(raw)]
    pieces = [raw[a:b] for a, b in itertools.pairwise(edges)]
    assert parsed(*pieces) == events
    assert parsed(raw) == events
