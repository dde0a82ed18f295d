"""One run from its spec to its kept files: prepares, directs, stops in order, judges."""

from __future__ import annotations

import logging
import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import gevent
import locust.log
import msgspec
from gevent.socket import wait_read

from loadtui.engine.host import machine_facts
from loadtui.engine.host.collector import Collector
from loadtui.engine.host.director import Director, Ending
from loadtui.engine.host.locust_stats import LocustStats
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.host.run_tracker import RunTracker
from loadtui.engine.host.snapshot import LiveRun, SnapshotBuilder
from loadtui.engine.host.stage_steps import stages_of, target_of
from loadtui.engine.host.threshold_abort import ThresholdAbort
from loadtui.engine.host.viewer_commands import ViewerCommands
from loadtui.engine.host.viewer_socket import ViewerSocket
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.engine.host.worker_watch import WorkerWatch
from loadtui.engine.locustfile.environment import BuiltEnvironment, build_environment
from loadtui.engine.locustfile.listener_errors import ListenerErrors
from loadtui.engine.open_files import raise_open_file_limit
from loadtui.errors import UsageError
from loadtui.samples.delta import ExceptionCount
from loadtui.store import run_lock
from loadtui.store.final_files import write_final_files
from loadtui.store.journal import JournalWriter
from loadtui.store.manifest import FORMAT, Manifest, Provenance, State, WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_files import JOURNAL
from loadtui.wire.messages import EndpointRow, Snapshot
from loadtui.wire.run_spec import RunSpec, StartReport

if TYPE_CHECKING:
    from loadtui.engine.host.judging import JudgedRun

P = ParamSpec("P")
T = TypeVar("T")

READY_S = 60.0
"""How long workers may take to import the locustfile and run its init listeners."""

logger = logging.getLogger(__name__)


class RunHost:
    """Holds the parts of one run together; each of them is a file of its own."""

    def __init__(
        self, folder: Path, processes: WorkerProcesses, report: int, lifeline: int | None
    ) -> None:
        self._folder = folder
        self._processes = processes
        self._report = report
        self._lifeline = lifeline
        self._spec = msgspec.json.decode((folder / "spec.json").read_bytes(), type=RunSpec)

    def run(self) -> int:
        """Run to the end; the exit code is 0 when the run was kept, whatever its verdict."""
        locust.log.setup_logging(self._spec.loglevel)
        os.chdir(self._spec.project)
        raise_open_file_limit()
        held = run_lock.hold_run(self._folder)
        try:
            self._prepare()
        except UsageError as error:
            self._processes.kill()
            self._say(StartReport(self._spec.run, str(error), error.exit_code, _detail(error)))
            return error.exit_code
        except Exception as error:
            self._processes.kill()
            sentence = f"the run could not be started: {type(error).__name__}: {error}"
            self._say(StartReport(self._spec.run, sentence, 2, traceback.format_exc()))
            return 2
        self._say(StartReport(self._spec.run))
        try:
            self._conduct()
        finally:
            self._processes.kill()
            os.close(held)
        return 0

    # ---------------------------------------------------------------- before the first user
    def _prepare(self) -> None:
        spec = self._spec
        self._built: BuiltEnvironment = build_environment(spec)
        environment = self._built.environment
        self._stages = stages_of(spec, self._built)
        self._collector = Collector(JournalWriter(self._folder / JOURNAL))
        logging.getLogger().addHandler(ListenerErrors(self._listener_raised))
        environment.parsed_options.master = True
        environment.parsed_options.expect_workers = spec.processes
        self._runner = LoadMasterRunner(environment, self._on_delta)
        environment.runner = self._runner
        if environment.shape_class is not None:
            environment.shape_class.runner = self._runner
        self._live = LiveRun(
            run=spec.run,
            folder=str(self._folder),
            plan=spec.plan,
            target=target_of(environment, spec.plan),
            stages=self._stages,
            baseline=spec.against.baseline if spec.against else "",
        )
        self._recording = RunTracker(self._live, self._collector, self._runner)
        self._director = Director(
            self._runner,
            self._built.targets,
            self._recording,
            self._stages,
            environment.shape_class,
        )
        self._runner.owner = self._director
        self._abort = ThresholdAbort(self._live, self._collector, self._director)
        self._locust_stats = LocustStats(environment, self._collector.table)
        self._recording.on_begin = self._begun
        self._processes.tell({"port": self._runner.port})
        self._watch = WorkerWatch(self._processes, self._runner, self._director, self._recording)
        environment.events.init.fire(environment=environment, runner=self._runner, web_ui=None)
        if locust.log.unhandled_greenlet_exception:
            raise UsageError(
                f"an init listener of {environment.locustfile} raised an exception, "
                f"see {self._folder.name}/host.log or run with --debug"
            )
        versions, machine = (
            machine_facts.versions(),
            machine_facts.machine(),
        )  # while the workers get ready
        self._watch.wait_until_ready(READY_S)
        self._builder = SnapshotBuilder(self._live, self._collector, self._recording.timeline)
        self._steering = ViewerCommands(
            self._live, self._director, self._recording, self._snapshot, self._runner
        )
        self._control = ViewerSocket(self._folder, self._steering.handle, self._snapshot)
        self._manifest = self._first_manifest(versions, machine)
        write_manifest(self._folder, self._manifest)

    def _first_manifest(self, versions: dict[str, str], machine: dict[str, Any]) -> Manifest:
        spec = self._spec
        return Manifest(
            format=FORMAT,
            run=spec.run,
            state="starting",
            provenance=Provenance("measured"),
            plan=spec.plan,
            fingerprint=spec.fingerprint,
            started=datetime.now(UTC).isoformat(timespec="milliseconds"),
            git=spec.git,
            versions=versions,
            machine=machine,
            workers=[
                WorkerRecord(hello["index"], hello["pid"], hello["host"])
                for hello in self._runner.helloes.values()
            ],
            note=spec.note,
            tags=list(spec.tags),
            stock_http=spec.stock_http,
            ignored_options=self._built.resolved.ignored,
        )

    # ---------------------------------------------------------------- the run
    def _conduct(self) -> None:
        gevent.signal_handler(signal.SIGTERM, self._interrupt, "the host was told to terminate")
        gevent.signal_handler(signal.SIGINT, self._interrupt, "the host was interrupted")
        if self._lifeline is not None:
            gevent.spawn(self._watch_lifeline, self._lifeline)
        gevent.spawn(self._watch.run)
        try:
            ending = self._director.run()
        except Exception as error:
            logger.exception("the run broke off")
            ending = Ending(f"internal error: {type(error).__name__}: {error}", failed=True)
        logger.info("Ending: %s", ending.reason)
        self._end(ending)

    def _begun(self, t0: float, epoch0: float) -> None:
        self._locust_stats.begin(epoch0)
        self._manifest = msgspec.structs.replace(
            self._manifest,
            state="running",
            started=datetime.fromtimestamp(epoch0, UTC).isoformat(timespec="milliseconds"),
        )
        gevent.spawn(_in_thread, write_manifest, self._folder, self._manifest)
        gevent.spawn(self._recording.tick_every_second, self._every_second)

    def _end(self, ending: Ending) -> None:
        live, recording = self._live, self._recording
        live.ended_because = ending.reason
        duration_s = live.elapsed_s
        live.state = "stopping"
        self._control.publish(self._snapshot())
        environment = self._built.environment
        missing = self._runner.stop_in_order(environment.stop_timeout)
        self._watch.late(missing)
        recording.finish()
        self._runner.quit_workers()
        live.state = _state_of(ending)
        environment.events.quitting.fire(environment=environment, reverse=True)
        manifest = msgspec.structs.replace(
            self._manifest,
            state=live.state,
            duration_s=round(duration_s, 3),
            ended_because=ending.reason,
            process_exit_code=environment.process_exit_code,
            steered=live.steered,
            marks=live.marks,
            workers=self._watch.records(self._manifest.workers),
        )
        judged = _in_thread(self._keep, manifest, max(round(duration_s), 1))
        self._watch.wait_until_gone()
        environment.events.quit.fire(exit_code=judged.manifest.exit_code)
        self._control.publish(self._last_snapshot(judged))
        self._control.close()
        for name in ("spec.json", "host.lock"):
            (self._folder / name).unlink(missing_ok=True)

    def _keep(self, manifest: Manifest, end_second: int) -> JudgedRun:
        """Journal to files, and what they say."""
        # polars comes in here only: the run starts a tenth of a second sooner without it.
        from loadtui.engine.host.judging import judge_and_save

        finished = write_final_files(self._folder, manifest, end_second=end_second)
        extra = [self._collector.journal_error] if self._collector.journal_error else []
        return judge_and_save(self._folder, finished, extra, self._spec)

    # ---------------------------------------------------------------- what happens meanwhile
    def _on_delta(self, raw: bytes) -> None:
        try:
            delta = self._collector.fold(raw)
        except msgspec.MsgspecError as error:
            logger.error("a worker sent what is no delta: %s", error)
            return
        self._locust_stats.fold(delta)
        if delta.final:
            self._watch.final(delta.worker)

    def _listener_raised(self, message: str, text: str) -> None:
        at = self._live.elapsed_s if hasattr(self, "_live") else 0.0
        self._collector.add_exception(ExceptionCount(message, text, 1, at, at))

    def _every_second(self) -> None:
        if self._control.watched:
            self._control.publish(self._snapshot())
        self._abort.look()

    def _interrupt(self, reason: str) -> None:
        self._director.end(Ending(reason, interrupted=True))

    def _watch_lifeline(self, lifeline: int) -> None:
        wait_read(lifeline)
        self._interrupt("the command that started the run is gone")

    def _snapshot(self) -> Snapshot:
        self._live.users_target = self._runner.target_user_count
        return self._builder.build()

    def _last_snapshot(self, judged: JudgedRun) -> Snapshot:
        """The last word to viewers: the figures of the kept files, not those counted on the way."""
        manifest, summary = judged.manifest, judged.summary
        snapshot = self._snapshot()
        snapshot.totals = summary.totals.whole
        snapshot.endpoints = [
            EndpointRow(row.endpoint.method, row.endpoint.name, row.figures.whole, 0.0)
            for row in summary.endpoints
            if row.stage is None
        ]
        snapshot.measured = None
        snapshot.thresholds = manifest.thresholds
        snapshot.invalid_reasons = manifest.validity.reasons
        snapshot.bad_seconds = manifest.validity.bad_seconds
        snapshot.measured_seconds = manifest.validity.measured_seconds
        snapshot.unfinished = manifest.totals.unfinished
        snapshot.exit_code = manifest.exit_code
        snapshot.verdict = manifest.verdict
        return snapshot

    def _say(self, started: StartReport) -> None:
        """One line to the launcher, who may be gone already."""
        try:
            os.write(self._report, msgspec.json.encode(started) + b"\n")
            os.close(self._report)
        except OSError:
            logger.warning("the launcher did not wait for the start")


def _state_of(ending: Ending) -> State:
    if ending.interrupted:
        return "interrupted"
    return "failed" if ending.failed else "finished"


def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks in the hub's thread pool, so that heartbeats and samples go on."""
    result: T = gevent.get_hub().threadpool.apply(function, args, kwargs)
    return result


def _detail(error: BaseException) -> str:
    return "\n".join(getattr(error, "__notes__", ()))
