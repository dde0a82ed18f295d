from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loadtui.samples.distribution import Distribution, distribution_of
from loadtui.samples.estimate import TOTAL, Estimate, Key, builtin_quantity, trend_quantity
from loadtui.store.baseline_distribution import (
    EXACT_BELOW,
    BaselineDistribution,
    baseline_distributions,
    read_distributions,
)


def values(count: int = 3) -> Distribution:
    return distribution_of(
        [0, 700, 701], [count, 1, 2], [count + 3] + [0] * 19, [3] + [0] * 19, 0.01, 500
    )


def estimates(distribution: Distribution) -> dict[Key, Estimate]:
    latency, trend = builtin_quantity("p95"), trend_quantity("p50", "ms", "lower")
    assert latency is not None
    return {
        Key("L1", "GET /", "p50"): Estimate(1, 1, 6, latency, distribution=distribution),
        Key("L1", "GET /", "p95"): Estimate(1, 1, 6, latency, distribution=distribution),
        Key("L1", "GET /", "latency.p50"): Estimate(1, 1, 6, trend, distribution=distribution),
        Key("L1", TOTAL, "p50"): Estimate(1, 1, 6, latency, distribution=distribution),
        Key("L1", "GET /x", "p50"): Estimate(1, 1, 6, latency),
        Key("L2", "GET /", "p50"): Estimate(1, 1, 6, latency, distribution=distribution),
    }


def test_it_is_kept_once_for_all_percentiles_of_an_endpoint() -> None:
    kept = baseline_distributions(estimates(values()), "L1")
    assert {endpoint: set(its) for endpoint, its in kept.items()} == {"GET /": {"", "latency"}}
    assert kept["GET /"][""].bins == [0, 3, 700, 1, 1, 2]
    assert read_distributions(kept) == {
        ("GET /", ""): values(),
        ("GET /", "latency"): values(),
    }


def test_of_many_values_the_bins_are_coarse() -> None:
    kept = baseline_distributions(estimates(values(EXACT_BELOW)), "L1")
    assert kept["GET /"][""].bins == [0, EXACT_BELOW, 700, 3]
    assert read_distributions(kept)["GET /", ""] == values(EXACT_BELOW).coarse()


@pytest.mark.parametrize(
    "change",
    [
        {"bins": []},
        {"bins": [0, 3, 700]},
        {"bins": [0, 3, 700, 1, 0, 2]},
        {"bins": [0, 3, 700, 3, 1, 0]},
        {"bins": [-1, 3, 700, 1, 1, 2]},
        {"bins": [0, 3, 70_000, 1, 1, 2]},
        {"blocks": [6]},
        {"blocks": [7] + [0] * 19},
        {"above_median": [7] + [0] * 19},
        {"above_median": [-1] + [0] * 19},
        {"rounding": [0.01]},
        {"rounding": [-0.01, 0]},
        {"rounding": [float("nan"), 0]},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    [kept] = baseline_distributions(estimates(values()), "L2")["GET /"].values()
    wrong: BaselineDistribution = msgspec.structs.replace(kept, **change)
    with pytest.raises(ValueError, match="distribution of GET /"):
        read_distributions({"GET /": {"": wrong}})
