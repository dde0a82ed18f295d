"""vegeta's results as JSON lines: cut off, out of order, and what cannot be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.importing.vegeta.vegeta_lines import read_vegeta_lines
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

RESULT: dict[str, Any] = {
    "attack": "a", "seq": 0, "code": 200, "timestamp": "2026-05-01T10:00:00.123456789Z",
    "latency": 1_500_499, "bytes_out": 0, "bytes_in": 20, "error": "", "body": None,
    "method": "GET", "url": "http://localhost/", "headers": None,
}  # fmt: skip


def line(**other: Any) -> str:
    return json.dumps({**RESULT, **other}) + "\n"


@pytest.mark.parametrize(
    "pack",
    [
        str.encode,
        lambda text: gzip.compress(text.encode(), mtime=0),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace('": ', '":').encode(),
    ],
    ids=["plain", "gzip", "CRLF", "BOM", "without blanks"],
)
def test_a_single_request_is_a_run(
    read: Read, written: Written, pack: Callable[[str], bytes]
) -> None:
    source = read(written("results.json", pack(line())))
    samples = samples_by_endpoint(source)["GET", "http://localhost/"]
    assert samples[:6] == (1, 0, 1500, 1500, 1500, 20)
    assert source.started == 1777629600.123457
    assert source.format == "vegeta results (JSON lines)"
    assert source.remarks == ["attack: a"]


def test_results_come_when_they_ended(read: Read, written: Written) -> None:
    late = line(timestamp="2026-05-01T10:00:03+00:00", latency=10, attack="b")
    zone = line(timestamp="2026-05-01T19:30:01+09:30", latency=3 * 10**9)
    source = read(written("results.json", late + zone))
    assert source.started == 1777629601
    assert source.duration_s == 3
    assert sorted(source.record.windows.frame()["second"]) == [0, 2]
    assert source.remarks == ["attacks, taken for one run: b, a"]


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"code": 199}, "status 199"),
        ({"code": 400, "error": "400 Bad Request"}, "400 Bad Request"),
        ({"code": 200, "error": "unexpected EOF"}, "unexpected EOF"),
        ({"code": 0, "error": "Get: 검색"}, "Get: 검색"),
    ],
)
def test_what_failed(read: Read, written: Written, other: dict[str, Any], error: str) -> None:
    source = read(written("results.json", line(**other)))
    assert [kind[2] for kind in source.record.errors.by_kind] == [error]


def test_a_last_line_that_is_cut_off_is_told(written: Written) -> None:
    for length in range(1, len(line()) - 1, 7):
        source = read_vegeta_lines(written("results.json", line() + line()[:length]))
        assert samples_by_endpoint(source)["GET", "http://localhost/"].requests == 1
        assert "line 2, the last, is cut off and was left out" in source.remarks


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (line() + '{"code": 1}\n' + line(), "line 2: Object missing required field `timestamp`"),
        (line() + "nonsense\n", "line 2: JSON is malformed"),
        (line(latency=-5000), "line 1: a request took -0.005 ms, which cannot be"),
        (line(latency=10**30), "line 1: Expected `int`|cannot be|out of range"),
        (line(latency=10**400), "line 1: a request took for ever, which cannot be"),
        (
            line(headers=0).replace('": 0}', '": ' + "[" * 100_000 + "]" * 100_000 + "}"),
            "nested too deep",
        ),
        (line(timestamp="2026-05-01T10:00:00"), "line 1: its timestamp has no time zone"),
        (line(timestamp="0001-01-01T00:00:00Z"), "line 1: its time is not one between 2001"),
        (line() + line(timestamp="2027-05-01T10:00:00Z"), "365 days apart, which is no single"),
        (line(error="x" * 17_000_000), "line 1: it is too long to be a result of vegeta"),
    ],
    ids=lambda value: value[:40] if value[0] != "{" else "",
)
def test_what_cannot_be_is_refused(read: Read, written: Written, lines: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("results.json", lines))


def test_text_that_is_not_utf_8_is_refused(read: Read, written: Written) -> None:
    data = line().encode() + line(attack="X").encode().replace(b"X", b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read(written("results.json", data))


GOB = bytes.fromhex(
    "ff97ff8103010106526573756c7401ff8200010c010641747461636b010c0001035365710106000104436f64650106"
    "00010954696d657374616d7001ff840001074c6174656e6379010400010842797465734f7574010600010742797465"
)
"""How what `vegeta attack` wrote begins."""


def test_gob_is_refused_with_the_way_out(read: Read, written: Written) -> None:
    with pytest.raises(UsageError, match=r"as gob.*run `vegeta encode one\.bin > results\.json`"):
        read(written("one.bin", GOB))
