"""Check files are run by processes of their own, and each of their tests reports by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = 'pytest_plugins = ["tests.support.check_files"]\n'
SETTINGS = """\
[pytest]
python_files = test_*.py check_*.py
markers =
    alone: alone
    time_limit: limit
"""
GOOD = """\
import os, time
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _noted():
    Path("processes.txt").open("a").write(f"{os.getpid()}\\n")


@pytest.mark.parametrize("way", ["a", "b::c[d"])
def test_with_locust(way):
    assert time.sleep.__module__.startswith("gevent")


@pytest.mark.skip(reason="no moon")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known")
def test_expected_to_fail():
    assert not time


@pytest.mark.alone
def test_alone():
    pass


def test_left_out():
    pass
"""
BAD = """\
import time

import pytest


@pytest.fixture
def broken():
    raise ValueError("no fixture")


def test_error(broken):
    pass


def test_wrong():
    print("seen before")
    assert 1 == 2


@pytest.mark.time_limit(2)
def test_hangs():
    time.sleep(100)


def test_after_it():
    pass
"""


def outcomes(folder: Path, *arguments: str) -> tuple[dict[str, str], str]:
    """Test -> outcome, and all that pytest wrote."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text(SETTINGS)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:locust", "-rA", *arguments],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if "PYTEST" not in k} | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = re.findall(r"^([A-Z]+) (?:check_\w+\.py::|\[\d\] )(.*?)(?: - .*)?$", ran.stdout, re.M)
    return {test: outcome for outcome, test in lines}, ran.stdout + ran.stderr


def test_each_test_reports_by_itself_and_a_file_is_one_process(tmp_path: Path) -> None:
    (tmp_path / "check_good.py").write_text(GOOD)
    found, text = outcomes(tmp_path, "-n", "2", "-k", "not left_out")
    assert found == {
        "test_with_locust[a]": "PASSED",
        "test_with_locust[b::c[d]": "PASSED",
        "check_good.py:17: no moon": "SKIPPED",
        "test_expected_to_fail": "XFAIL",
        "test_alone": "PASSED",
    }, text
    processes = (tmp_path / "processes.txt").read_text().split()
    assert sorted(map(processes.count, set(processes))) == [1, 3], "alone, and the others"


def test_failures_show_what_the_other_process_saw(tmp_path: Path) -> None:
    (tmp_path / "check_bad.py").write_text(BAD)
    found, text = outcomes(tmp_path)
    assert found == {
        "test_error": "ERROR",
        "test_wrong": "FAILED",
        "test_hangs": "FAILED",
        "test_after_it": "FAILED",
    }, text
    for seen in ("no fixture", "seen before", "assert 1 == 2"):
        assert seen in text
    assert "test_hangs began and did not end when its process ended: timed out" in text
    assert "test_after_it had not begun" in text


def test_a_file_that_cannot_be_imported_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "check_broken.py").write_text("import no_such_module\n")
    _, text = outcomes(tmp_path)
    assert "No module named 'no_such_module'" in text
    assert "1 error" in text
