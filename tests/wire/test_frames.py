"""Frames on the control socket."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.wire.frames import HEADER, MAX_FRAME, body_length, pack, unpack_command, unpack_pushed
from loadtui.wire.messages import Command, Pushed, Reply


def test_a_message_comes_back_as_it_was_sent() -> None:
    command, pushed = Command(7, "users"), Pushed(Reply(7, "too many"))
    for message, unpack in ((command, unpack_command), (pushed, unpack_pushed)):
        frame = pack(message)
        header, body = frame[: HEADER.size], frame[HEADER.size :]
        assert body_length(header) == len(body)
        assert unpack(body) == message


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        unpack_command(pack(Pushed(Reply(7)))[HEADER.size :])
    with pytest.raises(msgspec.DecodeError):
        unpack_pushed(b"")


def test_no_frame_takes_all_memory() -> None:
    assert body_length(HEADER.pack(MAX_FRAME)) == MAX_FRAME
    with pytest.raises(ValueError, match=f"frame of {MAX_FRAME + 1} bytes"):
        body_length(HEADER.pack(MAX_FRAME + 1))
