"""FastHttpUser's session on the fast path against the stock one: the property test and the directed
ones, each in a process of its own, since importing Locust patches the standard library.

The long comparison: `pytest tests/engine/http/test_differential.py -m differential`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RUN = HERE.parent / "in_locust" / "run.py"


def check(name: str, timeout_s: float, **variables: str) -> None:
    done = subprocess.run(
        [sys.executable, RUN, "-q", "-p", "no:cacheprovider", "-rP", HERE / name],
        cwd=HERE.parents[2],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-20000:]}\n{done.stderr[-5000:]}"


def test_no_difference() -> None:
    check("check_differential.py", 300, EXCHANGES_TO_COMPARE="150")


@pytest.mark.parametrize("name", ["check_session.py", "check_accidents.py"])
def test_directed(name: str) -> None:
    check(name, 300)


@pytest.mark.differential
def test_no_difference_in_2_000_exchanges() -> None:
    check("check_differential.py", 1800, EXCHANGES_TO_COMPARE="2000")
