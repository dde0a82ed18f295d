"""Bodies that are decompressed piece by piece."""

from __future__ import annotations

import random
import zlib

import brotli
import pytest

from loadtui.engine.http import bounded_decoding, response_limits
from loadtui.engine.http.bounded_decoding import (
    SMALL_BYTES,
    decompress_brotli,
    decompress_deflate,
)
from loadtui.engine.http.response_limits import ResponseTooLong

_DECOMPRESSOR = brotli.Decompressor
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
        # "Error -3 while decompressing data: ..."; the words in between differ by zlib's entry
        assert str(bounded.value).split()[:2] == str(stock.value).split()[:2]
        assert str(bounded.value).split(": ")[1:] == str(stock.value).split(": ")[1:]


class _FormerDecompressor:
    """As before brotli 1.2, whose decompressor knows no limit."""

    def __init__(self) -> None:
        self._decoder = _DECOMPRESSOR()
        self.most = 0

    def process(self, data: bytes) -> bytes:
        made: bytes = self._decoder.process(data)
        self.most = max(self.most, len(made))
        return made

    def is_finished(self) -> bool:
        return bool(self._decoder.is_finished())


@pytest.fixture(params=["limit", "no limit"])
def _kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no limit":
        monkeypatch.setattr(bounded_decoding.brotli, "Decompressor", _FormerDecompressor)


@pytest.mark.usefixtures("_kind")
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


@pytest.mark.usefixtures("_kind")
def test_more_brotli_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_limits, "MAX_RESPONSE_BYTES", len(PLAIN) - 1)
    with pytest.raises(ResponseTooLong):
        decompress_brotli(brotli.compress(PLAIN, quality=1))


def test_few_bytes_of_brotli_become_no_more_than_some_blocks() -> None:
    decoder = _FormerDecompressor()
    packed = brotli.compress(bytes(200 << 20), quality=5)
    assert sum(map(len, bounded_decoding._crumbs_of_brotli(decoder, packed))) == 200 << 20
    assert decoder.most <= 80 << 20
