"""How tests are spread over processes that run at the same time (pytest -n)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class CheckFilesTogether(LoadScopeScheduling):
    """Each test goes to whichever process is free, but those of a `check_*.py` file go to one: they
    run in one process of their own, for which the others would only wait."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if PurePosixPath(file).name.startswith("check_") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> CheckFilesTogether:
    return CheckFilesTogether(config, log)
