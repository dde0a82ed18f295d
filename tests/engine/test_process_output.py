"""What a process prints, as lines of a log that several processes append to."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from loadtui.engine.process_output import LONGEST_LINE
from loadtui.store.log_lines import FIRST_BYTES, MOST_BYTES

TAKEN = """
import contextlib, os, sys
from loadtui.engine.process_output import OUTPUT
OUTPUT.take("host")
"""


def log_of(folder: Path, program: str, before: bytes = b"") -> list[str]:
    """The log of a program whose standard output and standard error append to it, as a host's."""
    log = folder / "host.log"
    log.write_bytes(before)
    with log.open("ab") as end:
        subprocess.run(
            [sys.executable, "-c", TAKEN + program],
            stdin=subprocess.DEVNULL,
            stdout=end,
            stderr=end,
            timeout=60,
            check=True,
        )
    return log.read_text(encoding="utf-8").splitlines()


def test_lines_of_every_way_to_print(tmp_path: Path) -> None:
    program = """
print("one", 2, end="")
print(" three")
print("to", "standard error", file=sys.stderr)
print("two\\n\\nlines \\udc80 ü")
sys.stdout.buffer.write(b"bytes\\nand a part")
sys.stdout.buffer.write(b"")
sys.stdout.reconfigure(line_buffering=True)
with contextlib.redirect_stdout(sys.stderr):
    print("turned over")
os.system("echo child")
OUTPUT.rename("worker 3")
print(" with an end")
print("." * 3, end="", flush=True)
assert OUTPUT.last_lines()[-2:] == ["turned over", "and a part with an end"]
assert not sys.stdout.isatty() and sys.stdout.fileno() == 1 and sys.stderr.fileno() == 2
"""
    assert log_of(tmp_path, program) == [
        "host | one 2 three",
        "host ! to standard error",
        "host | two",
        "host | ",
        "host | lines \\udc80 ü",
        "host | bytes",
        "host ! turned over",
        "child",
        "worker 3 | and a part with an end",
        "worker 3 | ...",
    ]


def test_lines_of_several_processes_are_whole(tmp_path: Path) -> None:
    """Forked while a line is begun, as workers may be; each prints lines longer than a buffer."""
    program = """
print("begun by the host", end="")
pids = []
for index in range(3):
    pid = os.fork()
    if not pid:
        OUTPUT.take(f"worker {index}")
        for number in range(300):
            print(f"{index}" * 5000, number, file=(sys.stdout, sys.stderr)[number % 2])
        OUTPUT.finish()
        os._exit(0)
    pids.append(pid)
for pid in pids:
    os.waitpid(pid, 0)
"""
    *lines, last = log_of(tmp_path, program)
    assert last == "host | begun by the host"
    assert Counter(line[:10] for line in lines) == {
        f"worker {index} {sign}": 150 for index in range(3) for sign in "|!"
    }
    for line in lines:
        index, number = line[7], int(line.split()[-1])
        assert line == f"worker {index} {'|!'[number % 2]} {index * 5000} {number}"


def test_a_log_stays_below_its_limit(tmp_path: Path) -> None:
    before = b"." * MOST_BYTES
    program = "print('x' * 300_000); print('the most recent')"
    *_, notice, last = log_of(tmp_path, program, before=before)
    assert (tmp_path / "host.log").stat().st_size < 2 * FIRST_BYTES
    assert "MB were left out here" in notice
    assert last == "host | the most recent"


def test_of_what_is_too_long_beginning_and_end_are_written(tmp_path: Path) -> None:
    """Printed as one line, as many, as bytes, and logged: with no copy of it."""
    program = """
import resource
from loadtui.store.log_lines import LOG_ONLY
huge = "x" * (1 << 28)
bound = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + (1 << 27)
assert print(huge) is None and sys.stdout.write(huge) == len(huge)
print()
OUTPUT.record(huge, LOG_ONLY)
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < bound
del huge
print("y\\n" * (3 << 20))
sys.stdout.buffer.write(b"z" * (1 << 23) + b"\\n")
"""
    lines = log_of(tmp_path, program)
    sizes = [(line[:9], len(line)) for line in lines if line.lstrip("host :|.y")]
    part = "host | ..."
    assert [line for line in lines if "left out" in line] == [
        "host | ... 254.0 MB were left out here",
        "host | ... 254.0 MB were left out here",
        "host : ... 254.0 MB were left out here",
        "host | ... 4.0 MB were left out here",
        "host | ... 6.0 MB were left out here",
    ], (part, sizes[:20])
    assert max(map(len, lines)) < LONGEST_LINE + 100
    assert lines[-1].endswith("zzz")


def test_a_full_disk_is_nothing_for_user_code(tmp_path: Path) -> None:
    program = "print('to where'); print('nobody reads', file=sys.stderr); raise SystemExit(3)"
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", TAKEN + program], stdout=full, stderr=full, check=False
        )
    assert ran.returncode == 3
