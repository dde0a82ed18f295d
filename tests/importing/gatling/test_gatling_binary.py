"""Gatling's binary log: cut off at any byte, damaged, and of other versions."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.gatling.gatling_binary import read_gatling_binary
from loadtui.importing.source import ImportSource
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

T = 1_780_000_000_000


def string(text: str) -> bytes:
    return struct.pack(">i", len(text)) + text.encode("latin-1") + b"\0"


def head(version: str = "3.13.5") -> bytes:
    start = struct.pack(">q", T)
    return b"\0" + string(version) + string("a.Checkout") + start + struct.pack(">iii", 0, 0, 0)


def named(number: int, text: str) -> bytes:
    return struct.pack(">i", number) + (string(text) if number > 0 and text else b"\0" * 4)


FIRST = b"\1" + struct.pack(">i", 0) + named(1, "home") + struct.pack(">ii?", 5, 9, True)
FIRST += named(2, "")
AGAIN = b"\1" + struct.pack(">iiii?i", 0, -1, 10, 30, False, -2)
CRASH = b"\4" + named(3, "home: no attribute") + struct.pack(">i", 20)


def test_texts_are_written_once(read: Read, written: Written) -> None:
    source = read(written("simulation.log", head() + FIRST + AGAIN + CRASH))
    assert samples_by_endpoint(source)["", "home"][:5] == (2, 1, 24_000, 4_000, 20_000)
    assert list(source.record.errors.by_kind) == [("", "home", "failed")]
    assert list(source.record.exceptions.by_kind) == [("home: no attribute", "")]
    assert source.started == T / 1000 + 0.005
    assert source.format == "Gatling log (binary)"


def test_a_request_may_begin_before_the_run(read: Read, written: Written) -> None:
    early = b"\1" + struct.pack(">iiii?i", 0, -1, -500, -400, True, -2)
    source = read(written("simulation.log", head() + FIRST + early))
    assert source.started == T / 1000 - 0.5


@pytest.mark.parametrize("length", range(1, len(FIRST + AGAIN)))
def test_a_log_that_is_cut_off_is_read_up_to_there(written: Written, length: int) -> None:
    data = head() + FIRST + (FIRST + AGAIN)[:length]
    source = read_gatling_binary(written("simulation.log", data))
    whole = 2 if length >= len(FIRST) else 1
    assert samples_by_endpoint(source)["", "home"].requests == whole
    told = "the log is cut off, and its last event was left out" in source.remarks
    assert told is (length != len(FIRST))


@pytest.mark.parametrize("length", range(10, len(head())))
def test_without_its_beginning_there_is_nothing(written: Written, length: int) -> None:
    with pytest.raises(UsageError, match="is cut off before its first event"):
        read_gatling_binary(written("simulation.log", head()[:length]))


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        (head(), "holds no request; there is nothing to import"),
        (head("4.0.1") + FIRST, r"by Gatling 4.0.1, and only the logs of Gatling 3"),
        (head() + FIRST + b"\7", "event 2: there is no kind 7 of events; the log is damaged"),
        (head() + AGAIN, "event 1: text 1 was not written before"),
        (head() + FIRST + b"\2" + struct.pack(">ibi", 0, 9, 5), "event 2: 9 is neither yes nor no"),
        (head() + FIRST + b"\1" + struct.pack(">i", -1), "event 2: -1 is no number of parts"),
        (head() + b"\4" + struct.pack(">ii", 1, 2**30), "event 1: 1073741824 is no length"),
        (head() + b"\4" + struct.pack(">ii", 1, 1) + b"a\5", "5 is no encoding of Java's"),
        (head() + AGAIN[:5] + named(1, "a") + struct.pack(">ii?", 9, 5, True) + named(2, ""),
         "event 1: a request took -4 ms"),
        (head()[:-12] + struct.pack(">iii", -3, 0, 0), "its beginning is damaged: -3 is no length"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_is_refused(read: Read, written: Written, log: bytes, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("simulation.log", log))


def test_other_binary_files_are_no_logs(read: Read, written: Written) -> None:
    with pytest.raises(UsageError, match="is no text file, and in no format that can be imported"):
        read(written("simulation.log", b"\0\0\0\0\6PAR1\0\0\0"))
