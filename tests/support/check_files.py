"""Runs `check_*.py` files: tests of what must live in a process that imported Locust first.

Importing Locust patches the standard library of its whole process, which all other tests would
notice.  So pytest asks one process which tests such files hold, and one process a file runs those
of them that were selected; what it reports of each becomes the report of an item here.  Workers of
pytest-xdist share both: whichever meets a file first runs it, the others wait for its reports.

A test in a check file may take `TIME_LIMIT_S`, or what its mark `time_limit(seconds)` says.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine_lock import hold_machine

TIME_LIMIT_S = 120.0
POLL_S = 0.05
OUTPUT_SHOWN = 5000
"""Characters of what a process wrote that are shown when it ends without a report."""
PLUGIN = "locust-process"
REPORTS_TO = "--reports-to="
ONLY = "--only="
"""Two options of such a process: files for its reports, and with the node ids to run."""

Document = dict[str, Any]

_SHARED = pytest.StashKey[Path]()
_HELD = pytest.StashKey[tempfile.TemporaryDirectory[str]]()
_LISTINGS = pytest.StashKey["dict[Path, Listing]"]()
_REPORTS = pytest.StashKey["dict[str, list[pytest.TestReport]]"]()


class Listing:
    """What a check file holds."""

    def __init__(self) -> None:
        self.tests: list[dict[str, Any]] = []
        """`item` (node id), `line` and `marks` (name -> first argument or None) of each."""
        self.broken: str | None = None
        """Why it could not be collected."""


class CheckFile(pytest.File):
    """A file whose tests run in another process."""

    def collect(self) -> Iterator[CheckItem]:
        listing = _listing_of(self.config, self.path)
        if listing.broken is not None:
            raise self.CollectError(listing.broken)
        for test in listing.tests:
            name = test["item"].removeprefix(f"{self.nodeid}::")
            item = CheckItem.from_parent(self, name=name, line=test["line"])
            for mark, argument in test["marks"].items():
                add = getattr(pytest.mark, mark)
                item.add_marker(add if argument is None else add(argument))
            yield item


class CheckItem(pytest.Item):
    """A test in a check file."""

    def __init__(self, *, line: int | None, **fields: Any) -> None:
        super().__init__(**fields)
        self._line = line

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, self._line, self.name

    @property
    def alone(self) -> bool:
        return self.get_closest_marker("alone") is not None

    @property
    def time_limit_s(self) -> float:
        mark = self.get_closest_marker("time_limit")
        return TIME_LIMIT_S if mark is None else float(mark.args[0])

    def setup(self) -> None:
        """Run the file, or wait until another process has run it."""
        reports = self.config.stash[_REPORTS]
        if self.nodeid in reports:
            return
        beside = [
            item
            for item in self.session.items
            if isinstance(item, CheckItem) and item.path == self.path and item.alone == self.alone
        ]
        reports |= {item.nodeid: [] for item in beside}
        _run(self.config, self, beside)

    def runtest(self) -> None:
        """Everything was done by the other process."""


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called where the workers of pytest-xdist are started."""
    node.workerinput["shared_folder"] = str(shared_folder(node.config))


def pytest_configure(config: pytest.Config) -> None:
    handed = getattr(config, "workerinput", {}).get("shared_folder")
    if handed is None:
        config.stash[_HELD] = tempfile.TemporaryDirectory(prefix="loadtui-tests-")
        handed = config.stash[_HELD].name
    config.stash[_SHARED] = Path(handed)
    config.stash[_LISTINGS] = {}
    config.stash[_REPORTS] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    if _HELD in config.stash:
        config.stash[_HELD].cleanup()


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    if not module_path.name.startswith("check_") or has_locust(parent.config):
        return None
    return CheckFile.from_parent(parent, path=module_path)  # type: ignore[no-any-return]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> pytest.TestReport | None:
    if not isinstance(item, CheckItem) or call.excinfo is not None:
        return None
    for report in item.config.stash[_REPORTS].get(item.nodeid, []):
        if report.when == call.when:
            return report
    return None


def has_locust(config: pytest.Config) -> bool:
    """Whether this process is one of those that run check files."""
    return config.pluginmanager.has_plugin(PLUGIN)


def shared_folder(config: pytest.Config) -> Path:
    """A folder that all processes of this test run share; it goes when the run ends."""
    return config.stash[_SHARED]


def _listing_of(config: pytest.Config, file: Path) -> Listing:
    listings = config.stash[_LISTINGS]
    if file in listings:
        return listings[file]
    files = sorted({file, *_files_asked_for(config)} - listings.keys())
    documents = _once(
        config,
        f"list {file}",
        lambda lines: _run_pytest(config, files, ["--collect-only"], lines, _listing_s),
    )
    by_name = {path.relative_to(config.rootpath).as_posix(): path for path in files}
    listings |= {path: Listing() for path in files}
    for document in documents:
        if "item" in document:
            listings[by_name[_file_of(document["item"])]].tests.append(document)
        elif "broken" in document:
            listings[by_name[_file_of(document["broken"])]].broken = document["reason"]
    if not any(listings[path].tests or listings[path].broken for path in files):
        for path in files:
            listings[path].broken = f"no tests found\n{documents[-1]['output']}"
    return listings[file]


def _listing_s(_: Sequence[Document]) -> float:
    return TIME_LIMIT_S


def _file_of(node_id: str) -> str:
    return node_id.split("::", maxsplit=1)[0]


def _files_asked_for(config: pytest.Config) -> Iterator[Path]:
    for argument in config.args:
        path = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        if path.is_dir():
            yield from path.rglob("check_*.py")
        elif path.name.startswith("check_"):
            yield path


def _run(config: pytest.Config, first: CheckItem, items: Sequence[CheckItem]) -> None:
    """Run `items`, all of one file, unless another process did, and note their reports."""

    def limit_s(documents: Sequence[Document]) -> float:
        ended = {d["report"]["nodeid"] for d in documents if _is_last_report(d)}
        return next((item.time_limit_s for item in items if item.nodeid not in ended), POLL_S)

    def run(lines: Path) -> None:
        chosen = lines.with_suffix(".chosen")
        chosen.write_text(json.dumps([item.nodeid for item in items]), encoding="utf-8")
        _run_pytest(config, [first.path], [f"{ONLY}{chosen}"], lines, limit_s)

    key = f"run {first.path} {first.alone}"
    with hold_machine(shared_folder(config), alone=first.alone):
        documents = _once(config, key, run)
    reports = config.stash[_REPORTS]
    for document in documents:
        if "report" in document:
            data = document["report"]
            if isinstance(data["longrepr"], list):  # of a skip: pytest insists on a tuple
                data["longrepr"] = tuple(data["longrepr"])
            report = config.hook.pytest_report_from_serializable(config=config, data=data)
            reports[report.nodeid].append(report)
    for item in items:
        phases = {report.when for report in reports[item.nodeid]}
        if "teardown" not in phases:
            reports[item.nodeid] += _reports_of_unfinished(item, phases, documents[-1])


def _is_last_report(document: Document) -> bool:
    return "report" in document and document["report"]["when"] == "teardown"


def _reports_of_unfinished(
    item: CheckItem, phases: set[str], end: Document
) -> Iterator[pytest.TestReport]:
    """Reports in place of those that did not come."""
    begun = "began and did not end" if phases else "had not begun"
    text = f"{item.name} {begun} when its process ended: {end['end']}\n{end['output']}"
    for when in ("setup", "call", "teardown"):
        if when not in phases:
            failed = when == "call"
            yield pytest.TestReport(
                nodeid=item.nodeid,
                location=item.location,
                keywords={},
                outcome="failed" if failed else "passed",
                longrepr=text if failed else None,
                when=when,  # type: ignore[arg-type]
            )


def _once(config: pytest.Config, key: str, produce: Callable[[Path], None]) -> list[Document]:
    """The documents that `produce` writes to a file, by whichever process comes first."""
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    lines, part = (shared_folder(config) / f"{name}.{end}" for end in ("lines", "part"))
    with (shared_folder(config) / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not lines.exists():
            produce(part)
            part.rename(lines)
    return _documents(lines)


def _documents(lines: Path) -> list[Document]:
    """Whole lines only: the last one may be on its way."""
    if not lines.exists():
        return []
    *whole, _ = lines.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in whole]


def _run_pytest(
    config: pytest.Config,
    files: Sequence[Path],
    options: Sequence[str],
    lines: Path,
    limit_s: Callable[[Sequence[Document]], float],
) -> None:
    """Run pytest beside Locust; its documents go to `lines`, the last one says how it ended.

    The process is aborted, with a trace of its threads, when no document came for as long as
    `limit_s(documents)` allows.
    """
    option = config.option
    own = ["-q", "-p", "no:cacheprovider", f"--tb={option.tbstyle}", *("-v" * option.verbose,)]
    shown = option.capture == "no"
    program = [sys.executable, "-m", "tests.support.locust_process", f"{REPORTS_TO}{lines}"]
    program += [a for a in own if a] + ["-l"] * option.showlocals + ["-s"] * shown
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*program, *options, *files],
            cwd=config.rootpath,
            env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
            stdin=subprocess.DEVNULL,
            stdout=None if shown else output,
            stderr=None if shown else subprocess.STDOUT,
        )
        end = "timed out"
        try:
            known, heard = 0, time.monotonic()
            while (code := process.poll()) is None:
                documents = _documents(lines)
                if len(documents) > known:
                    known, heard = len(documents), time.monotonic()
                elif time.monotonic() > heard + limit_s(documents):
                    process.send_signal(signal.SIGABRT)
                    process.wait(5)
                    break
                time.sleep(POLL_S)
            else:
                end = f"exit code {code}"
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        written = output.read().decode(errors="replace")
    with lines.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"end": end, "output": written[-OUTPUT_SHOWN:]}) + "\n")
