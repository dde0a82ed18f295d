"""Runs the `check_requests_*` files, each in a process where Locust was imported first of all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RUN = HERE.parent / "in_locust" / "run.py"


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("check_requests_*.py")))
def test_in_a_process_with_locust(name: str) -> None:
    done = subprocess.run(
        [sys.executable, RUN, "-q", "-p", "no:cacheprovider", HERE / f"{name}.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
