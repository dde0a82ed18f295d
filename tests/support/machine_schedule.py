"""How tests are spread over processes that run at the same time (pytest -n)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.support.source_tree import ROOT

REAL_RUNS = {"conformance", "e2e", "scenarios"}
"""Folders in which a test takes longer than what its file prepares."""
PREPARED_ONCE = re.compile(r"""scope="module"|^@cache$""", re.MULTILINE)
"""What a file has that prepares for all its tests what each process would prepare anew."""


class FilesTogether(LoadScopeScheduling):
    """Each test goes to whichever process is free, but those of some files go to one: of files
    that prepare something once, and of `check_*.py` files, which run in one process of their own,
    for which the others would only wait."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if _together(ROOT / file) else nodeid


@cache
def _together(file: Path) -> bool:
    if file.name.startswith("check_"):
        return True
    if REAL_RUNS & set(file.parts):
        return False
    files = [file, file.with_name("conftest.py")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    return any(map(PREPARED_ONCE.search, texts))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> FilesTogether:
    return FilesTogether(config, log)
