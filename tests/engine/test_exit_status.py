"""What is given to sys.exit becomes the status that Python itself would end with."""

from __future__ import annotations

import subprocess
import sys

import pytest

from loadtui.engine.exit_status import exit_status


@pytest.mark.parametrize("code", [None, 0, 7, True, False, "gone", "", 2.0, []])
def test_the_status_is_pythons(code: object) -> None:
    ended = subprocess.run([sys.executable, "-c", f"import sys; sys.exit({code!r})"], check=False)
    assert exit_status(code) == ended.returncode
