"""Programs that some tests need."""

from __future__ import annotations

import os
import shutil

import pytest

SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def need_tool(name: str) -> str:
    """Path of a program; without it the test is skipped, or fails when CI is set."""
    path = shutil.which(name) or shutil.which(name, path=SBIN)
    if path is not None:
        return path
    if in_ci():
        pytest.fail(f"{name} is not installed, and with CI set no test may be skipped for that")
    pytest.skip(f"{name} is not installed")
