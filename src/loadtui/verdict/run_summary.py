"""What a run's numbers come to: the totals, each stage, each endpoint, each custom metric.

Everything is given twice, for the whole stretch and for its measured part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from loadtui.percentile_names import DEFAULT_PERCENTILES, percentile_share
from loadtui.plan.model import Users
from loadtui.samples.figures import Figures
from loadtui.samples.tallies import MetricInfo, MetricKey, MetricKind, MetricTally, Tallies
from loadtui.samples.tally import Tally
from loadtui.store.manifest import Endpoint, StageSpan


class Both(msgspec.Struct, frozen=True):
    """Figures of the same requests over the whole stretch and over its measured seconds."""

    whole: Figures
    measured: Figures


class StageSummary(msgspec.Struct, frozen=True):
    span: StageSpan
    figures: Both

    @property
    def users(self) -> int:
        """Users the stage was to reach."""
        return total_users(self.span.users)

    @property
    def seconds(self) -> int:
        return self.span.end - self.span.start

    @property
    def measured_seconds(self) -> int:
        return self.span.measured_to - self.span.measured_from


class EndpointSummary(msgspec.Struct, frozen=True):
    endpoint: Endpoint
    stage: str | None
    """None: the whole run."""
    figures: Both


class MetricValues(msgspec.Struct, frozen=True, omit_defaults=True):
    """A custom metric's values: a counter has `count` and `rate` (a second), a rate `count`, `hits`
    and `rate` (0..1), a trend `count`, its exact `mean`, `min` and `max`, and percentiles read from
    bins, in its own unit."""

    count: int = msgspec.field(default=0)
    hits: int | None = None
    rate: float | None = None
    mean: float | None = None
    min: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    max: float | None = None
    percentiles: dict[str, float | None] = {}
    """Name -> value of the percentiles that were asked for by name."""

    def percentile(self, name: str) -> float | None:
        """A percentile by its name: one of the three above, or one that was asked for."""
        if name in self.percentiles:
            return self.percentiles[name]
        known: float | None = getattr(self, name, None)
        return known


class MetricSummaryRow(msgspec.Struct, frozen=True):
    """A metric in one stage (None: all) and at one endpoint (None: all, "": given none)."""

    stage: str | None
    endpoint: str | None
    whole: MetricValues
    measured: MetricValues


class MetricSummary(msgspec.Struct, frozen=True):
    name: str
    kind: MetricKind
    info: MetricInfo
    rows: list[MetricSummaryRow]
    """First the one over everything, then each stage, then each endpoint of each stage."""


class Summary(msgspec.Struct, frozen=True):
    totals: Both
    stages: list[StageSummary]
    endpoints: list[EndpointSummary]
    """By method and name; for each the whole run first, then the stages it was used in."""
    metrics: list[MetricSummary]
    """By name."""


def total_users(users: Users) -> int:
    return users if isinstance(users, int) else sum(users.values())


def merge(tallies: Iterable[Tally]) -> Tally:
    """A tally of all these; of a single one that one itself."""
    tallies = list(tallies)
    if len(tallies) == 1:
        return tallies[0]
    total = Tally()
    for tally in tallies:
        total.merge(tally)
    return total


def summarise(
    stages: Sequence[StageSpan],
    endpoints: Sequence[Endpoint],
    tallies: Tallies,
    *,
    duration_s: float = 0.0,
    percentiles: Sequence[str] = DEFAULT_PERCENTILES,
) -> Summary:
    """Summarise a run, with these percentiles of every latency and Trend.

    Requests/s are requests started divided by the length of the stages in seconds, or by
    `duration_s` when the run had no stage.
    """
    whole_s = float(sum(span.end - span.start for span in stages)) or duration_s
    measured_s = float(sum(span.measured_to - span.measured_from for span in stages))
    return Summary(
        totals=Both(
            tallies.merged().figures(whole_s, percentiles),
            tallies.merged(measured=True).figures(measured_s, percentiles),
        ),
        stages=[_stage(index, span, tallies, percentiles) for index, span in enumerate(stages)],
        endpoints=_endpoints(stages, endpoints, tallies, (whole_s, measured_s), percentiles),
        metrics=_metrics(stages, tallies, (whole_s, measured_s), percentiles),
    )


def _both(
    whole: Tally, measured: Tally, seconds: tuple[float, float], percentiles: Sequence[str]
) -> Both:
    """`seconds` are the lengths of the whole stretch and of its measured part."""
    return Both(whole.figures(seconds[0], percentiles), measured.figures(seconds[1], percentiles))


def _lengths(span: StageSpan) -> tuple[float, float]:
    return float(span.end - span.start), float(span.measured_to - span.measured_from)


def _stage(
    index: int, span: StageSpan, tallies: Tallies, percentiles: Sequence[str]
) -> StageSummary:
    whole, measured = tallies.merged(stage=index), tallies.merged(stage=index, measured=True)
    return StageSummary(span, _both(whole, measured, _lengths(span), percentiles))


def _endpoints(
    stages: Sequence[StageSpan],
    endpoints: Sequence[Endpoint],
    tallies: Tallies,
    seconds: tuple[float, float],
    percentiles: Sequence[str],
) -> list[EndpointSummary]:
    stages_of: dict[int, list[int]] = defaultdict(list)
    for stage, number in sorted(tallies.whole):
        stages_of[number].append(stage)
    rows = []
    for number in sorted(stages_of, key=lambda at: (endpoints[at].method, endpoints[at].name)):
        used = stages_of[number]
        whole = [tallies.whole[stage, number] for stage in used]
        measured = [tallies.measured.get((stage, number), Tally()) for stage in used]
        endpoint = endpoints[number]
        over_all = _both(merge(whole), merge(measured), seconds, percentiles)
        rows.append(EndpointSummary(endpoint, None, over_all))
        for stage, its_whole, its_measured in zip(used, whole, measured, strict=True):
            if stage < len(stages):
                span = stages[stage]
                figures = _both(its_whole, its_measured, _lengths(span), percentiles)
                rows.append(EndpointSummary(endpoint, span.name, figures))
    return rows


_Place = tuple[int | None, str | None]
"""Stage and endpoint of a row of a metric."""


def _metrics(
    stages: Sequence[StageSpan],
    tallies: Tallies,
    seconds: tuple[float, float],
    percentiles: Sequence[str],
) -> list[MetricSummary]:
    whole = _by_place(tallies.metrics, len(stages))
    measured = _by_place(tallies.metrics_measured, len(stages))
    summaries = []
    for name, kind in sorted(whole):
        in_whole, in_measured = whole[name, kind], measured.get((name, kind), {})
        rows = []
        for stage, endpoint in sorted(in_whole, key=_order):
            span = None if stage is None else stages[stage]
            whole_s, measured_s = seconds if span is None else _lengths(span)
            part = in_measured.get((stage, endpoint)) or MetricTally()
            rows.append(
                MetricSummaryRow(
                    None if span is None else span.name,
                    endpoint,
                    metric_values(kind, in_whole[stage, endpoint], whole_s, percentiles),
                    metric_values(kind, part, measured_s, percentiles),
                )
            )
        info = tallies.metric_infos.get(name, MetricInfo())
        summaries.append(MetricSummary(name, kind, info, rows))
    return summaries


def _by_place(
    tallies: Mapping[MetricKey, MetricTally], stages: int
) -> dict[tuple[str, MetricKind], dict[_Place, MetricTally]]:
    """Name and kind -> the metric over everything, in each stage, and at each endpoint of it."""
    merged: dict[tuple[str, MetricKind], dict[_Place, MetricTally]] = {}
    for key, tally in tallies.items():
        places: list[_Place] = [(None, None)]
        if key.stage < stages:
            places.append((key.stage, None))
            if key.endpoint:
                places.append((key.stage, key.endpoint))
        of_metric = merged.setdefault((key.name, key.kind), {})
        for place in places:
            of_metric.setdefault(place, MetricTally()).merge(tally)
    return merged


def _order(place: _Place) -> tuple[bool, int, str]:
    """The whole run, then each stage, then each endpoint of each stage."""
    stage, endpoint = place
    return endpoint is not None, -1 if stage is None else stage, endpoint or ""


def metric_values(
    kind: MetricKind, tally: MetricTally, seconds: float = 0.0, percentiles: Sequence[str] = ()
) -> MetricValues:
    """The values people read of a custom metric over a stretch of so many seconds, 0 where nobody
    asks for what a counter counted a second; of a Trend those percentiles included that are asked
    for by name."""
    if kind == "counter":
        return MetricValues(tally.count, rate=tally.count / seconds if seconds else None)
    if kind == "rate":
        return MetricValues(tally.count, hits=tally.hits, rate=tally.rate())
    shares = [percentile_share(name) or 0.0 for name in percentiles]
    p50, p95, p99, *others = tally.percentiles((0.50, 0.95, 0.99, *shares))
    return MetricValues(
        tally.count,
        mean=tally.mean(),
        min=tally.least(),
        p50=p50,
        p95=p95,
        p99=p99,
        max=tally.most(),
        percentiles=dict(zip(percentiles, others, strict=True)),
    )
