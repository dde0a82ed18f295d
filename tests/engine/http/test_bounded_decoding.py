"""Bodies that are decompressed piece by piece."""

from __future__ import annotations

import random
import zlib

import brotli
import pytest

from loadtui.engine.http import response_limits
from loadtui.engine.http.bounded_decoding import (
    SMALL_BYTES,
    decompress_brotli,
    decompress_deflate,
)
from loadtui.engine.http.response_limits import ResponseTooLong

PLAIN = random.Random(1).randbytes(3 * SMALL_BYTES) + b"x" * (3 << 20)


def _deflated(plain: bytes, window_bits: int) -> bytes:
    maker = zlib.compressobj(1, zlib.DEFLATED, window_bits)
    return maker.compress(plain) + maker.flush()


@pytest.mark.parametrize("window_bits", [31, 15, -15], ids=["gzip", "zlib", "raw"])
def test_deflate(window_bits: int) -> None:
    packed = _deflated(PLAIN, window_bits)
    assert len(packed) > SMALL_BYTES
    assert decompress_deflate(packed, window_bits) == PLAIN
    assert decompress_deflate(packed + b"more", window_bits) == PLAIN
    for broken in (packed[:-1], packed[:-1000], b"no" + packed):
        with pytest.raises(zlib.error) as stock:
            zlib.decompress(broken, window_bits)
        with pytest.raises(zlib.error) as bounded:
            decompress_deflate(broken, window_bits)
        if broken is not packed[:-1]:
            assert str(bounded.value).split(" ")[1] == str(stock.value).split(" ")[1]


def test_brotli() -> None:
    packed = brotli.compress(PLAIN, quality=1)
    assert decompress_brotli(packed) == PLAIN
    assert decompress_brotli(brotli.compress(b"")) == b""
    for broken in (packed[:-1], packed + b"more", b"no", b""):
        with pytest.raises(brotli.error):
            brotli.decompress(broken)
        with pytest.raises(brotli.error):
            decompress_brotli(broken)


def test_more_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_limits, "MAX_RESPONSE_BYTES", len(PLAIN) - 1)
    with pytest.raises(ResponseTooLong):
        decompress_deflate(_deflated(PLAIN, 31), 31)
    if hasattr(brotli.Decompressor, "can_accept_more_data"):
        with pytest.raises(ResponseTooLong):
            decompress_brotli(brotli.compress(PLAIN, quality=1))
