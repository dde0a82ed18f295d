"""The log stays below its limit whoever writes to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from loadtui.store.log_cap import left_out_mb
from loadtui.store.log_lines import FIRST_BYTES, MOST_BYTES
from loadtui.store.run_files import HOST_LOG

PROGRAM = f"""
import os, subprocess, time
from loadtui.engine.host.log_watch import watch_log
watch_log()
child = subprocess.Popen(["head", "-c", "{MOST_BYTES}", "/dev/zero"])
child.wait()
os.write(1, b"x")
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
until = time.monotonic() + 30
while os.fstat(1).st_size > {FIRST_BYTES} and time.monotonic() < until:
    time.sleep(0.01)
"""


def test_what_a_child_writes(tmp_path: Path) -> None:
    log = tmp_path / HOST_LOG
    with log.open("ab") as end:
        subprocess.run([sys.executable, "-c", PROGRAM], stdout=end, stderr=end, check=True)
    assert log.stat().st_size == FIRST_BYTES
    assert left_out_mb(tmp_path) == 31.0
