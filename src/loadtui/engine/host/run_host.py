"""One run from its loaded locustfile to its stored files, and the report on its start for the
launcher."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

import msgspec

from loadtui.engine.host.prepared_run import prepare_run
from loadtui.engine.host.running_run import RunningRun
from loadtui.engine.host.starting import Starting
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.engine.locustfile.loaded_run import LoadedRun
from loadtui.engine.locustfile.locust_exit_codes import locust_code
from loadtui.errors import ExitCode, UsageError
from loadtui.known_secrets import SECRETS
from loadtui.wire.run_spec import RunSpec, StartReport

_logger = logging.getLogger(__name__)


def host_run(
    loaded: LoadedRun,
    folder: Path,
    lock: int,
    *,
    processes: WorkerProcesses,
    report: int,
    lifeline: int | None,
    starting: Starting,
    stock_http: bool,
) -> int:
    """Host the run; the exit code is 0 when it was stored, whatever its verdict.

    `lock` is the descriptor by which the host owns the folder, `report` the one that the launcher
    reads a StartReport from; see RunningRun.run for `lifeline`.
    """
    try:
        try:
            prepared = prepare_run(loaded, folder, lock, processes, stock_http=stock_http)
        except Exception as error:
            return report_failed_start(report, loaded.spec, error)
        starting.over()
        _tell_launcher(report, StartReport(loaded.spec.run))
        RunningRun(prepared).run(lifeline)
    finally:
        processes.kill()
        os.close(lock)
    return 0


def report_failed_start(report: int, spec: RunSpec, error: Exception) -> int:
    """Tell the launcher why the run cannot start; the exit code."""
    failed = _failed_start(spec, error)
    _tell_launcher(report, failed)
    return failed.exit_code


def _failed_start(spec: RunSpec, error: Exception) -> StartReport:
    if isinstance(error, UsageError):
        notes = "\n".join(getattr(error, "__notes__", ()))
        code = locust_code(error)
        return StartReport(
            spec.run,
            SECRETS.hidden(str(error)),
            error.exit_code,
            SECRETS.hidden(notes),
            locust_code=code,
        )
    why = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and error.strerror:
        why = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    sentence = f"the run could not be started: {why}"
    detail = "".join(traceback.format_exception(error))
    return StartReport(spec.run, SECRETS.hidden(sentence), ExitCode.USAGE, SECRETS.hidden(detail))


def _tell_launcher(report: int, started: StartReport) -> None:
    """One line to the launcher, who may be gone already."""
    try:
        os.write(report, msgspec.json.encode(started) + b"\n")
        os.close(report)
    except OSError:
        _logger.warning("the launcher did not wait for the start")
