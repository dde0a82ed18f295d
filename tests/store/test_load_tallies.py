from __future__ import annotations

import pytest

from loadtui.errors import UsageError
from loadtui.samples.delta import CounterAdd, RateAdd, TrendAdd, TrendInfo
from loadtui.samples.tallies import BinValues, MetricInfo, MetricKey
from loadtui.store import run_files
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter


def kept(writer: RunWriter) -> Run:
    return Run(
        writer.folder, write_final_files(writer.folder, writer.manifest("finished"), end_second=40)
    )


def test_stages_and_endpoints_add_up(two_stages: RunWriter) -> None:
    tallies = load_tallies(kept(two_stages))
    assert set(tallies.whole) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    whole = tallies.whole[0, 0]
    assert (whole.requests, whole.failures, whole.timed, whole.sum_us) == (5, 1, 5, 5800)
    assert (whole.min_us, whole.max_us, whole.bytes) == (990, 1800, 37)
    assert whole.bins == {506: 4, 600: 1}
    untimed = tallies.whole[1, 1]
    assert (untimed.requests, untimed.timed, untimed.min_us, untimed.max_us) == (5, 0, -1, -1)
    assert tallies.merged().requests == 15


def test_the_measured_part_leaves_ramp_and_settling_out(two_stages: RunWriter) -> None:
    # L1 measures from second 5, L2 from second 33, where it had no request any more.
    tallies = load_tallies(kept(two_stages))
    assert set(tallies.measured) == {(0, 0), (0, 1)}
    assert tallies.measured[0, 0].requests == 3
    assert tallies.measured[0, 0].bins == {506: 2, 600: 1}
    assert tallies.merged(stage=1, measured=True).requests == 0


def test_requests_while_stopping_are_not_measured(writer: RunWriter) -> None:
    writer.stage("L1", 0, ramp_s=0.0, planned_s=40.0)
    for second in (4, 39, 40):
        writer.delta(
            endpoints=[(0, "GET", "/")],
            cells=[0, 1, second, 5, 1],
            windows=[0, 1, second, 1, 5, 5, 5, 0],
        )
    tallies = load_tallies(kept(writer))
    assert tallies.merged().requests == 3
    assert tallies.merged(measured=True).requests == 2


def test_custom_metrics(writer: RunWriter) -> None:
    writer.stage("L1", 0, ramp_s=0.0)
    writer.delta(
        counters=[CounterAdd("violations", "", 1, 2), CounterAdd("violations", "", 9, 3)],
        rates=[RateAdd("timeouts", "GET /", 1, 1, 1), RateAdd("timeouts", "GET /", 9, 1, 4)],
        trends=[
            TrendAdd("ttft", "", 1, 9005, 1, 5.0, 5.0, 5.0),
            TrendAdd("ttft", "", 9, 9007, 2, 7.5, 3.5, 4.0),
        ],
        trend_infos=[TrendInfo("ttft", "ms", "higher")],
    )
    tallies = load_tallies(kept(writer))
    assert tallies.metrics[MetricKey("counter", "violations", "", 0)].count == 5
    assert tallies.metrics_measured[MetricKey("counter", "violations", "", 0)].count == 3
    assert tallies.metrics[MetricKey("rate", "timeouts", "GET /", 0)].rate() == 0.4
    assert tallies.metrics_measured[MetricKey("rate", "timeouts", "GET /", 0)].rate() == 0.25
    assert tallies.metrics[MetricKey("trend", "ttft", "", 0)].bins == {
        9005: BinValues(1, 5.0, 5.0, 5.0),
        9007: BinValues(2, 7.5, 3.5, 4.0),
    }
    measured = tallies.metrics_measured[MetricKey("trend", "ttft", "", 0)]
    assert measured.bins == {9007: BinValues(2, 7.5, 3.5, 4.0)}
    assert tallies.metric_infos == {"ttft": MetricInfo("ms", "higher")}


def test_a_run_without_stages_is_counted_and_not_measured(writer: RunWriter) -> None:
    writer.delta(endpoints=[(0, "GET", "/")], windows=[0, 1, 3, 2, 10, 5, 5, 0])
    tallies = load_tallies(kept(writer))
    assert tallies.merged().requests == 2
    assert not tallies.measured


def test_a_missing_table_is_named(two_stages: RunWriter) -> None:
    run = kept(two_stages)
    (run.folder / run_files.METRICS).unlink()
    with pytest.raises(UsageError, match=r"metrics\.parquet"):
        load_tallies(run)
