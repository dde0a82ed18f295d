"""Imports the locustfile once and forks into host and workers, as Locust does.

What a locustfile does at import - open a port, post data, draw an id - so happens once a run.  The
fork comes before threads, sockets of zmq and anything else that does not survive one; what host and
workers need is imported before the locustfile, whose folder is on the path from then on.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import locust.log
import msgspec

from loadtui.engine.host.pinning import pin_apart
from loadtui.engine.host.run_host import host_run, report_failed_start
from loadtui.engine.host.starting import Starting
from loadtui.engine.host.worker_processes import fork_workers
from loadtui.engine.locustfile.loaded_run import load_run
from loadtui.engine.record_handler import take_records
from loadtui.engine.worker.worker_process import WorkerProcess
from loadtui.errors import ExitCode
from loadtui.machine.open_files import raise_open_file_limit
from loadtui.store import run_lock
from loadtui.store.books import make_books
from loadtui.wire.run_spec import RunSpec


def run_in_processes(
    folder: Path, spec_from: int, report: int, lifeline: int | None, starting: Starting
) -> int:
    """Make a run in `folder`; returns in the host and in every worker, with the exit code of that
    process.  The host's is 0 when the run was stored, whatever its verdict.

    `spec_from` is the descriptor that the RunSpec is read from, `report` the one that the launcher
    reads a StartReport from, `lifeline` one whose end, that of the command that started the run,
    stops it.
    """
    with os.fdopen(spec_from, "rb") as file:
        data = file.read()
    if not data:
        return ExitCode.USAGE  # the launcher was killed before it could say what to run
    spec = msgspec.json.decode(data, type=RunSpec)
    if spec.settings.sets_up_logging:
        locust.log.setup_logging(spec.settings.loglevel)
        take_records()
    try:
        os.chdir(spec.folder)
        raise_open_file_limit()
        lock = run_lock.hold_run(folder)
        worker = WorkerProcess(spec)
        pages = make_books(folder, spec.settings.processes or 1)
        loaded = load_run(spec)
    except Exception as error:
        return report_failed_start(report, spec, error)
    # Neither host nor workers look through these objects again, nor copy their pages for it.
    gc.freeze()
    try:
        forked = fork_workers(pages)
    except OSError as error:  # those that were forked end with this process
        return report_failed_start(report, spec, error)
    gc.enable()
    if isinstance(forked, int):
        for descriptor in (lock, report, lifeline):
            if descriptor is not None:
                os.close(descriptor)
        return worker.run(loaded, forked, pages)
    if spec.settings.pin:
        pin_apart(forked.pids)
    return host_run(
        loaded,
        folder,
        lock,
        processes=forked,
        report=report,
        lifeline=lifeline,
        starting=starting,
        stock_http=worker.stock_http,
    )
