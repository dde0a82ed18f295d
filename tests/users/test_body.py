"""Bodies that are always there, as from a server that is quicker than the one who reads."""

from __future__ import annotations

from types import SimpleNamespace

import gevent

from loadtui.users.body import PAUSE_EVERY, PIECE, body_pieces

PIECES = 3 * PAUSE_EVERY // PIECE


class _Quick:
    """A response whose connection never has to be waited for."""

    def __init__(self) -> None:
        self._body_buffer = bytearray()
        self._sock = self
        self._left = PIECES

    @property
    def message_complete(self) -> bool:
        return self._left == 0

    def recv(self, size: int) -> bytes:
        return bytes(size)

    def feed(self, data: bytes) -> None:
        self._left -= 1
        self._body_buffer += data


def test_others_get_to_run_meanwhile() -> None:
    turns = 0

    def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            gevent.sleep(0)

    beside = gevent.spawn(other)
    response = SimpleNamespace(_response=_Quick(), headers={})
    read = sum(map(len, body_pieces(SimpleNamespace(), response)))
    beside.kill()
    assert read == PIECES * PIECE
    assert turns >= 2
