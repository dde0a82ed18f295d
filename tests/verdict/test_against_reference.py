"""The verdict against a reference written independently of it: same words, same numbers.

The reference lies beside the checkout, or where LOADTUI_VERDICT_REFERENCE says.
"""

from __future__ import annotations

import importlib.util
import math
import os
import random
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from statistics import NormalDist
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from loadtui.plan.model import Plan
from loadtui.samples import table_schemas
from loadtui.samples.estimate import Estimate, Key
from loadtui.store.comparison import ComparisonRow
from loadtui.store.manifest import FORMAT, Endpoint, Manifest, Provenance, StageSpan
from loadtui.store.stored_run import Run
from loadtui.verdict.estimates import run_estimates
from loadtui.verdict.interval import Prior
from loadtui.verdict.metric_limits import ComparisonRules, MetricLimits
from loadtui.verdict.significance import judge_metrics
from tests.support.tools import in_ci

# Read when the module is: the tests' own environment is cleared of such variables.
REFERENCE = Path(
    os.environ.get("LOADTUI_VERDICT_REFERENCE")
    or Path(__file__).resolve().parents[3] / "shared" / "reference" / "verdict_ref.py"
)
COMPARISONS = 1_000
OF_A_WORLD = 5
"""Comparisons of the same runs, each of some of them and by a plan of its own."""
FACTORS = [math.exp(0.4 * NormalDist().inv_cdf((at + 0.5) / 300)) for at in range(300)]
"""How latencies are spread about their middle."""
CHUNKS = 4
CLOSE = {"rel": 1e-9, "abs": 1e-12}
ALL_WORDS = {
    ("regressed", "fail"),
    ("regressed", "warning"),
    ("improved", "pass"),
    ("unchanged", "pass"),
    ("inconclusive", "warning"),
    ("not comparable", "fail"),
    ("not comparable", "warning"),
    ("new", "pass"),
    ("shown", "pass"),
}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    if not REFERENCE.is_file():
        if in_ci():
            pytest.fail(f"{REFERENCE} is missing, and with CI set no test may be skipped for that")
        pytest.skip(f"there is no {REFERENCE}")
    spec = importlib.util.spec_from_file_location("verdict_reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class World:
    """Generates runs of an imaginary target as rows of their tables, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = rng = random.Random(seed)
        self.stages = ["L1", "L2"][: rng.choice((1, 1, 2))]
        self.endpoints = [f"GET /{letter}" for letter in "abcdef"[: rng.choice((1, 2, 3, 6))]]
        self.seconds = {s: rng.choice((12, 19, 20, 33, 45, 61)) for s in self.stages}
        self.rate = {e: rng.choice((0.5, 5, 12, 50)) for e in self.endpoints}
        self.middle = {e: math.exp(rng.uniform(3, 12)) for e in self.endpoints}
        self.errors = {e: rng.choice((0, 0, 0.01, 0.05, 0.7, 1)) for e in self.endpoints}
        self.metrics = rng.random() < 0.5
        self.shift = rng.choice((1, 1, 1.15, 1.4, 2.5, 0.5))
        self.load = rng.choice((1, 1, 1, 0.8, 0.4))
        self.spread = rng.choice((0, 0.02, 0.1))
        self.more_errors = rng.choice((0, 0, 0.02))
        self.base_runs, self.runs = rng.choice((1, 1, 3, 5)), rng.choice((1, 1, 2, 4))
        self.hit_rate = rng.choice((0.02, 0.4))

    def run(self, current: bool, resolution: float) -> dict[str, list[Any]]:
        rng = self.random
        shift = math.exp(rng.gauss(0, self.spread)) * (self.shift if current else 1)
        rows: dict[str, list[Any]] = {"cells": [], "windows": [], "metrics": []}
        missing = rng.choice(self.endpoints) if rng.random() < 0.15 else None
        skipped = self.stages[-1] if rng.random() < 0.05 else None
        for stage in self.stages:
            if stage == skipped:
                continue
            for second in range(self.seconds[stage]):
                for endpoint in self.endpoints:
                    if endpoint != missing:
                        self._second(rows, stage, second, endpoint, shift, current)
            began = any(row[0] == stage for row in rows["windows"])
            if began and self.metrics and rng.random() < 0.9:
                rows["metrics"] += [
                    ("counter", "bad", e, stage, 0, None, rng.choice((0, 0, 1, 9)))
                    for e in ("", self.endpoints[0])
                ]
        rows["resolution"] = [resolution]
        return rows

    def _second(
        self, rows: dict[str, Any], stage: str, second: int, endpoint: str, shift: float, cur: bool
    ) -> None:
        rng = self.random
        mean = self.rate[endpoint] * (self.load if cur else 1)
        count = int(mean + rng.random()) if mean < 10 else max(0, round(rng.gauss(mean, mean**0.5)))
        failing = min(1.0, self.errors[endpoint] + (self.more_errors if cur else 0))
        failed = min(count, int(count * failing + rng.random()))
        stall = 3 if second % 17 == 0 else 1
        middle = self.middle[endpoint] * shift * stall
        times = [bin_of(round(middle * factor)) for factor in rng.choices(FACTORS, k=count)]
        bins = Counter((number >= failed, bin_) for number, bin_ in enumerate(times))
        for ok, here in ((False, failed), (True, count - failed)):
            if here:
                rows["windows"].append((stage, endpoint, ok, second, here))
        rows["cells"] += [(stage, endpoint, ok, second, b, n) for (ok, b), n in bins.items()]
        if self.metrics and count:
            hits = min(count, int(count * self.hit_rate + rng.random()))
            rows["metrics"].append(("rate", "slow", "", stage, second, hits, count))
            for value in range(min(count, 2)):
                ms = 50 * shift * math.exp(rng.gauss(0, 0.3)) + value
                rows["metrics"] += [
                    ("trend", "ttft", endpoint, stage, second, bin_of(round(1000 * ms)), 1),
                    ("trend", "tokens", endpoint, stage, second, bin_of(round(1e6 / ms)), 1),
                ]


def bin_of(us: int) -> int:
    shift = us.bit_length() - 8
    return us if shift <= 0 else (shift << 7) + (us >> shift)


# ------------------------------------------------------------------------------- ours
OFFSET = 7
"""Stages begin so many seconds before their measured part, full of what must not be counted."""


def our_run(world: World, rows: dict[str, list[Any]]) -> Run:
    spans, start = [], 0
    for stage in world.stages:
        begins = start + OFFSET
        end = begins + world.seconds[stage]
        spans.append(StageSpan(stage, start, end, 10, 5.0, begins, end))
        start = end
    at = {stage: index for index, stage in enumerate(world.stages)}
    begin = {stage: spans[index].measured_from for stage, index in at.items()}
    number = {endpoint: index for index, endpoint in enumerate(world.endpoints)}
    manifest = Manifest(
        format=FORMAT,
        run="r",
        state="finished",
        provenance=Provenance("imported", "x", rows["resolution"][0]),
        plan=Plan("p", ("/p.py",)),
        fingerprint="f",
        started="",
        stages=spans,
        endpoints=[Endpoint(*endpoint.split()) for endpoint in world.endpoints],
    )
    run = Run(Path(), manifest)
    cells = [(at[s], number[e], ok, begin[s] + t, b, n) for s, e, ok, t, b, n in rows["cells"]]
    windows = [
        (at[s], number[e], ok, begin[s] + t, n, 0, 0, 0, 0) for s, e, ok, t, n in rows["windows"]
    ]
    for stage in {s for s, *_ in rows["windows"]}:
        before = begin[stage] - 1
        cells.append((at[stage], 0, True, before, 3000, 1000))
        windows.append((at[stage], 0, False, before, 1000, 0, 0, 0, 0))
    metrics: list[tuple[Any, ...]] = []
    for kind, name, endpoint, s, t, x, n in rows["metrics"]:
        better = "higher" if name == "tokens" else "lower"
        bin_, hits = (x, 0) if kind == "trend" else (None, x or 0)
        metrics.append((kind, name, "", better, endpoint, at[s], begin[s] + t, bin_, n, hits))
    tables = (
        ("samples.parquet", table_schemas.SAMPLES, cells),
        ("windows.parquet", table_schemas.WINDOWS, windows),
        ("metrics.parquet", table_schemas.METRICS, metrics),
    )
    run._frames = {
        name: pl.DataFrame(found, schema=dict(kind), orient="row") for name, kind, found in tables
    }
    return run


# ------------------------------------------------------------------------------- the reference
def its_values(ref: ModuleType, world: World, rows: dict[str, list[Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for stage in world.stages:
        cells = [(e, ok, t, b, n) for s, e, ok, t, b, n in rows["cells"] if s == stage]
        metrics = [row for row in rows["metrics"] if row[3] == stage]
        if not cells:
            continue
        trends = {
            name: pl.DataFrame(
                [(e, t, x, n) for _, m, e, _, t, x, n in metrics if m == name],
                schema=["endpoint", "second", "bin", "count"],
                orient="row",
            )
            for name in {m for kind, m, *_ in metrics if kind == "trend"}
        }
        hits = [
            (e, h, t, n)
            for k, _, e, _, t, x, total in metrics
            if k == "rate"
            for h, n in ((True, x), (False, total - x))
        ]
        frame = pl.DataFrame(hits, schema=["endpoint", "hit", "second", "count"], orient="row")
        found |= ref.stage_values(
            stage,
            ref.StageRun(
                world.seconds[stage],
                pl.DataFrame(
                    cells, schema=["endpoint", "ok", "second", "bin", "count"], orient="row"
                ),
                trends,
                {"slow": frame} if hits else {},
                {(m, e): n for k, m, e, _, _, _, n in metrics if k == "counter"},
                frozenset({"tokens"}),
                rows["resolution"][0],
            ),
        )
    return found


def its_plan(ref: ModuleType, world: World, keys: set[Any]) -> Any:
    rng = world.random
    tolerances: dict[Any, Any] = {"p50": ref.Tolerance(0.5)}
    if world.metrics:
        tolerances |= {
            "ttft.p95": ref.Tolerance(0.3, 0.1),
            "tokens.p50": ref.Tolerance(-0.3),
            "slow": ref.Tolerance(0.05),
            "bad": ref.Tolerance(rng.choice((0, 5, 20))),
        }
    for key in sorted(keys):
        if key.metric == "p95" and rng.random() < 0.2:
            tolerances[key] = ref.Tolerance(rng.choice((0.1, 0.2, 1.0)))
    named = {*rng.sample(world.endpoints, rng.choice((0, 0, 1))), *rng.choice(((), ("bad",)))}
    priors = {"rps": ref.Prior(0.02, 9, 9)} if rng.random() < 0.3 else {}
    broken = {world.stages[0]: "the users differ"} if rng.random() < 0.08 else {}
    return ref.Plan(tolerances, priors, frozenset(named), broken)


def our_rules(ref: ModuleType, plan: Any, values: dict[Any, Any]) -> ComparisonRules:
    limits, priors = {}, {}
    for key, value in values.items():
        default = ref.DEFAULT_TOLERANCES.get(key.metric, ref.Tolerance())
        tolerance = plan.tolerances.get(key, plan.tolerances.get(key.metric, default))
        if tolerance.fail is not None:
            half = tolerance.fail / 2 if tolerance.warn is None else tolerance.warn
            log = value.scale == "log"
            warn, fail = (value.worse * math.log1p(x) if log else x for x in (half, tolerance.fail))
            limits[Key(*key)] = MetricLimits(warn, fail)
        prior = plan.priors.get(key, plan.priors.get(key.metric))
        if prior is not None:
            priors[Key(*key)] = Prior(*prior)
    return ComparisonRules(limits, priors, plan.named, plan.incomparable)


# ------------------------------------------------------------------------------- both
def compare_world(ref: ModuleType, seed: int) -> Counter[tuple[str, str]]:
    """The words of several comparisons, the first of which is of all runs."""
    world = World(seed)
    rng = world.random
    resolution = rng.choice((0.0, 0.0, 0.048))
    sides = [
        [world.run(current, resolution) for _ in range(count)]
        for current, count in ((False, world.base_runs), (True, world.runs))
    ]
    ours = [[run_estimates(our_run(world, rows)) for rows in side] for side in sides]
    its = [[its_values(ref, world, rows) for rows in side] for side in sides]
    for mine, theirs in zip(chain(*ours), chain(*its), strict=True):
        same_values(mine, theirs)
    words: Counter[tuple[str, str]] = Counter()
    taken = [range(len(side)) for side in sides]
    for _ in range(OF_A_WORLD):
        words += compare(
            ref,
            world,
            [[side[at] for at in at_all] for side, at_all in zip(ours, taken, strict=True)],
            [[side[at] for at in at_all] for side, at_all in zip(its, taken, strict=True)],
        )
        taken = [rng.sample(range(len(side)), rng.randint(1, len(side))) for side in sides]
    return words


def compare(
    ref: ModuleType, world: World, ours: list[list[dict[Key, Estimate]]], its: list[list[Any]]
) -> Counter[tuple[str, str]]:
    """The words of one comparison, which must be the same."""
    values = {key: value for side in its for run in side for key, value in run.items()}
    plan = its_plan(ref, world, set(values))
    rows = judge_metrics(*ours, our_rules(ref, plan, values))
    expected = ref.judge(*its, plan)
    assert [row.key for row in rows] == [Key(*row.key) for row in expected]
    for row, wanted in zip(rows, expected, strict=True):
        same_row(row, wanted)
    return Counter((row.word, row.status) for row in rows)


def same_values(mine: dict[Key, Estimate], theirs: dict[Any, Any]) -> None:
    assert set(mine) == {Key(*key) for key in theirs}
    for key, value in theirs.items():
        found = mine[Key(*key)]
        assert found.count == value.count, key
        assert found.seconds == value.seconds, key
        assert (found.y, found.sigma) == pytest.approx((value.y, value.sigma), **CLOSE), key
        quantity = found.quantity
        assert (quantity.scale, quantity.worse, quantity.percentile) == (
            value.scale,
            value.worse,
            value.percentile,
        )


def same_row(row: ComparisonRow, wanted: Any) -> None:
    assert (row.word, row.status, row.reason) == (wanted.word, wanted.status, wanted.reason), row
    if wanted.kind.scale != "count":
        for name in ("change", "low", "high", "se", "df", "p", "mde90", "warn", "fail"):
            mine, its = getattr(row, name), getattr(wanted, name)
            assert mine == (its if its is None else pytest.approx(its, **CLOSE)), (name, row)
        assert row.further_runs == wanted.further_runs
    if wanted.word != "not comparable":  # for those we show what there is
        scale = 1000 if wanted.kind.percentile is not None else 1
        for mine, its in ((row.base, wanted.base), (row.current, wanted.current)):
            assert mine == (its if its is None else pytest.approx(its / scale, **CLOSE)), row


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_thousand_comparisons(reference: ModuleType, chunk: int) -> None:
    each = COMPARISONS // OF_A_WORLD // CHUNKS
    words: Counter[tuple[str, str]] = Counter()
    for seed in range(chunk * each, (chunk + 1) * each):
        words += compare_world(reference, seed)
    assert set(words) == ALL_WORDS, words


def test_the_fifty_busiest_endpoints(reference: ModuleType) -> None:
    """More endpoints than are tested, on estimates without any tables."""
    ref, rng = reference, random.Random(5)
    its: list[list[dict[Any, Any]]] = [[{}], [{}]]
    for number in range(70):
        for side in its:
            endpoint, count = f"GET /{number}", rng.choice((500, 600, 4000))
            for metric, worse, p in (("rps", -1, None), ("p95", 1, 0.95)):
                y = rng.gauss(5, 0.5 if number % 3 == 0 else 0.01)
                value = ref.Value(y, 0.02, count, "log", worse, p, 60)
                side[0][ref.Key("L1", endpoint, metric)] = value
    from loadtui.samples.estimate import builtin_quantity

    def mine(run: dict[Any, Any]) -> dict[Key, Estimate]:
        found = {}
        for key, v in run.items():
            quantity = builtin_quantity(key.metric)
            assert quantity is not None
            found[Key(*key)] = Estimate(v.y, v.sigma, v.count, quantity, v.seconds)
        return found

    plan = ref.Plan(named=frozenset({"GET /69"}))
    rules = our_rules(ref, plan, its[0][0])
    rows = judge_metrics([mine(run) for run in its[0]], [mine(run) for run in its[1]], rules)
    expected = ref.judge(*its, plan)
    assert {row.word for row in rows} >= {"shown", "regressed", "improved", "unchanged"}
    for row, wanted in zip(rows, expected, strict=True):
        same_row(row, wanted)
