"""The shapes in which k6 has written its summary, brought into one.

- `--summary-export`: a metric's numbers beside each other, and `thresholds: {"p(95)<200": true}`
  where true means crossed (`!threshold.ok` in k6's summary-wrapper.js).
- The data that `handleSummary` is given: the numbers under `values`, and
  `thresholds: {"p(95)<200": {"ok": true}}` where true means met.
- `--new-machine-readable-summary`, the default of version 2: lists under `results`, as in the
  schemas of grafana/k6-summary; a rate is `matches` of `total`, and `passed` says how it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.files.text_file import clean_text

_KNOWN = ("http_req_duration", "http_reqs", "iterations", "data_sent", "vus_max")
"""Metrics of which every summary of k6 has one."""
_ALL = "checks"
_SLACK = 1e-6
_DEEPEST = 100
"""Groups within groups that are followed."""


class K6Check(NamedTuple):
    """A `check` of the script, and how often it held."""

    name: str
    passes: int
    fails: int


@dataclass
class K6Summary:
    """What a summary holds, whatever its shape."""

    metrics: dict[str, Mapping[str, Any]]
    """Name, with the tags of a submetric -> its numbers."""
    thresholds: dict[str, dict[str, bool]]
    """Name -> threshold -> whether it was met."""
    checks: list[K6Check]
    duration_s: float | None = None
    passed: bool | None = None
    """Whether k6 says that the test passed; None: it does not say."""
    has_thresholds: bool = True
    """False: this shape has no place for thresholds."""


def is_k6_summary(document: Any) -> bool:
    """Whether a JSON document is one of these."""
    if not isinstance(document, Mapping):
        return False
    results = document.get("results")
    if isinstance(results, Mapping) and isinstance(results.get("metrics"), list):
        names = {one.get("name") for one in results["metrics"] if _is_named(one)}
        return not names.isdisjoint(_KNOWN)
    metrics = document.get("metrics")
    return isinstance(metrics, Mapping) and any(
        isinstance(metrics.get(name), Mapping) for name in _KNOWN
    )


def k6_summary(path: Path, document: Mapping[str, Any]) -> K6Summary:
    """The summary that a document holds.  Raises UsageError for numbers that cannot be."""
    results = document.get("results")
    if isinstance(results, Mapping) and isinstance(results.get("metrics"), list):
        return _machine_readable(path, document, results)
    metrics = document["metrics"]
    thresholds = {
        str(name): _thresholds(path, str(name), metric.get("thresholds"))
        for name, metric in metrics.items()
        if isinstance(metric, Mapping)
    }
    beside = document.get("thresholds")
    if isinstance(beside, Mapping):
        for name, own in beside.items():
            thresholds.setdefault(str(name), {}).update(_thresholds(path, str(name), own))
    summary = K6Summary(
        {str(name): _values(metric) for name, metric in metrics.items()},
        {name: own for name, own in thresholds.items() if own},
        list(_checks_of_group(path, document.get("root_group"))),
    )
    _add_all_checks(path, summary)
    state = document.get("state")
    if isinstance(state, Mapping):
        length = JsonFields(path, "state", state).number("testRunDurationMs")
        summary.duration_s = None if length is None else length / 1000
    return summary


def _values(metric: Any) -> Mapping[str, Any]:
    """What a metric holds: under `values` as for handleSummary, else beside each other."""
    if not isinstance(metric, Mapping):
        return {}
    inner = metric.get("values")
    return inner if isinstance(inner, Mapping) else metric


def _thresholds(path: Path, metric: str, thresholds: Any) -> dict[str, bool]:
    """Whether each was met."""
    if thresholds is None or thresholds == []:
        return {}
    fields = JsonFields(path, metric, {})
    if not isinstance(thresholds, Mapping):
        raise fields.wrong("thresholds", "is no object of thresholds and how they ended")
    met = {}
    for source, state in thresholds.items():
        ok = not state if isinstance(state, bool) else None
        if isinstance(state, Mapping) and isinstance(state.get("ok"), bool):
            ok = state["ok"]
        if ok is None:
            raise fields.wrong(source, "does not say whether this threshold was met")
        met[clean_text(source)] = ok
    return met


def _checks_of_group(path: Path, group: Any, under: str = "", depth: int = 0) -> Iterator[K6Check]:
    """The checks of a group and of those in it: objects by name, or lists of objects."""
    if not isinstance(group, Mapping) or depth > _DEEPEST:
        return
    for check in _members(group.get("checks")):
        yield _check(path, check, under)
    for inner in _members(group.get("groups")):
        name = inner.get("name")
        below = f"{under}{name} › " if isinstance(name, str) else under
        yield from _checks_of_group(path, inner, below, depth + 1)


def _add_all_checks(path: Path, summary: K6Summary) -> None:
    """Where single checks are not told apart, the rate of all of them."""
    fields = JsonFields(path, _ALL, summary.metrics.get(_ALL, {}))
    passes, fails = fields.count("passes"), fields.count("fails")
    if not summary.checks and passes is not None and fails is not None:
        summary.checks = [K6Check("of any name", passes, fails)]


def _members(values: Any) -> list[Mapping[str, Any]]:
    if isinstance(values, Mapping):
        values = list(values.values())
    if not isinstance(values, Sequence) or isinstance(values, str):
        return []
    return [value for value in values if isinstance(value, Mapping)]


def _check(path: Path, check: Mapping[str, Any], under: str = "") -> K6Check:
    fields = JsonFields(path, "check", check)
    passes, fails = fields.count("passes"), fields.count("fails")
    if passes is None or fails is None:
        raise fields.wrong(fields.text("name"), "does not say how often it held and failed")
    return K6Check(under + fields.text("name"), passes, fails)


def _machine_readable(
    path: Path, document: Mapping[str, Any], results: Mapping[str, Any]
) -> K6Summary:
    metrics: dict[str, Mapping[str, Any]] = {}
    thresholds: dict[str, dict[str, bool]] = {}
    for metric in results["metrics"]:
        if not _is_named(metric):
            continue
        name = metric["name"]
        if name in metrics:
            raise UsageError(f"{path}: metric {name!r} is there twice")
        metrics[name] = _as_before(path, name, _values(metric))
        own = _thresholds(path, name, metric.get("thresholds"))
        if own:
            thresholds[name] = own
    summary = K6Summary(metrics, thresholds, [], has_thresholds=bool(thresholds))
    checks = results.get("checks")
    if isinstance(checks, Mapping):
        single = checks.get("results", checks.get("orderedChecks"))
        summary.checks = [_check(path, check) for check in _members(single)]
    _add_all_checks(path, summary)
    passed = results.get("passed")
    summary.passed = passed if isinstance(passed, bool) else None
    config = document.get("config")
    if isinstance(config, Mapping):
        summary.duration_s = JsonFields(path, "config", config).number("duration")
    return summary


def _as_before(path: Path, name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A metric with `matches` of `total` as `passes` and `fails`, as all other shapes have it."""
    fields = JsonFields(path, name, values)
    matches, total = fields.count("matches"), fields.count("total")
    if matches is None or total is None:
        return values
    if matches > total:
        raise fields.wrong("matches", f"{matches} is more than the {total} that there were")
    rate = fields.number("rate")
    if rate is not None and total and abs(rate - matches / total) > _SLACK:
        raise fields.wrong("rate", f"{rate:g} is not the share of {matches} of {total}")
    return {**values, "passes": matches, "fails": total - matches}


def _is_named(metric: Any) -> bool:
    return isinstance(metric, Mapping) and isinstance(metric.get("name"), str)
