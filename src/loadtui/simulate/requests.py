"""Draws every request of a stretch of a simulated run, and counts them by second and bin.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from random import Random
from typing import NamedTuple

import polars as pl

from loadtui.samples.bins import MANTISSA_BITS, MAX_US
from loadtui.samples.table_schemas import METRIC_SUMS
from loadtui.samples.trend_bins import trend_bin_of
from loadtui.simulate.draws import RandomStream, draw_below, high_half, low_half, normal
from loadtui.simulate.load_over_time import LoadOverTime
from loadtui.simulate.profile import CounterProfile, EndpointProfile, Profile, TrendProfile
from loadtui.store.journal_contents import NO_METRIC_BIN

_FINE = MANTISSA_BITS + 1
_DIGITS = 5
"""Significant digits of a Trend's values."""


class SimulatedRequests(NamedTuple):
    """What requests of a stretch come to, in the columns of a Record's rows."""

    cells: pl.DataFrame
    windows: pl.DataFrame
    metric_rows: pl.DataFrame
    """`metric` is the number in the profile: counters, then rates, then trends."""
    ended: pl.DataFrame
    """second, count: requests that ended in it."""


class SimulatedService:
    """Answers the requests of one run."""

    def __init__(self, profile: Profile, course: LoadOverTime, rng: Random) -> None:
        self._profile = profile
        self._stream = RandomStream(rng)
        self._parts = _parts(profile.endpoints)
        self._sizes = pl.Series([endpoint.bytes for endpoint in profile.endpoints], dtype=pl.Int64)
        self._stall_starts = pl.Series([start for start, _ in course.stalls], dtype=pl.Float64)
        self._stall_ends = pl.Series([end for _, end in course.stalls], dtype=pl.Float64)

    def answer(self, load: pl.DataFrame) -> SimulatedRequests:
        """Draw requests; each row of `load` asks for `count` of one endpoint in one second, with
        `slowness` in log points and probability of `failure`."""
        at = load.select(at=pl.int_range(pl.len(), dtype=pl.UInt32).repeat_by("count")).explode(
            "at"
        )
        keys = at.get_column("at").drop_nulls()
        requests = self._latencies(load, keys)
        samples = (
            requests.group_by("at", "ok", "bin")
            .agg(count=pl.len())
            .with_columns(_of(load, "endpoint"), _of(load, "second"))
        )
        windows = (
            requests.group_by("at", "ok")
            .agg(
                count=pl.len(),
                sum_us=pl.col("us").sum(),
                min_us=pl.col("us").min(),
                max_us=pl.col("us").max(),
            )
            .with_columns(_of(load, "endpoint"), _of(load, "second"))
            .with_columns(
                bytes=pl.when("ok")
                .then(pl.col("count") * _look_up(self._sizes, "endpoint"))
                .otherwise(0)
            )
        )
        ended = requests.group_by(second=pl.col("end").cast(pl.UInt32)).agg(count=pl.len())
        return SimulatedRequests(samples, windows, self._metrics(load, keys), ended)

    def _latencies(self, load: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
        """at (row of `load`), ok, us, bin, and end in seconds, of every request."""
        count = len(keys)
        drawn = pl.DataFrame(
            {
                "at": keys,
                "when": self._stream.words(count),
                "size": self._stream.words(count),
                "turn": self._stream.words(count),
            }
        ).with_columns(
            _of(load, "endpoint"),
            _of(load, "slowness"),
            _of(load, "failure"),
            start=_of(load, "second").cast(pl.Float64) + high_half(pl.col("when")),
        )
        part = pl.sum_horizontal(
            pl.lit(0, dtype=pl.UInt32),
            *(
                (low_half(pl.col("when")) >= _look_up(bound, "endpoint")).cast(pl.UInt32)
                for bound in self._parts.bounds
            ),
        )
        number = pl.col("endpoint").cast(pl.UInt32) * self._parts.width + part
        z = normal(draw_below(pl.col("size")), high_half(pl.col("turn")))
        timed = (
            drawn.with_columns(part=number, ok=low_half(pl.col("turn")) >= pl.col("failure"), z=z)
            .with_columns(
                seconds=(
                    _look_up(self._parts.log_medians, "part")
                    + _look_up(self._parts.sigmas, "part") * pl.col("z")
                    + pl.col("slowness")
                ).exp()
                + self._stalled(drawn.get_column("start"))
            )
            .with_columns(us=(pl.col("seconds") * 1e6).round().clip(0, MAX_US).cast(pl.Int64))
        )
        return timed.select(
            "at", "ok", "us", bin=bins(pl.col("us")), end=pl.col("start") + pl.col("seconds")
        )

    def _stalled(self, start: pl.Series) -> pl.Series:
        """Seconds that requests wait for the end of the stall they start in."""
        if self._stall_starts.is_empty():
            return pl.zeros(len(start), dtype=pl.Float64, eager=True).rename("stalled")
        last = self._stall_starts.search_sorted(start, side="right").cast(pl.Int64) - 1
        end = self._stall_ends.gather(last.clip(lower_bound=0))
        waits = pl.DataFrame({"last": last, "end": end, "start": start})
        wait = (pl.col("end") - pl.col("start")).clip(lower_bound=0.0)
        return waits.select(
            stalled=pl.when(pl.col("last") >= 0).then(wait).otherwise(0.0)
        ).to_series()

    def _metrics(self, load: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
        labels = [one.endpoint.label for one in self._profile.endpoints]
        everything = pl.DataFrame({"at": keys}).with_columns(
            _of(load, "second"), _of(load, "endpoint"), _of(load, "slowness")
        )
        one, none = pl.lit(1, dtype=pl.Int64), pl.lit(0, dtype=pl.Int64)
        found = []
        for number, metric in enumerate(self._profile.metrics):
            seen = everything
            if metric.endpoint:
                seen = seen.filter(pl.col("endpoint") == labels.index(metric.endpoint))
            word = self._stream.words(len(seen))
            if isinstance(metric, TrendProfile):
                z = normal(high_half(pl.col("word")), low_half(pl.col("word")))
                sign = 1.0 if metric.better == "lower" else -1.0
                log = math.log(metric.median) + metric.sigma * z + sign * pl.col("slowness")
                kept = log.exp().round_sig_figs(_DIGITS)
                columns = {"value": kept, "bin": trend_bins(kept), "count": one, "hits": none}
            else:
                hit = low_half(pl.col("word")) < metric.share
                of_counter = isinstance(metric, CounterProfile)
                columns = {
                    "value": pl.lit(None, dtype=pl.Float64),
                    "bin": pl.lit(NO_METRIC_BIN, dtype=pl.Int32),
                    "count": hit.cast(pl.Int64) if of_counter else one,
                    "hits": none if of_counter else hit.cast(pl.Int64),
                }
            found.append(
                seen.with_columns(word=word)
                .with_columns(**columns)
                .with_columns(pl.col("value").alias(name) for name in ("sum", "min", "max"))
                .group_by("second", "bin")
                .agg(how.alias(name) for name, how in METRIC_SUMS.items())
                .with_columns(metric=pl.lit(number, dtype=pl.UInt32))
            )
        return pl.concat(found) if found else _NO_METRICS


_NO_METRICS = pl.DataFrame(
    schema={
        "second": pl.UInt32,
        "bin": pl.Int32,
        "count": pl.Int64,
        "hits": pl.Int64,
        "sum": pl.Float64,
        "min": pl.Float64,
        "max": pl.Float64,
        "metric": pl.UInt32,
    }
)


class _Parts(NamedTuple):
    """The mixtures of all endpoints, padded to the same number of parts each."""

    width: int
    log_medians: pl.Series
    """Of seconds."""
    sigmas: pl.Series
    bounds: list[pl.Series]
    """For each part but the last, by endpoint: where in 0..1 it gives way to the next."""


def _parts(endpoints: tuple[EndpointProfile, ...]) -> _Parts:
    width = max(len(endpoint.latency) for endpoint in endpoints)
    medians, sigmas = [], []
    bounds: list[list[float]] = [[] for _ in range(width - 1)]
    for endpoint in endpoints:
        padded = [*endpoint.latency, *[endpoint.latency[-1]] * (width - len(endpoint.latency))]
        medians += [math.log(part.median_ms / 1000) for part in padded]
        sigmas += [part.sigma for part in padded]
        total = math.fsum(part.weight for part in endpoint.latency)
        reached = 0.0
        for at in range(width - 1):
            if at < len(endpoint.latency):
                reached += endpoint.latency[at].weight / total
            bounds[at].append(reached if at < len(endpoint.latency) - 1 else 2.0)
    columns = [pl.Series(bound, dtype=pl.Float64) for bound in bounds]
    return _Parts(width, pl.Series(medians), pl.Series(sigmas), columns)


def bins(us: pl.Expr) -> pl.Expr:
    """Bins of latencies in whole microseconds, 0..MAX_US: samples.bins.bin_of for a column."""
    shift = (32 - _FINE - us.cast(pl.UInt32).bitwise_leading_zeros().cast(pl.Int32)).clip(0)
    power = pl.lit(_POWERS).gather(shift)
    return (shift.cast(pl.Int64) * (1 << MANTISSA_BITS) + us // power).cast(pl.UInt16)


def trend_bins(values: pl.Expr) -> pl.Expr:
    """Bins of finite values above 0: samples.trend_bins.trend_bin_of for a column."""
    exponent = values.log(2).floor()
    # A power of two whose logarithm is rounded down is 2.0 here, which is the next one's first bin.
    mantissa = values / pl.lit(2.0).pow(exponent)
    first = trend_bin_of(1.0)
    steps = (mantissa * (1 << MANTISSA_BITS)).floor().cast(pl.Int32) - (1 << MANTISSA_BITS)
    return first + exponent.cast(pl.Int32) * (1 << MANTISSA_BITS) + steps


_POWERS = pl.Series([1 << shift for shift in range(32 - _FINE + 1)], dtype=pl.Int64)


def _of(load: pl.DataFrame, column: str) -> pl.Expr:
    """A column of `load` for the row that `at` names."""
    return _look_up(load.get_column(column), "at").alias(column)


def _look_up(values: pl.Series, index: str) -> pl.Expr:
    return pl.lit(values).gather(pl.col(index))
