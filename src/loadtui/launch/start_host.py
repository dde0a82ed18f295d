"""Starts run hosts."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.launch.cores import default_processes
from loadtui.launch.git_state import git_state, place_in_checkout, same_checkout
from loadtui.launch.run_invocation import invocation_of
from loadtui.launch.running_runs import point_to
from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.fingerprint_parts import fingerprint_parts
from loadtui.plan.model import Plan
from loadtui.store.log_lines import last_said, said_before
from loadtui.store.run_files import HOST_LOG
from loadtui.store.run_folder import create_run_folder, new_run_id, runs_root
from loadtui.wire.run_settings import RunSettings
from loadtui.wire.run_spec import BaselineToCompare, RunSpec, StartReport

PATIENCE_S, LOOK_EVERY_S = 4.0, 0.25
"""How long a start may take before one looks what it says, and then how often."""
_TERMINATE_S = 2.0


@dataclass
class StartOrder:
    """A run to be started: the plan with flags and time scale applied, and how to run it."""

    plan: Plan
    project: Path
    """The plan's project: where runs are stored."""
    settings: RunSettings = field(default_factory=RunSettings)
    against: BaselineToCompare | None = None
    """Baseline the run is compared with at its end."""
    not_compared: str = ""
    """Why there is none, a sentence; empty where nothing is to be said."""
    lifeline: bool = False
    """True: the run stops gracefully when this process ends."""
    folder: Path | None = None
    """Folder the command was given in: the run's working directory; None: the project."""


class StartRefused(UsageError):
    """A run could not start."""

    locust_code = 1
    """What Locust would end with."""


class HostHandle:
    """A run host that was started by this process."""

    def __init__(self, run: str, folder: Path, process: subprocess.Popen[bytes], report: int):
        self.run = run
        self.folder = folder
        self._process = process
        self._report = report

    def wait_until_started(self, meanwhile: Callable[[], object] = int) -> None:
        """Return when the run is running; a start that takes long has `meanwhile` called again and
        again.

        Raises UsageError, the traceback as its note, when it could not start; its folder is gone
        then, as nothing was recorded.
        """
        with os.fdopen(self._report, "rb") as report:
            patience_s = PATIENCE_S
            while not select.select([report], [], [], patience_s)[0]:
                meanwhile()
                patience_s = LOOK_EVERY_S
            line = report.readline()
        if line:
            started = msgspec.json.decode(line, type=StartReport)
            if not started.error:
                # Not before: who looks for runs removes pointers to hosts that own nothing yet.
                point_to(self.run, self.folder)
                return
            error = StartRefused(started.error, exit_code=started.exit_code)
            error.locust_code = started.locust_code
            detail = started.detail
        else:
            said = said_before(last_said(self.folder / HOST_LOG))
            error = StartRefused(
                f"the run host ended before the run could start{said or '; --debug shows its log'}"
            )
            detail = ""
        self._process.wait()
        self._end_workers()
        error.add_note(detail or self._log())
        shutil.rmtree(self.folder, ignore_errors=True)
        raise error

    def abandon(self) -> None:
        """Give up a run that has not started yet."""
        self._process.terminate()
        try:
            self._process.wait(_TERMINATE_S)
        except subprocess.TimeoutExpired:  # a locustfile may have an answer to SIGTERM of its own
            self._process.kill()
            self._process.wait()
        self._end_workers()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the host to end; its exit status.  Raises subprocess.TimeoutExpired."""
        return self._process.wait(timeout)

    def _end_workers(self) -> None:
        """Those of a host that is gone end by themselves, but may be busy importing until then."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _log(self) -> str:
        try:
            return (self.folder / HOST_LOG).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def _asked_in(order: StartOrder) -> Path:
    """The folder from which the same command makes the same run again: that it was typed in, unless
    whoever has the project does not have that one."""
    folder = order.folder or order.project
    if folder.is_relative_to(order.project) or same_checkout(folder, order.project):
        return folder
    return order.project


def start_host(order: StartOrder) -> HostHandle:
    """Start a host for this run, in a session of its own.

    Returns at once; `HostHandle.wait_until_started` tells whether the run came about.  Raises
    UsageError when a locustfile cannot be read or the run folder not be made.
    """
    run = new_run_id(order.plan.name, datetime.now())
    settings = order.settings
    if settings.processes is None:
        settings = msgspec.structs.replace(settings, processes=default_processes())
    git = git_state(order.project)
    asked_in = _asked_in(order)
    spec = RunSpec(
        run=run,
        plan=order.plan,
        settings=settings,
        project=str(order.project.resolve()),
        working_folder=str((order.folder or order.project).resolve()),
        against=order.against,
        not_compared=order.not_compared,
        fingerprint=fingerprint(order.plan, settings.flags, settings.locust_args),
        fingerprint_parts=fingerprint_parts(order.plan, settings.flags, settings.locust_args),
        git=git,
        invocation=invocation_of(
            order.plan,
            settings,
            asked_in,
            place=place_in_checkout(asked_in) if git else "",
        ),
    )
    folder = create_run_folder(runs_root(order.project), run)
    try:
        process, spec_to, report = _begun(order, folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UsageError(
            f"cannot start the run in {folder}: {error.strerror}; nothing was recorded, start it "
            "again when there is room for it"
        ) from error
    # Through a pipe: it may hold secrets, and a file of it would lie there after a kill.
    with contextlib.suppress(BrokenPipeError), os.fdopen(spec_to, "wb") as to:
        to.write(msgspec.json.encode(spec))
    return HostHandle(run, folder, process, report)


def _begun(order: StartOrder, folder: Path) -> tuple[subprocess.Popen[bytes], int, int]:
    """The host's process, the end of a pipe where it awaits its spec, and that of its report.

    Raises OSError, with nothing left open.
    """
    with contextlib.ExitStack() as passed_on, contextlib.ExitStack() as ours:
        spec_end, spec_to = _pipe(passed_on, ours)
        report_end, report = _pipe(passed_on, ours, reads=True)
        passed = [spec_end, report_end]
        command = [sys.executable, "-P", "-m", "loadtui.engine", str(folder)]
        command += ["--spec", str(spec_end), "--report", str(report_end)]
        if order.lifeline:
            # The other end stays open in this process for as long as it lives, and closes with it.
            lifeline, _ = _pipe(passed_on, ours)
            passed.append(lifeline)
            command += ["--lifeline", str(lifeline)]
        with (folder / HOST_LOG).open("a+b") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=order.folder or order.project,
                pass_fds=passed,
                start_new_session=True,
            )
        ours.pop_all()
    return process, spec_to, report


def _pipe(
    passed_on: contextlib.ExitStack, ours: contextlib.ExitStack, *, reads: bool = False
) -> tuple[int, int]:
    """The host's end of a new pipe, and ours, which `reads` or is written to."""
    to_read, to_write = os.pipe()
    theirs, own = (to_write, to_read) if reads else (to_read, to_write)
    passed_on.callback(os.close, theirs)
    ours.callback(os.close, own)
    return theirs, own
