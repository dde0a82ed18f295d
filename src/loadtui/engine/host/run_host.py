"""One run from its spec to its stored files, and the report on its start for the launcher."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

import locust.log
import msgspec

from loadtui.engine.host.prepared_run import PreparedRun, prepare_run
from loadtui.engine.host.running_run import RunningRun
from loadtui.engine.host.starting import Starting
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.engine.locustfile.load import LocustfileExit
from loadtui.engine.locustfile.locust_exit_codes import locust_code
from loadtui.engine.open_files import raise_open_file_limit
from loadtui.errors import ExitCode, UsageError
from loadtui.store import run_lock
from loadtui.store.run_files import HOST_LOG
from loadtui.wire.run_spec import SPEC_FILE, RunSpec, StartReport

LOG_LINE = "[2"
"""How the lines of Locust's own log begin: with the date."""

_logger = logging.getLogger(__name__)


def host_run(
    folder: Path,
    processes: WorkerProcesses,
    report: int,
    lifeline: int | None,
    starting: Starting,
) -> int:
    """Host the run whose spec lies in `folder`; the exit code is 0 when it was stored, whatever
    its verdict.

    `report` is the descriptor that the launcher reads a StartReport from; see RunningRun.run for
    `lifeline`.
    """
    spec = msgspec.json.decode((folder / SPEC_FILE).read_bytes(), type=RunSpec)
    if spec.settings.sets_up_logging:
        locust.log.setup_logging(spec.settings.loglevel)
    os.chdir(spec.folder)
    raise_open_file_limit()
    lock = run_lock.hold_run(folder)
    try:
        prepared = _prepared(spec, folder, lock, processes)
        if isinstance(prepared, StartReport):
            _tell_launcher(report, prepared)
            return prepared.exit_code
        starting.over()
        _tell_launcher(report, StartReport(spec.run))
        RunningRun(prepared).run(lifeline)
    finally:
        processes.kill()
        os.close(lock)
    return 0


def _prepared(
    spec: RunSpec, folder: Path, lock: int, processes: WorkerProcesses
) -> PreparedRun | StartReport:
    """The prepared run, or why it cannot start."""
    try:
        return prepare_run(spec, folder, lock, processes)
    except LocustfileExit as error:
        said = _last_words(folder / HOST_LOG)
        sentence = f"{error}; before that it said: {said}" if said else str(error)
        return StartReport(spec.run, sentence, error.exit_code, locust_code=locust_code(error))
    except UsageError as error:
        notes = "\n".join(getattr(error, "__notes__", ()))
        code = locust_code(error)
        return StartReport(spec.run, str(error), error.exit_code, notes, locust_code=code)
    except Exception as error:
        sentence = f"the run could not be started: {type(error).__name__}: {error}"
        return StartReport(spec.run, sentence, ExitCode.USAGE, traceback.format_exc())


def _last_words(log: Path) -> str:
    """The last line that the locustfile itself wrote: as a rule why it ended the program."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    own = [line.strip() for line in lines if line.strip() and not line.startswith(LOG_LINE)]
    return own[-1] if own else ""


def _tell_launcher(report: int, started: StartReport) -> None:
    """One line to the launcher, who may be gone already."""
    try:
        os.write(report, msgspec.json.encode(started) + b"\n")
        os.close(report)
    except OSError:
        _logger.warning("the launcher did not wait for the start")
