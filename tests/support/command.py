"""The installed command in a process of its own, and what it left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from loadtui.errors import UsageError
from loadtui.store.manifest import Manifest, Validity
from loadtui.store.manifest_file import read_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.exit_codes import run_outcome
from loadtui.verdict.planned_load import NOT_THE_PLANNED_LOAD
from tests.support.waiting import wait_until

TIMEOUT_S = 60.0
"""For a command that runs for a few seconds: one that hangs fails its test, and is killed."""
HOST_END_S = 20.0
BOTTLENECK = "the load generator was the bottleneck"
STARVED = (BOTTLENECK, NOT_THE_PLANNED_LOAD)
"""How reasons begin for which a machine that is short of CPU can make a run invalid."""

Document = dict[str, Any]
Write = Callable[..., str]
"""`write(text, name="locustfile.py")` puts a file into the project and gives its name."""


@dataclass
class Outcome:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Document:
        """The one JSON document on stdout; a test fails when there is anything else."""
        try:
            document = json.loads(self.stdout)
        except ValueError:
            raise AssertionError(
                f"exit code {self.code}, stdout is no JSON document: {self.stdout!r}\n{self.stderr}"
            ) from None
        assert isinstance(document, dict)
        return document

    @property
    def folder(self) -> Path:
        return Path(self.document["folder"])

    @property
    def run(self) -> Run:
        return Run.open(self.folder)

    @property
    def log(self) -> str:
        """What the host, the workers and the locustfile said."""
        return (self.folder / "host.log").read_text(encoding="utf-8", errors="replace")

    @property
    def quiet_code(self) -> int:
        """The exit code on a machine that has nothing else to do.

        Tests run beside one another, so host and workers may really have been short of CPU; whether
        that is seen and told apart is tested where nothing else runs (the marker `alone`).  Every
        other reason for an invalid run stays one.
        """
        document = self.document
        assert self.code == document["exit_code"]
        reasons = document["invalid_reasons"]
        if self.code != 3 or not all(reason.startswith(STARVED) for reason in reasons):
            return self.code
        return run_outcome(msgspec.structs.replace(self.run.manifest, validity=Validity(True))).code

    def endpoints(self) -> dict[str, Document]:
        """Endpoint label -> its row over the whole run."""
        rows = [row for row in self.document["endpoints"] if row["stage"] is None]
        return {f"{row['method']} {row['name']}": row for row in rows}


class Running:
    """`loadtui ...` while it runs, in `project`; killed with its host at the end of the block."""

    def __init__(self, project: Path, *args: str, env: Mapping[str, str] | None = None) -> None:
        self.project = project
        self._err = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the block)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "loadtui", *args],
            cwd=project,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._err,
        )

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, timeout: float = TIMEOUT_S) -> Outcome:
        """The outcome; a command that hangs is killed and fails the test."""
        try:
            out, _ = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"no end after {timeout:.0f} s: {self._said()}") from None
        return Outcome(self._process.returncode, out.decode(), self._said())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def folder(self) -> Path:
        """Of the only run of the project."""
        [folder] = (self.project / ".loadtui" / "runs").iterdir()
        return folder

    def manifest(self) -> Manifest | None:
        """The manifest so far; None before there is one."""
        try:
            return read_manifest(self.folder)
        except (OSError, ValueError, UsageError):
            return None

    def until_running(self) -> Manifest:
        """Wait for the first user."""
        return self.until(lambda m: m.state == "running")

    def until(self, condition: Callable[[Manifest], bool]) -> Manifest:
        """The manifest as soon as it is so; AssertionError when the command ends before."""

        def look() -> Manifest | None:
            manifest = self.manifest()
            if manifest is not None and condition(manifest):
                return manifest
            assert self._process.poll() is None, f"the command ended early: {self._said()}"
            return None

        return wait_until(look, "such a manifest", TIMEOUT_S)

    def _said(self) -> str:
        self._err.seek(0)
        return self._err.read().decode(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()  # the host notices, and ends with its workers
            self._process.communicate()
        elif self._process.stdout is not None:
            self._process.stdout.close()
        self._err.close()


def command(
    project: Path,
    *args: str,
    env: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_S,
) -> Outcome:
    """Run `loadtui ...` in a folder to its end."""
    with Running(project, *args, env=env) as running:
        return running.wait(timeout)


def load(
    project: Path,
    *args: str,
    own: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_S,
) -> Outcome:
    """`loadtui run ARGS --no-ui --json - -- OWN` in a folder to its end."""
    return command(project, *run_args(*args, own=own), env=env, timeout=timeout)


def run_args(*args: str, own: tuple[str, ...] = ()) -> list[str]:
    """The arguments of `load`; a single worker unless told otherwise."""
    processes = [] if "--processes" in args else ["--processes", "1"]
    return ["run", *args, *processes, "--no-ui", "--json", "-", *(("--", *own) if own else ())]
