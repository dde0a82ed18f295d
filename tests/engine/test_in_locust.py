"""Runs the files in `in_locust/`, each in a process of its own: importing Locust patches the
standard library of the whole process, which other tests would notice.

A file can be run by itself: `python tests/engine/in_locust/run.py tests/engine/in_locust/FILE.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "in_locust"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("check_*.py")))
def test_in_a_process_with_locust(name: str) -> None:
    done = subprocess.run(
        [sys.executable, HERE / "run.py", "-q", "-p", "no:cacheprovider", HERE / f"{name}.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
