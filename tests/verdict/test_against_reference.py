"""The verdict against a reference written independently of it: same words, same numbers.

The reference's answers are in reference_numbers.json.  Percentiles of few values are told and not
judged here, since the estimates that are compared say nothing of how these are distributed;
test_order_statistics has theirs.  Where LOADTUI_VERDICT_REFERENCE names the
reference itself, a thousand comparisons more are made with it.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loadtui.plan.model import Plan
from loadtui.samples import table_schemas
from loadtui.samples.estimate import COUNTER, RATE, Estimate, Key, Quantity, builtin_quantity
from loadtui.store.comparison import ComparisonRow
from loadtui.store.manifest import RUN_FORMAT, Endpoint, Manifest, Provenance, StageSpan
from loadtui.store.stored_run import Run
from loadtui.verdict.comparability import Incomparable
from loadtui.verdict.estimates import run_estimates
from loadtui.verdict.interval import Prior
from loadtui.verdict.metric_limits import ComparisonRules, MetricLimits
from loadtui.verdict.significance import compare_metrics
from tests.support.imaginary_target import ImaginaryRun, ImaginaryTarget
from tests.support.reference_numbers import (
    FILE,
    ROW,
    VARIABLE,
    in_part,
    load_reference,
    target_numbers,
)

NUMBERS = json.loads(FILE.read_text(encoding="utf-8"))["targets"]
# Read when the module is: the tests' own environment is cleared of such variables.
REFERENCE = os.environ.get(VARIABLE)
COMPARISONS = 1_000
OF_A_TARGET = 5
ENDPOINTS = 6
CHUNKS = 4
LITTLE = re.compile(r"a verdict needs|percentile needs")
"""Why the reference says nothing of metrics with too few values or seconds; ours have a change."""
NOT_KNOWN = (
    "N values in N s are judged by how they are distributed, which this baseline does not say: "
    "promote its runs again"
)
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
ALL_REASONS = {
    "",
    "N is over the limit of N",
    NOT_KNOWN,
    "not in the baseline",
    "not tested",
    "only N s measured; a verdict needs N",
    "only in the baseline",
    "quicker, but error_rate regressed",
    "quicker, but rps regressed",
    "the counter is missing from a current run",
    "the interval reaches the fail tolerance",
    "the users differ",
}
"""With N for their numbers."""


def name_of(numbers: dict[str, Any]) -> str:
    return f"target {numbers['seed']}"


# ------------------------------------------------------------------------------------ estimates
OFFSET = 7
"""Stages begin so many seconds before their measured part, full of what must not be counted."""


def run_of(target: ImaginaryTarget, rows: ImaginaryRun) -> Run:
    spans, start = [], 0
    for stage in target.stages:
        begins = start + OFFSET
        end = begins + target.seconds[stage]
        spans.append(StageSpan(stage, start, end, 10, 5.0, begins, end))
        start = end
    at = {stage: index for index, stage in enumerate(target.stages)}
    begin = {stage: spans[index].measured_from for stage, index in at.items()}
    number = {endpoint: index for index, endpoint in enumerate(target.endpoints)}
    manifest = Manifest(
        format=RUN_FORMAT,
        run="r",
        state="finished",
        provenance=Provenance("imported", "x", target.resolution),
        plan=Plan("p", ("/p.py",)),
        fingerprint="f",
        started="",
        stages=spans,
        endpoints=[Endpoint(*endpoint.split()) for endpoint in target.endpoints],
    )
    run = Run(Path(), manifest)
    cells = [(at[s], number[e], ok, begin[s] + t, b, n) for s, e, ok, t, b, n in rows.cells]
    windows = [
        (at[s], number[e], ok, begin[s] + t, n, 0, None, None, 0) for s, e, ok, t, n in rows.windows
    ]
    for stage in {window.stage for window in rows.windows}:
        before = begin[stage] - 1
        cells.append((at[stage], 0, True, before, 3000, 1000))
        windows.append((at[stage], 0, False, before, 1000, 0, None, None, 0))
    metrics = [
        (kind, name, "", better_of(name), endpoint, at[s], begin[s] + t, bin_, n, hits)
        for kind, name, endpoint, s, t, bin_, n, hits in rows.metrics
    ]
    tables = (
        ("samples.parquet", table_schemas.SAMPLE_COLUMNS, cells),
        ("windows.parquet", table_schemas.WINDOW_COLUMNS, windows),
        # As earlier versions wrote it, by whose bins the reference reads Trends.
        ("metrics.parquet", list(table_schemas.METRIC_COLUMNS.items())[:10], metrics),
    )
    run._frames = {
        name: pl.DataFrame(content, schema=dict(columns), orient="row")
        for name, columns, content in tables
    }
    old = run._frames["metrics.parquet"]
    run._frames["metrics.parquet"] = table_schemas.with_trend_sums(old)
    return run


def better_of(metric: str) -> str:
    return "higher" if metric == "tokens" else "lower"


def check_estimates(numbers: dict[str, Any]) -> None:
    """The runs of a target, drawn again, give the estimates that the reference works out."""
    target = ImaginaryTarget(numbers["seed"], numbers["most_endpoints"])
    runs = chain.from_iterable(target.sides())
    for rows, wanted in zip(runs, numbers["base"] + numbers["current"], strict=True):
        estimates = run_estimates(run_of(target, rows))
        assert set(estimates) == set(map(key_of, wanted))
        for text, (y, sigma, count) in wanted.items():
            key = key_of(text)
            estimate, quantity = estimates[key], estimates[key].quantity
            assert estimate.count == count, key
            assert estimate.seconds == numbers["seconds"][key.stage], key
            assert estimate.y == close_to(y), key
            assert estimate.sigma == close_to(sigma), key
            kind = [quantity.scale, quantity.worse, quantity.percentile]
            assert kind == [*numbers["quantities"][key.metric]], key


@pytest.mark.parametrize("numbers", NUMBERS[:-1], ids=name_of)
def test_the_estimates_of_runs(numbers: dict[str, Any]) -> None:
    check_estimates(numbers)


# ---------------------------------------------------------------------------------- comparisons
def key_of(text: str) -> Key:
    return Key(*text.split("|"))


def quantity_of(metric: str, scale: Any, worse: int, percentile: float | None) -> Quantity:
    if scale == "log":
        return builtin_quantity(metric) or Quantity(scale, worse, percentile, "", "trend")
    return builtin_quantity(metric) or {"fraction": RATE, "count": COUNTER}[scale]


def estimates_of(numbers: dict[str, Any], run: dict[str, Any]) -> dict[Key, Estimate]:
    kinds = {name: quantity_of(name, *kind) for name, kind in numbers["quantities"].items()}
    return {
        key: Estimate(y, sigma, count, kinds[key.metric], numbers["seconds"][key.stage])
        for key, (y, sigma, count) in ((key_of(text), columns) for text, columns in run.items())
    }


def sides_of(numbers: dict[str, Any]) -> list[list[dict[Key, Estimate]]]:
    return [[estimates_of(numbers, run) for run in numbers[s]] for s in ("base", "current")]


def rules_of(comparison: dict[str, Any], quantities: dict[Key, Quantity]) -> ComparisonRules:
    """A tolerance of +50 % is ln 1.5, one of -30 % where less is worse -ln 0.7."""
    limits, priors = {}, {}
    for key, quantity in quantities.items():
        if tolerance := for_key(comparison["tolerances"], key):
            log, worse = quantity.scale == "log", quantity.worse
            limits[key] = MetricLimits(*(worse * math.log1p(x) if log else x for x in tolerance))
        if prior := for_key(comparison["priors"], key):
            priors[key] = Prior(*prior)
    named = frozenset(comparison["named"])
    # The reference knows one reason only: what was there and is missing, which fails when named.
    barred = {
        stage: Incomparable(why, missing=True) for stage, why in comparison["incomparable"].items()
    }
    return ComparisonRules(limits, priors, named, incomparable=barred)


def for_key(by_name: dict[str, Any], key: Key) -> Any:
    return by_name.get("|".join(key), by_name.get(key.metric))


def check_comparison(
    sides: Sequence[Sequence[dict[Key, Estimate]]], comparison: dict[str, Any]
) -> list[ComparisonRow]:
    """The rows of a comparison, which must be those of the reference."""
    part = comparison["part"]
    compared = [
        [
            {k: e for k, e in side[number].items() if part is None or in_part(k, part)}
            for number in comparison[name]
        ]
        for name, side in zip(("base", "current"), sides, strict=True)
    ]
    quantities = {k: e.quantity for run in chain(*compared) for k, e in run.items()}
    rules = rules_of(comparison, quantities)
    rows = compare_metrics(*compared, rules)
    assert [row.key for row in rows] == [key_of(text) for text in comparison["rows"]]
    for row, columns in zip(rows, comparison["rows"].values(), strict=True):
        missing = [None] * (len(ROW) - len(columns))
        wanted = dict(zip(ROW, [*columns, *missing], strict=True))
        same_row(row, wanted, quantities[row.key], rules.limits.get(row.key))
    return rows


def same_row(
    row: ComparisonRow, wanted: dict[str, Any], quantity: Quantity, limits: MetricLimits | None
) -> None:
    word, status, reason = (wanted[name] for name in ROW[:3])
    assert (row.word, row.status) == (word, status), row
    if LITTLE.search(reason):
        assert row.change is not None, row
        wanted = wanted | {"change": row.change}
        if quantity.percentile is not None:
            reason = NOT_KNOWN if word == "inconclusive" else "not tested"
    assert without_numbers(row.reason) == without_numbers(reason), row
    if quantity.scale != "count":
        assert (row.warn, row.fail) == (limits or (None, None)), row
        for name in ("change", "low", "high", "se", "df", "p", "mde90"):
            assert getattr(row, name) == close_to(wanted[name]), (name, row)
        assert row.further_runs == wanted["further_runs"], row
    if row.word != "not comparable":  # for those we show what there is
        scale = 1000 if quantity.percentile is not None else 1
        assert row.base == close_to(wanted["base"], scale), row
        assert row.current == close_to(wanted["current"], scale), row


def without_numbers(reason: str) -> str:
    return re.sub(r"\d+([ .]\d+)*", "N", reason)


def close_to(number: float | None, scale: int = 1) -> Any:
    return None if number is None else pytest.approx(number / scale, rel=1e-9, abs=1e-12)


def check_comparisons(targets: Iterable[dict[str, Any]]) -> int:
    """How many comparisons there were; together they have every word and reason."""
    count, words, reasons = 0, Counter[tuple[str, str]](), Counter[str]()
    for numbers in targets:
        sides = sides_of(numbers)
        for comparison in numbers["comparisons"]:
            rows = check_comparison(sides, comparison)
            words.update((row.word, row.status) for row in rows)
            reasons.update(without_numbers(row.reason) for row in rows)
            count += 1
    assert set(words) == ALL_WORDS, words
    assert set(reasons) == ALL_REASONS, reasons
    return count


def test_three_hundred_comparisons() -> None:
    assert check_comparisons(NUMBERS) > 300


def test_the_fifty_busiest_endpoints() -> None:
    """The last target of the file has more endpoints than are tested."""
    [numbers] = NUMBERS[-1:]
    sides = sides_of(numbers)
    [comparison] = numbers["comparisons"]
    rows = check_comparison(sides, comparison)
    assert {row.word for row in rows} >= {"shown", "regressed", "improved", "unchanged"}
    tested = {row.endpoint for row in rows if row.word != "shown"}
    assert len(tested) == 51, "50, and one that the plan names"


# ------------------------------------------------------------------------- the reference itself
if REFERENCE:

    @pytest.mark.parametrize("chunk", range(CHUNKS))
    def test_a_thousand_comparisons(chunk: int) -> None:
        reference = load_reference(Path(REFERENCE))
        each = COMPARISONS // OF_A_TARGET // CHUNKS
        targets = [
            json.loads(json.dumps(target_numbers(reference, seed, ENDPOINTS, OF_A_TARGET, False)))
            for seed in range(chunk * each, (chunk + 1) * each)
        ]
        for numbers in targets:
            check_estimates(numbers)
        assert check_comparisons(targets) == each * OF_A_TARGET
