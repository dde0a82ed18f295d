"""pytest in a process where Locust was imported first of all, as in the host and the workers.

`python -m tests.support.locust_process ARGUMENTS` takes pytest's arguments.  `check_files` starts
it with options of its own; by hand it is for what needs a terminal, such as `--pdb`.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import locust  # noqa: F401
import pytest

from tests.support.check_files import ONLY, PLUGIN, REPORTS_TO


class Reporter:
    """Writes what was collected and how each phase of a test ended, a JSON document a line."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._write({"broken": report.nodeid, "reason": report.longreprtext})

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            marks = {
                mark.name: next(iter(mark.args), None)
                for mark in item.iter_markers()
                if mark.name not in ("parametrize", "usefixtures", "skip", "skipif", "xfail")
            }
            self._write({"item": item.nodeid, "line": item.location[1], "marks": marks})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        assert self._config is not None
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._write({"report": data})

    def _write(self, document: dict[str, Any]) -> None:
        self._lines.write(json.dumps(document, default=str) + "\n")
        self._lines.flush()


class Only:
    """Runs the tests of some node ids.  Arguments would do, were every node id one."""

    def __init__(self, chosen: Path) -> None:
        self._chosen = set(json.loads(chosen.read_text(encoding="utf-8")))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._chosen]


class LocustProcess:
    """A plugin whose being there says that files with Locust may be imported here."""

    __name__ = PLUGIN


def main(arguments: Sequence[str]) -> int:
    """Run pytest; its exit code."""
    plugins: list[object] = [LocustProcess()]
    own = ["-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with contextlib.ExitStack() as stack:
        for argument in arguments:
            if argument.startswith(REPORTS_TO):
                path = Path(argument.removeprefix(REPORTS_TO))
                plugins.append(Reporter(stack.enter_context(path.open("w", encoding="utf-8"))))
            elif argument.startswith(ONLY):
                plugins.append(Only(Path(argument.removeprefix(ONLY))))
            else:
                own.append(argument)
        return pytest.main(own, plugins=plugins)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
