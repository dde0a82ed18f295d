"""The run as viewers see it now: what the host holds, given to the builder of moments."""

from __future__ import annotations

from collections.abc import Callable

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.timeline import Timeline
from loadtui.samples.generator_limits import limited_requests
from loadtui.store.manifest import GeneratorLoad, Validity
from loadtui.verdict.validity import BadSeconds, ValidityFacts, validity
from loadtui.wire.messages import Snapshot, StageRow, WorkerRow
from loadtui.wire.moments import MomentBuilder, RunAtMoment

ALARM_FROM_S = 5
"""Seconds before their share of bad ones is worth an alarm."""


class LiveMoments:
    """Makes a snapshot of the running run, about once a second."""

    def __init__(
        self,
        live: LiveRun,
        collector: Collector,
        timeline: Timeline,
        users_target: Callable[[], int],
        generator_load: Callable[[], GeneratorLoad | None] = lambda: None,
    ) -> None:
        """`users_target` is asked for the number of users that there are to be, `generator_load`
        for who used the CPU in bad seconds."""
        self._live = live
        self._collector = collector
        self._timeline = timeline
        self._users_target = users_target
        self._generator_load = generator_load
        self._builder = MomentBuilder()

    def snapshot(self) -> Snapshot:
        live, collector, timeline = self._live, self._collector, self._timeline
        healths = [worker.health for worker in collector.workers.values() if worker.health]
        lengths = [stage.duration_s for stage in live.stages]
        return self._builder.build(
            RunAtMoment(
                run=live.run,
                plan=live.plan,
                target=live.target,
                percentiles=live.percentiles,
                provenance="measured",
                state=live.state,
                folder=live.folder,
                elapsed_s=live.elapsed_s,
                duration_s=None if None in lengths else float(sum(n or 0.0 for n in lengths)),
                stages=self._stages(),
                spans=collector.stages,
                endpoints=collector.table.entries,
                tallies=collector.tallies,
                total=collector.total,
                by_endpoint=collector.by_endpoint,
                metrics=collector.metrics,
                recent=timeline.recent(),
                errors=collector.errors,
                exceptions=collector.exceptions,
                workers=self._workers(),
                users=sum(health.users for health in healths),
                users_target=self._users_target(),
                in_flight=sum(health.in_flight for health in healths),
                unfinished=collector.unfinished,
                validity=self._validity(),
                marks=live.marks,
                steered=live.steered,
                # Nobody asks for it in a run without a baseline.
                measuring=bool(live.baseline),
                point=timeline.point,
                ended_because=live.ended_because,
                baseline=live.baseline,
            )
        )

    def _validity(self) -> Validity:
        """So far: a run is not yet invalid for having sent nothing, or for a second or two."""
        measured, overall = self._timeline.bad, self._timeline.bad_overall
        bad = measured if measured.seconds else overall
        started = self._collector.total.requests + self._collector.unfinished
        facts = ValidityFacts(
            bad if bad.seconds >= ALARM_FROM_S else BadSeconds(),
            kind="measured" if bad is measured else "unmeasured",
            load=self._generator_load(),
            workers=len(self._live.pids),
            limited=limited_requests(
                (kind[2], known.count) for kind, known in self._collector.errors.by_kind.items()
            ),
            lost_deltas=self._collector.lost_deltas,
            lost_requests=self._collector.lost_requests,
            lost_workers=list(self._live.lost.values()),
            broken_off=self._live.broken_off,
            started=1 if self._live.state in ("starting", "running", "stopping") else started,
        )
        so_far = validity(facts)
        if self._live.state == "starting":
            so_far.reasons = []
        return so_far

    def _stages(self) -> list[StageRow]:
        began = self._collector.stages
        return [
            StageRow(
                stage.name,
                stage.total,
                stage.duration_s,
                float(began[index].start) if index < len(began) else None,
            )
            for index, stage in enumerate(self._live.stages)
        ]

    def _workers(self) -> list[WorkerRow]:
        rows = []
        for index, pid in sorted(self._live.pids.items()):
            state = self._collector.workers.get(index)
            health = state.health if state else None
            row = WorkerRow(index, pid, "ready" if health is None else "running")
            if state is not None and state.final:
                row.state = "stopped"
            if index in self._live.lost:
                row.state = "lost"
            elif health is not None:
                row.cpu, row.wait, row.lag_ms = health.cpu, health.wait, health.lag_ms
                row.users, row.in_flight = health.users, health.in_flight
            rows.append(row)
        return rows
