"""Runs the files `check_*.py`, each in a process of its own: importing Locust patches the standard
library of the whole process, which other tests would notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RUN = HERE.parent / "engine" / "in_locust" / "run.py"


TIMES = "check_token_times"


def check(name: str) -> None:
    done = subprocess.run(
        [sys.executable, RUN, "-q", "-rP", "-p", "no:cacheprovider", HERE / f"{name}.py"],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-20000:]}\n{done.stderr[-5000:]}"


@pytest.mark.parametrize("name", sorted({path.stem for path in HERE.glob("check_*.py")} - {TIMES}))
def test_in_a_process_with_locust(name: str) -> None:
    check(name)


@pytest.mark.alone
def test_token_times() -> None:
    check(TIMES)
