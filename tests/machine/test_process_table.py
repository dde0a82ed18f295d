"""Processes by what /proc tells of them."""

from __future__ import annotations

import os
from pathlib import Path

from loadtui.machine.process_table import cpu_seconds, process_name

TICKS = os.sysconf("SC_CLK_TCK")


def process(proc: Path, pid: int, comm: str, words: list[str], seconds: int = 0) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    (folder / "comm").write_text(f"{comm}\n")
    (folder / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in words))
    fields = ["S", *["0"] * 10, str(seconds * TICKS), str(TICKS)]
    (folder / "stat").write_text(f"{pid} ({comm}) {' '.join(fields)}\n")


def test_a_program_is_called_by_its_name_and_an_interpreter_by_what_it_runs(tmp_path: Path) -> None:
    process(tmp_path, 1, "nginx", ["nginx: worker process"])
    process(tmp_path, 2, "python3", ["/usr/bin/python3", "-m", "http.server", "80"])
    process(tmp_path, 3, "node", ["node", "--inspect", "/srv/app/server.js"])
    names = [process_name(pid, tmp_path) for pid in (1, 2, 3, 4)]
    assert names == [
        "nginx",
        "python3 -m http.server",
        "node server.js",
        "a process that has ended",
    ]


def test_seconds_are_those_of_user_and_system_together(tmp_path: Path) -> None:
    process(tmp_path, 7, "a name) with (brackets", ["x"], seconds=3)
    (tmp_path / "self").mkdir()
    assert cpu_seconds(tmp_path) == {7: 4.0}
    assert cpu_seconds(tmp_path / "none") == {}
    assert os.getpid() in cpu_seconds()
