"""Bodies, decompressed piece by piece: a few megabytes may stand for any number of gigabytes.

What they hold, and what is raised where they are broken, is as when they are decompressed at once.
"""

from __future__ import annotations

import zlib
from typing import Any

from geventhttpclient.useragent import brotli

from loadtui.engine.http.response_limits import ResponseAllowance

SMALL_BYTES = 1 << 16
"""A body of deflate that is no longer than this holds at most 1032 times as much."""
_PIECE_BYTES = 1 << 20


def decompress_deflate(body: bytes, window_bits: int) -> bytes:
    """As zlib.decompress.  Raises ResponseTooLong too."""
    if len(body) > SMALL_BYTES:
        decoder = zlib.decompressobj(window_bits)
        allowance = ResponseAllowance()
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
    """As brotli.decompress.  Raises ResponseTooLong too, but not with a brotli before 1.2, which
    decompresses at once."""
    decoder: Any = brotli.Decompressor()
    if not hasattr(decoder, "can_accept_more_data"):
        return bytes(brotli.decompress(body))
    allowance = ResponseAllowance()
    pieces = []
    piece = decoder.process(body, output_buffer_limit=_PIECE_BYTES)
    while piece:
        allowance.take(len(piece))
        pieces.append(piece)
        if decoder.is_finished():
            break
        piece = decoder.process(b"", output_buffer_limit=_PIECE_BYTES)
    if decoder.is_finished() and decoder.can_accept_more_data():
        return b"".join(pieces)
    del pieces
    return bytes(brotli.decompress(body))
