from __future__ import annotations

from loadtui.store.run_files import HOST_LOG
from loadtui.tui.watched.log_tail import LINES, LogTail


def test_whole_lines_as_they_come(tmp_path):
    log = tmp_path / HOST_LOG
    tail = LogTail(tmp_path)
    assert tail.read() == ()
    log.write_bytes(b"eins\nzw")
    assert tail.read() == ("eins",)
    with log.open("ab") as file:
        file.write("ei\nüber\r\n\xff\n".encode("latin-1"))
    assert tail.read() == ("eins", "zwei", "�ber", "�")
    assert tail.read() is tail.read()


def test_only_the_end_of_a_long_log(tmp_path):
    (tmp_path / HOST_LOG).write_bytes(b"x" * 70_000 + b"\n" + b"line\n" * 300)
    assert LogTail(tmp_path).read() == ("line",) * LINES


def test_a_log_that_was_cut_is_read_anew(tmp_path):
    log, tail = tmp_path / HOST_LOG, LogTail(tmp_path)
    log.write_bytes(b"one\ntwo\n")
    tail.read()
    log.write_bytes(b"new\n")
    assert tail.read()[-1] == "new"
