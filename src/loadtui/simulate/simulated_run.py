"""Makes a whole run up: `simulate` draws it, and keeps it in the store as `simulated`."""

from __future__ import annotations

import math
import platform
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import polars as pl

from loadtui._version import __version__
from loadtui.errors import UsageError
from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.fingerprint_parts import fingerprint_parts
from loadtui.plan.model import Plan
from loadtui.samples.stage_clock import StageClock
from loadtui.samples.tallies import MetricInfo
from loadtui.simulate.draws import poisson
from loadtui.simulate.load_over_time import LoadOverTime, draw_load, expected_requests
from loadtui.simulate.profile import Profile, checked_profile
from loadtui.simulate.requests import SimulatedService
from loadtui.store.arrival import mark_arrival
from loadtui.store.final_files import write_record
from loadtui.store.journal import TimelineRow
from loadtui.store.journal_contents import JournalContents
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import RUN_FORMAT, Manifest, Provenance
from loadtui.store.manifest_file import write_manifest
from loadtui.store.project_root import project_of_plan
from loadtui.store.run_folder import create_run_folder, new_run_id, runs_root
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds

FAILURE = "simulated failure"
"""Message of every failure."""

_AT_ONCE = 500_000
"""Requests drawn in one go; bounds the memory."""


def simulate_run(
    plan: Plan,
    profile: Profile,
    seed: int,
    requests: int | None = None,
    *,
    project: Path | None = None,
    note: str = "",
    tags: tuple[str, ...] = (),
) -> Run:
    """Draw a run of a plan against a made-up service, and keep it among the project's runs.

    `requests` is how many to expect in all, None: as many as the users send by the profile.  Load,
    latencies and errors of a run differ from these means as the profile says.  `project` is the
    folder whose runs it joins, None the plan's project.  The same plan, profile, seed and number
    give the same tables, byte for byte, with the same version of the libraries.

    Raises UsageError for a plan without stages, a profile or a number of requests that makes no
    sense, a locustfile that cannot be read, and a folder that cannot be written.
    """
    checked_profile(profile, "profile")
    if not plan.stages:
        raise UsageError(
            f"{plan.name} has no stages to simulate; write a plan (.toml) with at least one "
            "[[stage]]"
        )
    if requests is not None and requests < 1:
        raise UsageError(f"--requests: found {requests}, expected 1 or more")
    now = datetime.now(UTC)
    manifest = Manifest(
        format=RUN_FORMAT,
        run=new_run_id(plan.name, datetime.now()),
        state="finished",
        provenance=Provenance("simulated", source=f"loadtui simulate, seed {seed}"),
        plan=plan,
        fingerprint=fingerprint(plan),
        fingerprint_parts=fingerprint_parts(plan),
        started=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        ended_because="all stages are drawn",
        versions={
            "loadtui": __version__,
            "python": platform.python_version(),
            "polars": pl.__version__,
        },
        machine={"simulated": True},
        note=f"simulated; {note}" if note else "simulated, nothing was measured",
        tags=list(tags),
    )
    rng = Random(seed)
    course = draw_load(plan, profile, rng)
    expected = expected_requests(plan, profile) if requests is None else float(requests)
    record = _draw(profile, course, expected, rng)
    manifest.duration_s = float(course.seconds)
    folder = create_run_folder(runs_root(project or project_of_plan(plan)), manifest.run)
    try:
        return _keep(folder, manifest, record, course.seconds)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error


def _keep(folder: Path, manifest: Manifest, record: JournalContents, end: int) -> Run:
    run = Run(folder, write_record(folder, manifest, record, end))
    verdict = judge_run(run.manifest, load_tallies(run), run_seconds(run.timeline()))
    write_manifest(folder, verdict)
    mark_arrival(folder)
    return Run(folder, verdict)


def _draw(profile: Profile, course: LoadOverTime, expected: float, rng: Random) -> JournalContents:
    """The run as a journal would tell it, without workers."""
    record = JournalContents()
    for one in profile.endpoints:
        record.endpoints.add(one.method, one.name)
    record.stages = course.stages
    record.metrics = [
        *(("counter", one.name, one.endpoint) for one in profile.counters),
        *(("rate", one.name, one.endpoint) for one in profile.rates),
        *(("trend", one.name, one.endpoint) for one in profile.trends),
    ]
    record.metric_infos.update(
        (one.name, MetricInfo(one.unit, one.better)) for one in profile.trends
    )
    ended = [0] * course.seconds
    service = SimulatedService(profile, course, rng)
    for load in _loads(profile, course, expected, rng):
        cells = service.answer(load)
        record.cells.put(cells.cells)
        record.windows.put(cells.windows)
        record.metric_rows.put(cells.metric_rows)
        for second, count in cells.ended.iter_rows():
            # What is still in flight at the end is waited for, and ends with the run.
            ended[min(second, course.seconds - 1)] += count
    _note_failures(profile, record)
    _note_seconds(course, record, ended)
    return record


def _note_failures(profile: Profile, record: JournalContents) -> None:
    failed = record.windows.frame().filter(pl.col("ok") == 0)
    kinds = failed.group_by("endpoint").agg(
        pl.col("count").sum(), first=pl.col("second").min(), last=pl.col("second").max()
    )
    for number, count, first, last in kinds.sort("endpoint").iter_rows():
        endpoint = profile.endpoints[number]
        record.errors.add(
            (endpoint.method, endpoint.name, FAILURE), count, float(first), float(last)
        )


def _note_seconds(course: LoadOverTime, record: JournalContents, ended: list[int]) -> None:
    started = dict(record.windows.frame().group_by("second").agg(pl.col("count").sum()).iter_rows())
    clock = StageClock(stage.start for stage in course.stages)
    in_flight = 0
    for second, (users, completed) in enumerate(zip(course.users, ended, strict=True)):
        in_flight += started.get(second, 0) - completed
        record.seconds[second] = TimelineRow(
            second=second,
            stage=clock.stage_of(second),
            users=users,
            completed=completed,
            failed=0,
            in_flight=in_flight,
            workers=[],
        )


def _loads(
    profile: Profile, course: LoadOverTime, expected: float, rng: Random
) -> Iterator[pl.DataFrame]:
    """What is asked of the service, in stretches of whole seconds."""
    user_seconds = sum(course.users)
    weights = math.fsum(endpoint.weight for endpoint in profile.endpoints)
    # The mean of a lognormal is above its median, and `expected` is a mean.
    over = (profile.load.sd**2 + profile.run_to_run**2) / 2
    per_user = [
        expected / max(user_seconds, 1) * endpoint.weight / weights * math.exp(effect.load - over)
        for endpoint, effect in zip(profile.endpoints, course.effects, strict=True)
    ]
    rows: list[tuple[int, int, int, float, float]] = []
    asked = 0
    for second, (users, load, burst) in enumerate(
        zip(course.users, course.load, course.burst, strict=True)
    ):
        if asked >= _AT_ONCE:
            yield _load_frame(rows)
            rows, asked = [], 0
        now = users * math.exp(load)
        for number, (endpoint, effect) in enumerate(
            zip(profile.endpoints, course.effects, strict=True)
        ):
            count = poisson(rng, per_user[number] * now)
            if not count:
                continue
            slowness = effect.latency + profile.load.slows * load
            failure = min(endpoint.error_rate * math.exp(effect.errors) + burst, 1.0)
            rows.append((second, number, count, slowness, failure))
            asked += count
    yield _load_frame(rows)


def _load_frame(rows: list[tuple[int, int, int, float, float]]) -> pl.DataFrame:
    columns = {
        "second": pl.UInt32,
        "endpoint": pl.UInt16,
        "count": pl.UInt32,
        "slowness": pl.Float64,
        "failure": pl.Float64,
    }
    return pl.DataFrame(rows, schema=columns, orient="row")
