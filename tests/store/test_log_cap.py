"""A log that several processes append to stays below its limit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store import log_cap
from loadtui.store.growing_log import GrowingLog
from loadtui.store.log_cap import cut_log, left_out_mb
from loadtui.store.log_lines import FIRST_BYTES, MOST_BYTES
from loadtui.store.run_files import HOST_LOG


@pytest.fixture
def log(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / HOST_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def _grow(log: int, to: int) -> None:
    os.ftruncate(log, to)


def test_what_is_missing_adds_up(log: int, tmp_path: Path) -> None:
    os.write(log, b"the first line\n")
    _grow(log, MOST_BYTES)
    cut_log(log)
    assert os.fstat(log).st_size == MOST_BYTES
    assert left_out_mb(tmp_path) == 0
    for total in ("40.0", "80.0"):
        _grow(log, FIRST_BYTES + (40 << 20))
        reader = GrowingLog(tmp_path, from_now=True)
        cut_log(log)
        os.write(log, b"the last line\n")
        assert left_out_mb(tmp_path) == float(total)
        first, *_, notice, last, end = (tmp_path / HOST_LOG).read_bytes().split(b"\n")
        assert (first, last, end) == (b"the first line", b"the last line", b"")
        words = f"... {total} MB were left out here, so that the log stays below 32 MB"
        assert notice.endswith(words.encode())
        assert reader.read() == notice + b"\nthe last line\n"
        assert reader.read() == b""


def test_nobody_who_writes_meanwhile_gets_before_the_notice(
    log: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = os.ftruncate

    def truncated(descriptor: int, size: int) -> None:
        stock(descriptor, size)
        os.write(log, b"of another process\n")

    _grow(log, MOST_BYTES + 1)
    monkeypatch.setattr(log_cap.os, "ftruncate", truncated)
    cut_log(log)
    assert left_out_mb(tmp_path) == 31.0
    assert (tmp_path / HOST_LOG).read_bytes()[FIRST_BYTES:] == b"of another process\n"


def test_what_is_no_log_is_left_alone(tmp_path: Path) -> None:
    read, write = os.pipe()
    cut_log(write)
    os.close(read)
    os.close(write)
    assert left_out_mb(tmp_path) == 0
    (tmp_path / HOST_LOG).write_bytes(b"x" * 2 * FIRST_BYTES)
    assert left_out_mb(tmp_path) == 0
