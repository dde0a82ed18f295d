"""Bodies, decompressed piece by piece: a few megabytes may stand for any number of gigabytes.

What they hold, and what is raised where they are broken, is as when they are decompressed at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from geventhttpclient.useragent import brotli

from loadtui.engine.http.response_limits import ResponseAllowance

SMALL_BYTES = 1 << 16
"""A body of deflate that is no longer than this holds at most 1032 times as much."""
_PIECE_BYTES = 1 << 20
_CRUMB_BYTES = 16
"""No few bytes of brotli stand for more than some blocks of 16 MB."""


def decompress_deflate(body: bytes, window_bits: int) -> bytes:
    """As zlib.decompress.  Raises ResponseTooLong too."""
    if len(body) > SMALL_BYTES:
        decoder = zlib.decompressobj(window_bits)
        allowance = ResponseAllowance()
        allowance.bound()
        pieces = []
        rest = body
        while not decoder.eof:
            piece = decoder.decompress(rest, _PIECE_BYTES)
            rest = decoder.unconsumed_tail
            if not piece and not rest:
                break
            allowance.take(len(piece))
            pieces.append(piece)
        if decoder.eof:
            return b"".join(pieces)
        del pieces
    return zlib.decompress(body, window_bits)  # cut off, it is refused in zlib's own words


def decompress_brotli(body: bytes) -> bytes:
    """As brotli.decompress.  Raises ResponseTooLong too."""
    decoder: Any = brotli.Decompressor()
    allowance = ResponseAllowance()
    allowance.bound()
    pieces = []
    limited = hasattr(decoder, "can_accept_more_data")
    for piece in (_brotli_pieces if limited else _crumbs_of_brotli)(decoder, body):
        allowance.take(len(piece))
        pieces.append(piece)
    if decoder.is_finished() and (not limited or decoder.can_accept_more_data()):
        return b"".join(pieces)
    del pieces
    return bytes(brotli.decompress(body))  # cut off or with a rest: as brotli says it


def _brotli_pieces(decoder: Any, body: bytes) -> Iterator[bytes]:
    piece = decoder.process(body, output_buffer_limit=_PIECE_BYTES)
    while piece:
        yield piece
        if decoder.is_finished():
            return
        piece = decoder.process(b"", output_buffer_limit=_PIECE_BYTES)


def _crumbs_of_brotli(decoder: Any, body: bytes) -> Iterator[bytes]:
    """Before brotli 1.2 all is given out that the bytes stand for, so it gets few at a time."""
    for start in range(0, len(body), _CRUMB_BYTES):
        yield decoder.process(body[start : start + _CRUMB_BYTES])
