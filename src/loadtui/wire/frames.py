"""Frames on the control socket: four bytes of length, big endian, then a msgpack body."""

from __future__ import annotations

import struct

import msgspec

from loadtui.wire.messages import Command, Pushed

HEADER = struct.Struct(">I")
MAX_FRAME = 64 * 1024 * 1024

_encoder = msgspec.msgpack.Encoder()
_pushed = msgspec.msgpack.Decoder(Pushed)
_command = msgspec.msgpack.Decoder(Command)


def pack(message: Command | Pushed) -> bytes:
    body = _encoder.encode(message)
    return HEADER.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """Length that a frame's four header bytes announce; ValueError over MAX_FRAME."""
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME:
        raise ValueError(f"frame of {length} bytes on the control socket")
    return int(length)


def unpack_pushed(body: bytes) -> Pushed:
    return _pushed.decode(body)


def unpack_command(body: bytes) -> Command:
    return _command.decode(body)
