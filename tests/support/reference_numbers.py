"""What an independent implementation of the verdict answers, kept in reference_numbers.json.

    python -m tests.support.reference_numbers REFERENCE

writes the file anew.  REFERENCE is the Python file of that implementation, with thin_ref.py beside
it, which the tests do not need; without the argument the variable LOADTUI_VERDICT_REFERENCE names
it.

The tables of runs are not in the file: `imaginary_target` draws them from the seed of each target.
Their estimates are, rounded to 12 digits, and what the reference makes of comparing these: rows as
those of `loadtui.store.comparison`, in their order, each without its last columns where they are
None.  Percentiles of few values are apart: `thin_cases` draws what is compared.  Numbers are on the
scale of estimates; `base` and `current` of a percentile are as bins count, in microseconds or
thousandths of a Trend's unit.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import math
import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from tests.support.imaginary_target import Draws, ImaginaryRun, ImaginaryTarget
from tests.support.thin_cases import histogram, thin_case

FILE = Path(__file__).parents[1] / "verdict" / "reference_numbers.json"
VARIABLE = "LOADTUI_VERDICT_REFERENCE"
SEEDS = (0, 3, 5, 6, 12, 16, 17, 20, 22, 23)
"""Of the targets in the file: a few that together reach every word, status and reason."""
ENDPOINTS = 2
"""The most that a target of the file has, so that the file stays small."""
COMPARISONS = 30
"""Of the same target, each by a plan of its own.  The first is of all its runs and endpoints, the
others are of some runs and, in the file, of one endpoint in one stage."""

THIN_CASES = 300
"""Of percentiles of few values."""

ESTIMATE = ("y", "sigma", "count")
ROW = (
    *("word", "status", "reason", "base", "current"),
    *("change", "low", "high", "se", "df", "p", "mde90", "further_runs"),
)
THIN = ("seed", "effects", "change", "low", "high", "p")


def load_thin_reference(path: Path) -> ModuleType:
    """That of percentiles of few values, which lies beside the reference `path` and imports it."""
    sys.path.insert(0, str(path.parent))
    try:
        return importlib.import_module("thin_ref")
    finally:
        sys.path.remove(str(path.parent))


def load_reference(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("verdict_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def all_numbers(ref: ModuleType, thin_ref: ModuleType) -> dict[str, Any]:
    """The content of the file."""
    targets = [target_numbers(ref, seed, ENDPOINTS, COMPARISONS, True) for seed in SEEDS]
    return {
        "made by": "tests/support/reference_numbers.py, where its columns are explained",
        "estimate": ESTIMATE,
        "row": ROW,
        "targets": [*targets, busy_numbers(ref)],
        "thin": THIN,
        "thin cases": [thin_numbers(thin_ref, seed) for seed in range(THIN_CASES)],
    }


def thin_numbers(ref: ModuleType, seed: int) -> list[Any]:
    """A case of a percentile of few values: seed, design effects of both sides, change, bounds
    (None: not finite) and p."""
    case = thin_case(seed)
    sides = case.base, case.current
    effects = tuple(
        ref.design_effect(
            [count for run in side for count in run.above_median],
            [count for run in side for count in run.blocks],
        )
        for side in sides
    )
    base, current = (histogram(side) for side in sides)
    runs = len(case.base), len(case.current)
    thin = ref.compare(base, current, case.percentile, effects, runs, case.tau)
    numbers = [_digits(number) if math.isfinite(number) else None for number in thin]
    return [seed, [*map(_digits, effects)], *numbers]


# ------------------------------------------------------------------------------------ estimates
def target_numbers(
    ref: ModuleType, seed: int, most_endpoints: int, comparisons: int, in_parts: bool
) -> dict[str, Any]:
    """Estimates of the runs of one imaginary target, and comparisons of them."""
    target = ImaginaryTarget(seed, most_endpoints)
    draws = target.draws
    sides = [[_estimates(ref, target, run) for run in side] for side in target.sides()]
    numbers = _with_estimates({"seed": seed, "most_endpoints": most_endpoints}, sides)
    numbers["seconds"] = target.seconds
    keys = {key for side in sides for run in side for key in run}
    parts = sorted({key[:2] for key in keys if key.endpoint in target.endpoints})
    numbers["comparisons"] = [
        _comparison(ref, sides, [[*range(len(side))] for side in sides], None, _plan(ref, target))
    ]
    while len(numbers["comparisons"]) < comparisons:
        runs = [sorted(draws.sample(range(len(s)), 1 + draws.below(len(s)))) for s in sides]
        part = draws.of(parts) if in_parts else None
        numbers["comparisons"].append(_comparison(ref, sides, runs, part, _plan(ref, target)))
    return numbers


def busy_numbers(ref: ModuleType) -> dict[str, Any]:
    """A target with more endpoints than are tested, and a plan that names the least busy one;
    estimates without any tables."""
    draws = Draws(5)
    sides: list[list[dict[Any, Any]]] = [[{}], [{}]]
    for number in range(70):
        for [run] in sides:
            endpoint, count = f"GET /{number}", draws.of((500, 600, 4000)) if number < 69 else 400
            for metric, worse, percentile in (("rps", -1, None), ("p95", 1, 0.95)):
                y = draws.normal(5, 0.5 if number % 3 == 0 else 0.01)
                value = ref.Value(_digits(y), 0.02, count, "log", worse, percentile, 60)
                run[ref.Key("L1", endpoint, metric)] = value
    numbers = _with_estimates({"seed": None}, sides)
    plan = ref.Plan(named=frozenset({"GET /69"}))
    comparison = _comparison(ref, sides, [[0], [0]], None, plan)
    return numbers | {"seconds": {"L1": 60}, "comparisons": [comparison]}


def _with_estimates(numbers: dict[str, Any], sides: list[list[dict[Any, Any]]]) -> dict[str, Any]:
    values = {key: value for side in sides for run in side for key, value in run.items()}
    numbers["quantities"] = {
        key.metric: (value.scale, value.worse, value.percentile) for key, value in values.items()
    }
    for name, side in zip(("base", "current"), sides, strict=True):
        numbers[name] = [
            {_text(key): [getattr(run[key], column) for column in ESTIMATE] for key in sorted(run)}
            for run in side
        ]
    return numbers


def _estimates(ref: ModuleType, target: ImaginaryTarget, run: ImaginaryRun) -> dict[Any, Any]:
    values: dict[Any, Any] = {}
    for stage in target.stages:
        cells = [cell[1:] for cell in run.cells if cell.stage == stage]
        if cells:
            columns = ["endpoint", "ok", "second", "bin", "count"]
            requests = pl.DataFrame(cells, schema=columns, orient="row")
            values |= ref.stage_values(stage, _stage_run(ref, target, run, stage, requests))
    return {
        key: dataclasses.replace(value, y=_digits(value.y), sigma=_digits(value.sigma))
        for key, value in values.items()
    }


def _stage_run(
    ref: ModuleType, target: ImaginaryTarget, run: ImaginaryRun, stage: str, requests: pl.DataFrame
) -> Any:
    added = [row for row in run.metrics if row.stage == stage]
    trends = {
        name: pl.DataFrame(
            [(row.endpoint, row.second, row.bin, row.count) for row in added if row.name == name],
            schema=["endpoint", "second", "bin", "count"],
            orient="row",
        )
        for name in sorted({row.name for row in added if row.kind == "trend"})
    }
    trials = [
        (row.endpoint, hit, row.second, count)
        for row in added
        if row.kind == "rate"
        for hit, count in ((True, row.hits), (False, row.count - row.hits))
    ]
    rates = pl.DataFrame(trials, schema=["endpoint", "hit", "second", "count"], orient="row")
    return ref.StageRun(
        target.seconds[stage],
        requests,
        trends,
        {"slow": rates} if trials else {},
        {(row.name, row.endpoint): row.count for row in added if row.kind == "counter"},
        frozenset({"tokens"}),
        target.resolution,
    )


# ---------------------------------------------------------------------------------- comparisons
def _plan(ref: ModuleType, target: ImaginaryTarget) -> Any:
    draws = target.draws
    tolerances: dict[Any, Any] = {"p50": ref.Tolerance(0.5)}
    if target.has_metrics:
        tolerances |= {
            "ttft.p95": ref.Tolerance(0.3, 0.1),
            "tokens.p50": ref.Tolerance(-0.3),
            "slow": ref.Tolerance(0.05),
            "bad": ref.Tolerance(draws.of((0, 5, 20))),
        }
    for stage, endpoint in product(target.stages, target.endpoints):
        if draws.share() < 0.2:
            tolerances[stage, endpoint, "p95"] = ref.Tolerance(draws.of((0.1, 0.2, 1.0)))
    named = {*draws.sample(target.endpoints, draws.of((0, 0, 1))), *draws.of(((), ("bad",)))}
    priors = {"rps": ref.Prior(0.02, 9, 9)} if draws.share() < 0.3 else {}
    broken = {target.stages[0]: "the users differ"} if draws.share() < 0.08 else {}
    return ref.Plan(tolerances, priors, frozenset(named), broken)


def _comparison(
    ref: ModuleType,
    sides: list[list[dict[Any, Any]]],
    runs: list[list[int]],
    part: tuple[str, str] | None,
    plan: Any,
) -> dict[str, Any]:
    """What is compared, by which rules, and the rows that this gives, in their order.

    `runs` are the numbers of those that are compared, `part` is a stage and an endpoint: nothing
    else is compared, except what is of no endpoint.  Tolerances say from where on it warns and
    fails, as written in a plan (0.5 is +50 %); they and priors are by metric, or by key where the
    plan has its own.
    """
    compared = [
        [{k: v for k, v in side[at].items() if part is None or in_part(k, part)} for at in numbers]
        for side, numbers in zip(sides, runs, strict=True)
    ]
    rows = ref.judge(*compared, plan)
    tolerances = {}
    for row in rows:
        if row.fail is not None:
            by_key = row.key in plan.tolerances
            known = ref.DEFAULT_TOLERANCES | plan.tolerances
            fail, warn = known[row.key if by_key else row.key.metric]
            name = _text(row.key) if by_key else row.key.metric
            tolerances[name] = (fail / 2 if warn is None else warn, fail)
    return {
        "base": runs[0],
        "current": runs[1],
        "part": part,
        "tolerances": tolerances,
        "priors": dict(plan.priors),
        "named": sorted(plan.named),
        "incomparable": plan.incomparable,
        "rows": {_text(row.key): _row(row) for row in rows},
    }


def _row(row: Any) -> list[Any]:
    """Its columns, without those at the end that are None."""
    columns = [_digits(getattr(row, column)) for column in ROW]
    while columns[-1] is None:
        del columns[-1]
    return columns


def in_part(key: Any, part: Sequence[str]) -> bool:
    stage, endpoint = part
    return key.stage == stage and key.endpoint in (endpoint, "")


# ----------------------------------------------------------------------------------------- text
def _text(key: Any) -> str:
    return "|".join(key)


def _digits(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, float) else value


def written(value: Any, indent: int = 0) -> str:
    """JSON with a line for each estimate and row, so that a change can be read."""
    line = json.dumps(value, allow_nan=False, separators=(",", ":"))
    is_dict = isinstance(value, dict)
    items = value.values() if is_dict else value if isinstance(value, (list, tuple)) else ()
    if len(line) < 100 or not any(isinstance(item, (dict, list, tuple)) for item in items):
        return line
    names = [f"{json.dumps(key)}:" for key in value] if is_dict else [""] * len(value)
    margin = "\n" + " " * indent
    lines = [margin + " " + n + written(i, indent + 1) for n, i in zip(names, items, strict=True)]
    return line[0] + ",".join(lines) + margin + line[-1]


def main() -> None:
    path = sys.argv[1] if len(sys.argv) == 2 else os.environ.get(VARIABLE)
    if not path or not Path(path).is_file():
        sys.exit(f"name the reference's file: python {sys.argv[0]} REFERENCE, or in {VARIABLE}")
    references = load_reference(Path(path)), load_thin_reference(Path(path))
    FILE.write_text(written(all_numbers(*references)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
