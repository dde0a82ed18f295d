from __future__ import annotations

from pathlib import Path

from loadtui.store import growing_log
from loadtui.store.growing_log import GrowingLog
from loadtui.store.log_cap import cut_log
from loadtui.store.log_lines import MOST_BYTES
from loadtui.store.run_files import HOST_LOG


def test_whole_lines_as_they_come(tmp_path: Path) -> None:
    log = GrowingLog(tmp_path)
    assert log.read() == b""
    with (tmp_path / HOST_LOG).open("ab", buffering=0) as file:
        file.write(b"one\ntw")
        assert log.read() == b"one\n"
        assert log.read() == b""
        file.write(b"o\nthree")
        late = GrowingLog(tmp_path, from_now=True)
        assert log.read() == b"two\n"
        assert log.read(to_the_end=True) == b"three"
        assert log.read(to_the_end=True) == b""
        file.write(b"\nfour\n")
        assert late.read() == b"\nfour\n"


def test_a_long_log_comes_in_parts(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(growing_log, "_AT_ONCE", 10)
    lines = b"".join(b"line %d\n" % number for number in range(10))
    (tmp_path / HOST_LOG).write_bytes(lines + b"end")
    log = GrowingLog(tmp_path)
    parts = []
    while part := log.read(to_the_end=True):
        parts.append(part)
    assert b"".join(parts) == lines + b"end"
    assert all(part.endswith(b"\n") for part in parts[:-1])


def test_a_log_that_was_cut_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    path, log = tmp_path / HOST_LOG, GrowingLog(tmp_path)
    path.write_bytes(b"x" * MOST_BYTES + b"\nmore\n")
    while log.read():
        pass
    with path.open("ab", buffering=0) as file:
        cut_log(file.fileno())
        file.write(b"after it\n")
    notice, after = log.read().splitlines()
    assert b"left out" in notice
    assert after == b"after it"
