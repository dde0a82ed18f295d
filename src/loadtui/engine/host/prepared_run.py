"""All that a run needs before its first user, made from its spec."""

from __future__ import annotations

import functools
import itertools
import logging
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import locust.log
import msgspec
from locust.env import Environment

from loadtui.engine.exception_text import exception_text, recorded_exception
from loadtui.engine.host.collector import Collector
from loadtui.engine.host.cpu_watch import CpuWatch
from loadtui.engine.host.director import Director, Ending, StageStep
from loadtui.engine.host.dispatcher import ClassTargets, StageDispatcher
from loadtui.engine.host.give_up import GiveUp
from loadtui.engine.host.host_requests import HostRequests
from loadtui.engine.host.live_moments import LiveMoments
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.machine_facts import machine_facts, package_versions
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.host.run_journal import RunJournal
from loadtui.engine.host.run_tracker import RunTracker
from loadtui.engine.host.sample_intake import SampleIntake
from loadtui.engine.host.stage_steps import plan_as_run, set_load_defaults, stages_of
from loadtui.engine.host.threshold_abort import ThresholdAbort
from loadtui.engine.host.viewer_commands import ViewerCommands
from loadtui.engine.host.viewer_socket import ViewerSocket
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.engine.host.worker_watch import WorkerWatch
from loadtui.engine.locustfile.environment import BuiltEnvironment, build_environment
from loadtui.engine.locustfile.listener_errors import ListenerErrors
from loadtui.engine.locustfile.loaded_run import LoadedRun
from loadtui.engine.locustfile.locust_exit_codes import LocustfileExit
from loadtui.engine.locustfile.locust_internals import LISTENER_ERROR
from loadtui.engine.locustfile.locust_statistics import statistics_set
from loadtui.engine.locustfile.locust_stats import LocustStats
from loadtui.engine.locustfile.run_secrets import manifest_without_values
from loadtui.engine.locustfile.target_hosts import http_targets
from loadtui.engine.locustfile.user_code import UserCode
from loadtui.engine.locustfile.web_app import LocustWebApp
from loadtui.engine.process_output import OUTPUT
from loadtui.engine.recorded_stats import RecordedStats
from loadtui.engine.worker_socket import HostSocket
from loadtui.errors import UsageError
from loadtui.machine.open_files import SpareFiles
from loadtui.plan.model import Plan
from loadtui.samples.delta import ExceptionCount
from loadtui.store.books import Page
from loadtui.store.log_lines import said_before
from loadtui.store.manifest import RUN_FORMAT, Manifest, Provenance, Remark, WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_files import HOST_LOG
from loadtui.wire.run_spec import RunSpec

_logger = logging.getLogger(__name__)

READY_S = 60.0
"""How long workers may take to import the locustfile and run its init listeners."""
SPARE_FILES = 16
"""Held for the end of the run: pipes, the manifest, and where the run has to be saved elsewhere."""


@dataclass(frozen=True)
class PreparedRun:
    """The parts of a run whose workers wait for their first users."""

    spec: RunSpec
    folder: Path
    lock: int
    """Descriptor by which the host owns the folder."""
    environment: Environment
    runner: LoadMasterRunner
    journal: RunJournal
    books: Sequence[Page]
    """Of the workers, by their numbers."""
    collector: Collector
    live: LiveRun
    tracker: RunTracker
    director: Director
    threshold_abort: ThresholdAbort
    give_up: GiveUp
    cpu_watch: CpuWatch
    locust_stats: LocustStats
    requests: HostRequests
    watch: WorkerWatch
    moments: LiveMoments
    viewers: ViewerSocket
    manifest: Manifest
    """As it was written, in the state `starting`."""
    spare_files: SpareFiles = field(default_factory=functools.partial(SpareFiles, SPARE_FILES))


def prepare_run(
    run: LoadedRun, folder: Path, lock: int, processes: WorkerProcesses, *, stock_http: bool
) -> PreparedRun:
    """Make the host's parts, wait for the workers, and write the run's first manifest.

    Raises UsageError for everything that keeps the run from starting.
    """
    spec, user_code = run.spec, run.user_code
    targets = ClassTargets()
    requests = HostRequests()
    run.requests.hand_over(requests)
    built = build_environment(run, functools.partial(StageDispatcher, targets))
    environment = built.environment
    live, journal = _live_run(spec, folder, built), RunJournal(folder)
    collector = Collector(journal)
    user_code.add = _count_exceptions(live, collector)
    locust_stats = LocustStats(environment, collector.table)
    intake = SampleIntake(collector, locust_stats)
    environment.stats = stats = RecordedStats(requests.note)
    runner = _runner(spec, environment, intake, _worker_socket(folder, len(processes.pids)))
    tracker = RunTracker(live, collector, runner)
    director = Director(runner, targets, tracker, live.stages, environment.shape_class)
    _tell_director(director, runner, user_code, journal)
    processes.tell(folder, runner.worker_indexes)
    watch = WorkerWatch(processes, runner, director, tracker, folder / HOST_LOG)
    requests.attach(live, collector, intake.take, stats)
    web_app = _fire_init(spec, environment, runner, user_code)
    live.stages = director.stages = _stages_after_init(spec, built)
    versions, machine = package_versions(), machine_facts()
    watch.wait_until_ready(READY_S)
    cpu_watch = _cpu_watch(tracker, processes)
    moments = LiveMoments(
        live, collector, tracker.timeline, lambda: runner.target_user_count, cpu_watch.load
    )
    commands = ViewerCommands(live, director, tracker, moments.snapshot, runner, web_app)
    manifest = _first_manifest(spec, live.plan, built, runner, versions, machine, stock_http)
    viewers = ViewerSocket(folder, commands.handle, moments.snapshot, commands.last_http)
    _publish(folder, manifest, built, collector)
    return PreparedRun(
        spec=spec,
        folder=folder,
        lock=lock,
        environment=environment,
        runner=runner,
        journal=journal,
        books=processes.pages,
        collector=collector,
        live=live,
        tracker=tracker,
        director=director,
        threshold_abort=ThresholdAbort(live, collector, director),
        give_up=GiveUp(live, collector, director, http_targets(environment)),
        cpu_watch=cpu_watch,
        locust_stats=locust_stats,
        requests=requests,
        watch=watch,
        moments=moments,
        viewers=viewers,
        manifest=manifest,
    )


def _tell_director(
    director: Director, runner: LoadMasterRunner, user_code: UserCode, journal: RunJournal
) -> None:
    """Have the director asked by all that may end the run."""
    runner.owner = director
    runner.in_listener = user_code.in_listener
    user_code.on_exit = director.exit_asked
    journal.on_error = lambda reason: director.end(Ending(reason, failed=True))


def _cpu_watch(tracker: RunTracker, processes: WorkerProcesses) -> CpuWatch:
    bad = tracker.timeline.bad_overall
    return CpuWatch(processes.pids, lambda: bad.bad)


def _live_run(spec: RunSpec, folder: Path, built: BuiltEnvironment) -> LiveRun:
    plan = msgspec.structs.replace(
        plan_as_run(spec.plan, built.environment),
        exit_code_on_error=built.resolved.exit_code_on_error,
    )
    plan = built.resolved.plan_without_secrets(plan)
    return LiveRun(
        run=spec.run,
        folder=str(folder),
        plan=plan,
        target=plan.target,
        stages=stages_of(spec, built),
        percentiles=spec.settings.percentiles,
        baseline=spec.against.baseline if spec.against else "",
    )


def _count_exceptions(live: LiveRun, collector: Collector) -> Callable[[str, str], None]:
    """Have exceptions of user code in the host counted; what counts them."""

    def count(message: str, text: str) -> None:
        at = live.elapsed_s
        collector.add_exception(ExceptionCount(*recorded_exception(message, text), 1, at, at))

    logging.getLogger().addHandler(ListenerErrors(count))
    return count


def _worker_socket(folder: Path, workers: int) -> HostSocket:
    """Raises UsageError when the folder can hold no socket."""
    name = platform.node()
    try:
        return HostSocket(folder, {f"{name}_{uuid4().hex}": number for number in range(workers)})
    except OSError as error:
        raise UsageError(f"no socket for the workers in {folder}: {error.strerror}") from error


def _runner(
    spec: RunSpec, environment: Environment, intake: SampleIntake, socket: HostSocket
) -> LoadMasterRunner:
    environment.parsed_options.master = True
    environment.parsed_options.expect_workers = spec.settings.processes
    environment.parsed_options.processes = spec.settings.processes
    runner = LoadMasterRunner(environment, intake.take, socket)
    environment.runner = runner
    if environment.shape_class is not None:
        environment.shape_class.runner = runner
    return runner


def _fire_init(
    spec: RunSpec, environment: Environment, runner: LoadMasterRunner, user_code: UserCode
) -> LocustWebApp | None:
    """Listeners find Locust's web application, where there is one, as `web_ui`."""
    web_app = LocustWebApp(environment) if spec.settings.web_api else None
    environment.events.init.fire(environment=environment, runner=runner, web_ui=environment.web_ui)
    words = itertools.takewhile(lambda line: LISTENER_ERROR not in line, OUTPUT.last_lines())
    said = said_before(list(words))
    if user_code.asked is not None:
        asked = user_code.asked
        raise LocustfileExit(f"the locustfile ended the program: {asked.words}{said}", asked.code)
    if locust.log.unhandled_greenlet_exception:
        raised = user_code.raised
        what = "an exception" if raised is None else exception_text(raised)
        refusal = UsageError(f"an init listener of {environment.locustfile} raised {what}{said}")
        refusal.add_note("\n".join(OUTPUT.last_lines()))
        raise refusal
    return web_app


def _stages_after_init(spec: RunSpec, built: BuiltEnvironment) -> list[StageStep]:
    """Of now, as an init listener may have set options."""
    stages = stages_of(spec, built)
    set_load_defaults(spec, built)
    return stages


def _publish(
    folder: Path, manifest: Manifest, built: BuiltEnvironment, collector: Collector
) -> None:
    """Write the manifest, and what is to be known of the run where it is looked for."""
    write_manifest(folder, manifest)
    for remark in filter(None, [*built.warnings, *built.remarks, manifest.ignored_remark]):
        _logger.warning("%s", remark)
    for remark in built.remarks:  # the result has those of the journal
        collector.add_remark(remark)


def _first_manifest(
    spec: RunSpec,
    plan: Plan,
    built: BuiltEnvironment,
    runner: LoadMasterRunner,
    versions: dict[str, str],
    machine: dict[str, Any],
    stock_http: bool,
) -> Manifest:
    manifest = Manifest(
        format=RUN_FORMAT,
        run=spec.run,
        state="starting",
        provenance=Provenance("measured"),
        plan=plan,
        fingerprint=spec.fingerprint,
        fingerprint_parts=built.resolved.parts_without_secrets(spec.fingerprint_parts),
        not_compared=spec.not_compared,
        started=datetime.now(UTC).isoformat(timespec="milliseconds"),
        git=spec.git,
        versions=versions,
        machine=machine,
        workers=[
            WorkerRecord(hello["index"], hello["pid"], hello["host"])
            for hello in runner.helloes.values()
        ],
        percentiles=list(spec.settings.percentiles),
        note=spec.settings.note,
        tags=list(spec.settings.tags),
        stock_http=stock_http,
        ignored_options=built.resolved.ignored,
        locust_statistics=statistics_set(),
        remarks=[Remark(text, 1) for text in built.remarks],
        invocation=built.resolved.without_secrets(spec.invocation),
    )
    return manifest_without_values(manifest)
