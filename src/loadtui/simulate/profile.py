"""What a simulated service is like: its endpoints, its load, and how it misbehaves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import msgspec

from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.store.manifest import Endpoint
from loadtui.toml_text import toml_table

_GLOB = frozenset("*?[")


class LatencyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lognormal of a mixture, e.g. answers from a cache."""

    median_ms: float
    sigma: float
    """Standard deviation of the latency's logarithm."""
    weight: float = 1.0
    """Share of the requests, in proportion to the other parts' weights."""


class EndpointProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    method: str
    name: str
    latency: tuple[LatencyPart, ...]
    weight: float = 1.0
    """Share of the requests, in proportion to the other endpoints' weights."""
    error_rate: float = 0.002
    bytes: int = 1_000
    """Size of an answer that is no failure."""

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.method, self.name)


class LoadProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requests a second wander about their mean as an AR(1) process on the log scale."""

    sd: float = 0.08
    """Standard deviation of the load's logarithm from second to second."""
    memory: float = 0.9
    """Correlation of one second with the next."""
    slows: float = 0.5
    """Log points that latencies rise by for each log point that the load does."""


class StallProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stops of the whole service, as of garbage collection: who comes in one waits for its end.

    Gaps and lengths are exponential; `every_s` 0: none."""

    every_s: float = 15.0
    mean_ms: float = 80.0


class BurstProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stretches in which more requests fail.  Gaps are exponential; `every_s` 0: none."""

    every_s: float = 300.0
    length_s: float = 2.0
    error_rate: float = 0.03
    """Added to each endpoint's own."""


class CounterProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    share: float
    """Of the requests that count one."""
    endpoint: str = ""
    """Label of the endpoint whose requests count; empty: all requests, no endpoint named."""


class RateProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    share: float
    """Of the requests that are hits; every request is an observation."""
    endpoint: str = ""
    """As of a counter."""


class TrendProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lognormal value for every request."""

    name: str
    median: float
    """In the metric's unit."""
    sigma: float
    unit: str = ""
    better: Literal["lower", "higher"] = "lower"
    endpoint: str = ""
    """As of a counter."""


MetricProfile = CounterProfile | RateProfile | TrendProfile


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    endpoints: tuple[EndpointProfile, ...]
    load: LoadProfile = LoadProfile()
    stalls: StallProfile = StallProfile()
    bursts: BurstProfile = BurstProfile()
    run_to_run: float = 0.03
    """Standard deviation, in log points, of each endpoint's latency, requests/s and error rate
    from one run to another."""
    requests_per_user_s: float = 0.3
    counters: tuple[CounterProfile, ...] = ()
    rates: tuple[RateProfile, ...] = ()
    trends: tuple[TrendProfile, ...] = ()

    @property
    def metrics(self) -> tuple[MetricProfile, ...]:
        """All custom metrics; the position in it is a metric's number."""
        return (*self.counters, *self.rates, *self.trends)


def default_profile(plan: Plan, endpoints: int | None = None) -> Profile:
    """A service with the endpoints that the plan's thresholds and tolerances name, of a gateway to
    a language model if they name none; with `endpoints` given, with so many made-up ones."""
    if endpoints is not None:
        labels = [f"GET /endpoint/{number}" for number in range(1, endpoints + 1)]
    else:
        named = [threshold.endpoint for threshold in plan.thresholds]
        named += [threshold.endpoint for threshold in plan.tolerances]
        labels = list(dict.fromkeys(label for label in named if label and not _GLOB & {*label}))
    if not labels:
        return Profile(endpoints=_GATEWAY)
    return Profile(endpoints=tuple(_plain(at, label) for at, label in enumerate(labels)))


def load_profile(path: Path) -> Profile:
    """Read a profile from TOML whose keys are the fields of Profile; UsageError for a bad one."""
    import tomllib

    try:
        table = toml_table(path.read_text(encoding="utf-8"))
        return checked_profile(msgspec.convert(table, Profile), str(path))
    except OSError as error:
        raise UsageError(f"{path}: the profile cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{path}: {error}") from error


def checked_profile(profile: Profile, where: str) -> Profile:
    """The profile itself; UsageError, naming `where` and the key, for numbers without sense."""
    for key, value, low, high in _numbers(profile):
        if not low <= value <= high:
            raise UsageError(f"{where}: {key} is {value:g}, expected {_range(low, high)}")
    labels = [endpoint.endpoint.label for endpoint in profile.endpoints]
    if not labels or len({*labels}) < len(labels):
        raise UsageError(f"{where}: give at least one endpoint, and each only once")
    for endpoint in profile.endpoints:
        if not endpoint.latency:
            raise UsageError(f"{where}: endpoint {endpoint.endpoint.label} needs a latency")
    for metric in profile.metrics:
        if metric.endpoint and metric.endpoint not in labels:
            raise UsageError(f"{where}: metric {metric.name} names an endpoint that is not there")
    return profile


def shifted_profile(profile: Profile, glob: str, factor: float) -> Profile:
    """The profile with the latencies of all endpoints that fit the glob multiplied by `factor`.

    Raises UsageError when none fits.
    """
    fitting = [
        endpoint for endpoint in profile.endpoints if fnmatchcase(endpoint.endpoint.label, glob)
    ]
    if not fitting:
        known = ", ".join(endpoint.endpoint.label for endpoint in profile.endpoints[:5])
        raise UsageError(f"--shift: no endpoint fits {glob!r}; there are {known}")
    changed = tuple(
        msgspec.structs.replace(
            endpoint, latency=tuple(_slower(part, factor) for part in endpoint.latency)
        )
        if endpoint in fitting
        else endpoint
        for endpoint in profile.endpoints
    )
    return msgspec.structs.replace(profile, endpoints=changed)


def with_error_rate(profile: Profile, error_rate: float) -> Profile:
    """The profile with this error rate, 0..1, at every endpoint."""
    changed = (
        msgspec.structs.replace(endpoint, error_rate=error_rate) for endpoint in profile.endpoints
    )
    return msgspec.structs.replace(profile, endpoints=tuple(changed))


def _slower(part: LatencyPart, factor: float) -> LatencyPart:
    return msgspec.structs.replace(part, median_ms=part.median_ms * factor)


_TINY = math.ulp(0.0)
_HUGE = 1e12


def _numbers(profile: Profile) -> Iterable[tuple[str, float, float, float]]:
    """(key, value, lowest, highest) of everything that must lie in a range."""
    yield "run_to_run", profile.run_to_run, 0, 1
    yield "requests_per_user_s", profile.requests_per_user_s, _TINY, _HUGE
    yield "load.sd", profile.load.sd, 0, 2
    yield "load.memory", profile.load.memory, 0, 0.9999
    yield "load.slows", profile.load.slows, 0, 10
    yield "stalls.every_s", profile.stalls.every_s, 0, _HUGE
    yield "stalls.mean_ms", profile.stalls.mean_ms, 0, 1e6
    yield "bursts.every_s", profile.bursts.every_s, 0, _HUGE
    yield "bursts.length_s", profile.bursts.length_s, 0, 1e6
    yield "bursts.error_rate", profile.bursts.error_rate, 0, 1
    for endpoint in profile.endpoints:
        label = endpoint.endpoint.label
        yield f"weight of {label}", endpoint.weight, _TINY, _HUGE
        yield f"error_rate of {label}", endpoint.error_rate, 0, 1
        yield f"bytes of {label}", endpoint.bytes, 0, _HUGE
        for part in endpoint.latency:
            yield f"latency.median_ms of {label}", part.median_ms, _TINY, 1e7
            yield f"latency.sigma of {label}", part.sigma, 0, 5
            yield f"latency.weight of {label}", part.weight, _TINY, _HUGE
    for metric in profile.metrics:
        if isinstance(metric, TrendProfile):
            yield f"median of {metric.name}", metric.median, _TINY, _HUGE
            yield f"sigma of {metric.name}", metric.sigma, 0, 5
        else:
            yield f"share of {metric.name}", metric.share, 0, 1


def _range(low: float, high: float) -> str:
    lowest = "more than 0" if low == _TINY else f"{low:g} or more"
    return lowest if high == _HUGE else f"{lowest} and at most {high:g}"


def _plain(at: int, label: str) -> EndpointProfile:
    """A made-up endpoint; the medians of several spread from 20 to 180 ms."""
    method, _, name = label.rpartition(" ") if " " in label else ("", "", label)
    median = 20.0 + 40.0 * (at % 5)
    parts = (
        LatencyPart(median_ms=median, sigma=0.35, weight=0.9),
        LatencyPart(median_ms=median * 4, sigma=0.5, weight=0.1),
    )
    return EndpointProfile(method=method, name=name, latency=parts)


_GATEWAY = (
    EndpointProfile(
        method="POST",
        name="/v1/chat/completions",
        latency=(
            LatencyPart(median_ms=420, sigma=0.45, weight=0.85),
            LatencyPart(median_ms=1100, sigma=0.40, weight=0.15),
        ),
        weight=70,
        bytes=1_800,
    ),
    EndpointProfile(
        method="GET",
        name="/v1/models",
        latency=(
            LatencyPart(median_ms=4, sigma=0.30, weight=0.95),
            LatencyPart(median_ms=18, sigma=0.50, weight=0.05),
        ),
        weight=20,
        error_rate=0.0005,
        bytes=900,
    ),
    EndpointProfile(
        method="GET",
        name="/health",
        latency=(LatencyPart(median_ms=1.5, sigma=0.30),),
        weight=10,
        error_rate=0.0005,
        bytes=40,
    ),
)
