"""A run from its first user to its stored files."""

from __future__ import annotations

import logging
import signal
from datetime import UTC, datetime

import gevent
import msgspec
from gevent.socket import wait_read
from locust.stats import stats_history

from loadtui.engine.host.director import Ending
from loadtui.engine.host.hub_thread import in_thread
from loadtui.engine.host.prepared_run import PreparedRun
from loadtui.engine.host.stop_sequence import stop_run
from loadtui.store.manifest_file import write_manifest

_logger = logging.getLogger(__name__)


class RunningRun:
    """Runs what was prepared; `run` blocks until the run is over and its files are written."""

    def __init__(self, parts: PreparedRun) -> None:
        self._parts = parts
        self._manifest = parts.manifest
        parts.tracker.on_begin = self._begun

    def run(self, lifeline: int | None) -> None:
        """`lifeline` is a descriptor whose end, that of the command that started the run, stops
        the run."""
        gevent.signal_handler(signal.SIGTERM, self._interrupt, "the host was asked to terminate")
        gevent.signal_handler(signal.SIGINT, self._interrupt, "the host was interrupted")
        if lifeline is not None:
            gevent.spawn(self._watch_lifeline, lifeline)
        gevent.spawn(self._parts.watch.run)
        gevent.spawn(stats_history, self._parts.runner)
        try:
            ending = self._parts.director.run()
        except Exception as error:
            _logger.exception("the run broke off")
            ending = Ending(f"internal error: {type(error).__name__}: {error}", failed=True)
        _logger.info("Ending: %s", ending.reason)
        stop_run(self._parts, self._manifest, ending)

    # ---------------------------------------------------------------- while it is running
    def _begun(self, t0: float, epoch0: float) -> None:
        parts = self._parts
        parts.locust_stats.begin(epoch0)
        self._manifest = msgspec.structs.replace(
            self._manifest,
            state="running",
            started=datetime.fromtimestamp(epoch0, UTC).isoformat(timespec="milliseconds"),
        )
        gevent.spawn(self._write_manifest)
        gevent.spawn(parts.cpu_watch.run)
        gevent.spawn(parts.tracker.tick_every_second, self._every_second)

    def _write_manifest(self) -> None:
        try:
            in_thread(write_manifest, self._parts.folder, self._manifest)
        except OSError as error:
            self._parts.journal.failed(error)

    def _every_second(self) -> None:
        parts = self._parts
        parts.requests.ship()
        parts.journal.look()
        if parts.viewers.watched:
            parts.viewers.publish(parts.moments.snapshot())
        parts.threshold_abort.look()
        parts.give_up.look()

    def _interrupt(self, reason: str) -> None:
        self._parts.director.end(Ending(reason, interrupted=True, by="person"))

    def _watch_lifeline(self, lifeline: int) -> None:
        wait_read(lifeline)
        self._interrupt("the command that started the run is gone")
