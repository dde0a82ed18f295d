from __future__ import annotations

from loadtui.samples.bins import bin_of
from loadtui.samples.delta import NO_BIN
from loadtui.samples.tallies import MetricKey, Tallies


def filled() -> Tallies:
    tallies = Tallies()
    for stage in (0, 1):
        for endpoint in (0, 3):
            for measured in (False, True):
                tallies.add_cell(stage, endpoint, measured, bin_of(1000), 2)
                tallies.add_window(stage, endpoint, measured, 1, 2, 2000, 900, 1100, 5)
    return tallies


def test_the_measured_part_is_also_in_the_whole() -> None:
    tallies = filled()
    assert tallies.whole[0, 3].requests == 4
    assert tallies.measured[0, 3].requests == 2


def test_merging_over_stages_and_endpoints() -> None:
    tallies = filled()
    assert tallies.merged().requests == 16
    assert tallies.merged(stage=1).requests == 8
    assert tallies.merged(endpoint=3).requests == 8
    assert tallies.merged(1, 3).requests == 4
    assert tallies.merged(1, 3, measured=True).timed == 2
    assert tallies.merged(7, 3).requests == 0


def test_a_merged_tally_is_a_new_one() -> None:
    tallies = filled()
    tallies.merged(0, 0).add_window(1, 100, 0, -1, -1, 0)
    assert tallies.merged(0, 0).requests == 4


def test_cells_without_a_bin_leave_no_entry() -> None:
    tallies = Tallies()
    tallies.add_cell(0, 0, True, NO_BIN, 5)
    assert not tallies.whole


def test_counters_rates_and_trends() -> None:
    tallies = Tallies()
    tallies.add_metric(MetricKey("counter", "violations", "", 0), False, 0)
    tallies.add_metric(MetricKey("counter", "violations", "GET /", 1), True, 3)
    tallies.add_metric(MetricKey("rate", "timeouts", "", 1), True, 8, 2)
    for value in (10, 20, 30):
        tallies.add_metric(MetricKey("trend", "ttft", "", 1), True, 1, 0, bin_of(value * 1000))

    counter = tallies.merged_metric("counter", "violations")
    assert counter is not None
    assert counter.count == 3
    first = tallies.merged_metric("counter", "violations", stage=0)
    assert first is not None
    assert first.count == 0
    assert tallies.merged_metric("counter", "violations", stage=0, measured=True) is None
    assert tallies.merged_metric("rate", "violations") is None
    rate = tallies.merged_metric("rate", "timeouts", endpoint="")
    assert rate is not None
    assert rate.rate() == 0.25
    trend = tallies.merged_metric("trend", "ttft", measured=True)
    assert trend is not None
    (median,) = trend.percentiles((0.5,))
    assert median is not None
    assert abs(median - 20) <= 0.0039 * 20
