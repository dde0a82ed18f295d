"""A stored run as a live screen would have shown it, at any second of it.

What its tables say up to that second is given to the same builder that the host of a live run uses.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from pathlib import Path
from typing import Any

import polars as pl

from loadtui.errors import UsageError
from loadtui.samples.tallies import MetricKind, Tallies
from loadtui.samples.tally import Tally
from loadtui.samples.trend_bins import TrendSums
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import Manifest
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run
from loadtui.tui.project.replay_points import replay_points
from loadtui.tui.project.seen_kinds import SeenKinds
from loadtui.tui.watched.log_tail import LogTail
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.reference import Reference, read_reference
from loadtui.verdict.run_summary import total_users
from loadtui.verdict.sides import judged_manifest
from loadtui.wire.messages import Snapshot, StageRow, Unknown, WorkerRow
from loadtui.wire.metric_observations import MetricId, Observations
from loadtui.wire.moments import NOW_S, MomentBuilder, RecentSeconds, RunAtMoment


class ReplayMoments:
    """Reads the run's tables once; `moment` blocks, for a thread."""

    def __init__(self, run: Run, project: Path) -> None:
        """Raises UsageError for a run that is still running, or whose files are damaged."""
        self.manifest: Manifest = judged_manifest(run)
        self._run = Run(run.folder, self.manifest)
        ends = [stage.end for stage in self.manifest.stages]
        self.length = max(1, *ends) if ends else max(1, math.ceil(self.manifest.duration_s))
        self._timeline = self._run.timeline().sort("second")
        self._seconds = self._timeline.get_column("second").to_list()
        self._kinds = SeenKinds(self._run)
        self._points = replay_points(self._run) if self.manifest.by_second else ()
        self._reference = self._read_reference(project)
        self._log = LogTail(run.folder).read()

    @property
    def stages(self) -> tuple[int, ...]:
        """Seconds at which stages began."""
        return tuple(span.start for span in self.manifest.stages)

    def moment(self, second: int) -> Moment:
        """What there was to show when so many seconds had passed; at `length` how it ended."""
        # Of figures alone nothing is known of any moment but the end.
        given = self.manifest.imported is not None and self.manifest.imported.given is not None
        second = max(0, min(second, self.length))
        return Moment(
            self._snapshot(self.length if given else second),
            self._points,
            reference=self._reference,
            log=self._log,
            cursor=float(second),
        )

    def _snapshot(self, second: int) -> Snapshot:
        # A builder for each, since screens look at a snapshot for as long as they like.
        return MomentBuilder().build(self._known(second))

    def _known(self, second: int) -> RunAtMoment:
        manifest, over = self.manifest, second >= self.length
        tallies = load_tallies(self._run, None if over else second)
        begun = [span for span in manifest.stages if span.start <= second]
        row = self._row_of(second - 1)
        unknown = _unknown(manifest)
        users = manifest.totals.users_max if "users now" in unknown else int(row.get("users") or 0)
        return RunAtMoment(
            run=manifest.run,
            plan=manifest.plan,
            target=manifest.plan.target,
            percentiles=manifest.percentiles,
            provenance=manifest.provenance.kind,
            state=manifest.state if over else "replay",
            folder=str(self._run.folder),
            elapsed_s=float(second),
            duration_s=float(self.length),
            stages=self._stages(second),
            spans=begun,
            endpoints=[(endpoint.method, endpoint.name) for endpoint in manifest.endpoints],
            tallies=tallies,
            total=tallies.merged(),
            by_endpoint=_by_endpoint(tallies),
            metrics=Observations.of_all_stages(tallies),
            recent=self._recent(second),
            errors=self._kinds.errors(second),
            exceptions=self._kinds.exceptions(second),
            workers=self._workers(row, over=over),
            users=users,
            users_target=total_users(begun[-1].users) if begun else users,
            in_flight=int(row.get("in_flight") or 0),
            unfinished=manifest.totals.unfinished if over else 0,
            validity=manifest.validity,
            marks=[mark for mark in manifest.marks if mark.second <= second],
            steered=manifest.steered,
            measuring=True,
            ended_because=manifest.ended_because if over else "",
            thresholds=manifest.thresholds if over else None,
            exit_code=manifest.exit_code if over else None,
            verdict=manifest.verdict if over else "",
            not_compared=manifest.uncompared if over else "",
            unknown=unknown,
        )

    def _stages(self, second: int) -> list[StageRow]:
        return [
            StageRow(
                span.name,
                total_users(span.users),
                float(span.end - span.start),
                float(span.start) if span.start <= second else None,
            )
            for span in self.manifest.stages
        ]

    def _recent(self, second: int) -> RecentSeconds:
        """What started in the last seconds."""
        inside = (pl.col("second") >= second - NOW_S) & (pl.col("second") < second)
        total = Tally()
        for bin_, count in self._run.samples().filter(inside).select("bin", "count").iter_rows():
            total.add_cell(bin_, count)
        requests: dict[int, int] = {}
        sums = ("endpoint", "ok", "count", "sum_us", "min_us", "max_us", "bytes")
        known = pl.col("min_us", "max_us").fill_null(-1)
        rows = self._run.windows().filter(inside).with_columns(known).select(sums)
        for endpoint, ok, count, *row in rows.iter_rows():
            total.add_window(int(ok), count, *row)
            requests[endpoint] = requests.get(endpoint, 0) + count
        seconds = min(NOW_S, max(1, second))
        return RecentSeconds(seconds, total, requests, _observed(self._run.metrics(), inside))

    def _row_of(self, second: int) -> dict[str, Any]:
        """The timeline's row of a second, of the last one after that; empty where it has none."""
        if not self._seconds:
            return {}
        wanted = min(second, self._seconds[-1])
        at = bisect_left(self._seconds, wanted)
        return self._timeline.row(at, named=True) if self._seconds[at] == wanted else {}

    def _workers(self, row: dict[str, Any], *, over: bool) -> list[WorkerRow]:
        def of(name: str, index: int) -> float:
            values = row.get(name)
            value = values[index] if isinstance(values, list) and index < len(values) else None
            return float(value or 0.0)

        return [
            WorkerRow(
                worker.index,
                worker.pid,
                "lost" if worker.lost else "stopped" if over else "running",
                cpu=of("cpu", worker.index),
                wait=of("wait", worker.index),
                lag_ms=of("lag_ms", worker.index),
            )
            for worker in self.manifest.workers
        ]

    def _read_reference(self, project: Path) -> Reference | None:
        comparison = self.manifest.comparison
        if comparison is None or comparison.base.kind != "baseline":
            return None
        recorded = Path(self.manifest.baseline_file)
        if self.manifest.baseline_file and recorded.is_file():
            return read_reference(recorded, self.manifest)
        try:
            path = baselines_root(project) / f"{comparison.base.name}.json"
        except UsageError:
            return None
        return read_reference(path, self.manifest) if path.is_file() else None


def _unknown(manifest: Manifest) -> frozenset[Unknown]:
    """What an imported run's source does not say; of other runs nothing."""
    if manifest.imported is None:
        return frozenset()
    given = manifest.imported.given
    there: dict[Unknown, bool] = {
        "users": manifest.most_users is not None,
        "users now": manifest.most_users is not None and manifest.by_second and given is None,
        "length": manifest.length_s is not None,
        "seconds": manifest.by_second,
        "generator": False,
        "bytes": manifest.length_s is not None and (given is None or given.total.bytes is not None),
        "errors": manifest.errors_known,
    }
    return frozenset(what for what, known in there.items() if not known)


def _by_endpoint(tallies: Tallies) -> dict[int, Tally]:
    """In one pass: there may be thousands."""
    merged: dict[int, Tally] = {}
    for (_, endpoint), tally in tallies.whole.items():
        if endpoint not in merged:
            # As it is, since given figures add up to nothing; copied before the second is added.
            merged[endpoint] = tally
        else:
            both = Tally()
            both.merge(merged[endpoint])
            both.merge(tally)
            merged[endpoint] = both
    return merged


def _observed(metrics: pl.DataFrame, inside: pl.Expr) -> Observations:
    observations = Observations()
    columns = ("kind", "name", "endpoint", "count", "hits", "bin", "sum", "min", "max")
    rows = metrics.filter(inside).select(columns)
    kind: MetricKind
    for kind, name, endpoint, count, hits, bin_, *sums in rows.iter_rows():
        values = None if bin_ is None else TrendSums(*sums)
        observations.add(MetricId(kind, name, endpoint), count, hits, bin_, values)
    return observations
