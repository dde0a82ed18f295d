"""Baselines on disk."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.samples.estimate import (
    COUNTER,
    ERROR_RATE,
    RATE,
    RPS,
    TOTAL,
    Estimate,
    Key,
    builtin_quantity,
    trend_quantity,
)
from loadtui.store.baseline import (
    BASELINE_FORMAT,
    Baseline,
    BaselineRun,
    baseline_stages,
    custom_metrics,
)
from loadtui.store.baseline_file import (
    BrokenBaseline,
    baseline_path,
    list_baselines,
    read_baseline,
    remove_baseline,
    write_baseline,
)

P95 = builtin_quantity("p95") or COUNTER
TTFT = trend_quantity("p95", "ms", "lower")
TOKENS = trend_quantity("p50", "tokens/s", "higher")
ESTIMATES = {
    Key("L1", "GET /a", "p95"): Estimate(11.6244, 0.0123, 4000, P95, 60),
    Key("L1", "GET /a", "rps"): Estimate(4.2, 0.004, 4000, RPS, 60),
    Key("L1", "GET /a", "error_rate"): Estimate(0.0125, 0.002, 4000, ERROR_RATE, 60),
    Key("L1", TOTAL, "rps"): Estimate(4.2, 0.004, 4000, RPS, 60),
    Key("L1", "", "violations"): Estimate(0, 0, 0, COUNTER, 60),
    Key("L1", "", "slow"): Estimate(0.5, 0.01, 100, RATE, 60),
    Key("L1", "GET /a", "ttft.p95"): Estimate(11.3, 0.02, 4000, TTFT, 60),
    Key("L1", "GET /a", "tokens.p50"): Estimate(9.3, 0.02, 4000, TOKENS, 60),
}


def entry(run: str = "r1", estimates: dict[Key, Estimate] = ESTIMATES) -> BaselineRun:
    return BaselineRun(
        run=run,
        started="2026-11-23T10:15:02Z",
        promoted="2026-11-23T11:00:00Z",
        stages=baseline_stages(["L1"], [10], [5], [60], estimates),
    )


def baseline(*runs: BaselineRun, **fields: Any) -> Baseline:
    return Baseline(
        **{
            "format": BASELINE_FORMAT,
            "name": "gateway",
            "plan": "gateway",
            "provenance": "measured",
            "fingerprint": "f1",
            "runs": list(runs) or [entry()],
            "metrics": custom_metrics(ESTIMATES),
            **fields,
        }
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return write_baseline(tmp_path, baseline())


Edit = Callable[[Callable[[Any], object]], None]


@pytest.fixture
def edit(written: Path) -> Edit:
    """Edits the file as a person would."""

    def change(how: Callable[[Any], object]) -> None:
        data = json.loads(written.read_text())
        del data["checksum"]
        how(data)
        written.write_text(json.dumps(data))

    return change


def test_what_was_written_is_read(written: Path) -> None:
    estimates_read = read_baseline(written)
    assert estimates_read == baseline()
    for key, estimate in estimates_read.estimates()[0].items():
        wanted = ESTIMATES[key]
        assert estimate.y == pytest.approx(wanted.y, rel=1e-9)
        assert estimate.sigma == pytest.approx(wanted.sigma, rel=1e-5)
        assert (estimate.count, estimate.seconds) == (wanted.count, wanted.seconds)
        assert estimate.quantity == wanted.quantity


@given(
    y=st.floats(-8, 22),
    sigma=st.floats(1e-6, 3),
    count=st.integers(1, 10**9),
    stat=st.sampled_from(["p50", "p95", "p99.9"]),
)
def test_any_latency_survives(y: float, sigma: float, count: int, stat: str) -> None:
    quantity = builtin_quantity(stat) or COUNTER
    estimates = {Key("L1", "GET /a", stat): Estimate(y, sigma, count, quantity, 60)}
    (estimates_read,) = baseline(entry(estimates=estimates)).estimates()
    assert estimates_read[Key("L1", "GET /a", stat)].y == pytest.approx(y, abs=1e-10)


def test_a_value_is_a_line(written: Path) -> None:
    lines = [line.strip() for line in written.read_text().splitlines()]
    p95 = float(f"{math.exp(11.6244) / 1000:.12g}")
    assert f'"p95": {{"value": {p95}, "se": 0.0123, "n": 4000}},' in lines
    assert sum('"value"' in line for line in lines) == len(ESTIMATES)


def test_writing_again_changes_nothing(written: Path) -> None:
    before = written.read_bytes()
    write_baseline(written.parent, read_baseline(written))
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["gateway.json"]


def test_a_missing_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no baseline 'gateway'"):
        read_baseline(tmp_path / "gateway.json")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_cut_off(written: Path, share: float) -> None:
    data = written.read_bytes()
    written.write_bytes(data[: int(len(data) * share) - 1 if share else 0])
    with pytest.raises(UsageError, match="is damaged"):
        read_baseline(written)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "no json", "\xff", '{"format": "one"}', '{"format": 1}']
)
def test_no_baseline_at_all(written: Path, text: str) -> None:
    written.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="is damaged"):
        read_baseline(written)


def test_a_merge_conflict(written: Path) -> None:
    lines = written.read_text().splitlines()
    lines[5:5] = ["<<<<<<< HEAD", '"plan": "a",', "=======", '"plan": "b",', ">>>>>>> theirs"]
    written.write_text("\n".join(lines))
    with pytest.raises(UsageError, match="merge conflict"):
        read_baseline(written)


def test_a_newer_format(written: Path, edit: Edit) -> None:
    edit(lambda data: data.update(format=BASELINE_FORMAT + 1, added={"later": True}))
    with pytest.raises(
        UsageError, match=f"format {BASELINE_FORMAT + 1}, written by a newer loadtui"
    ):
        read_baseline(written)


def test_a_renamed_file(written: Path) -> None:
    other = written.rename(written.with_name("rag.json"))
    with pytest.raises(UsageError, match="is the baseline 'gateway' by its own account"):
        read_baseline(other)


def first(data: Any) -> Any:
    return data["runs"][0]["stages"][0]["endpoints"]["GET /a"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda data: first(data)["p95"].update(value=float("nan")), "damaged"),
        (lambda data: first(data)["p95"].update(value=float("inf")), "damaged"),
        (lambda data: first(data)["p95"].update(value=0), "too small"),
        (lambda data: first(data)["p95"].update(value=-5), "too small"),
        (lambda data: first(data)["p95"].update(value="5"), "damaged"),
        (lambda data: first(data)["p95"].update(se=-0.1), "must not be below 0"),
        (lambda data: first(data)["p95"].update(se=1e200), "no number as large"),
        (lambda data: first(data)["p95"].update(n=10**30), "no number as large"),
        (lambda data: first(data)["p95"].update(n=-1), "must not be below 0"),
        (lambda data: first(data)["p95"].pop("se"), "missing required field `se`"),
        (lambda data: first(data)["p95"].update(valeu=1), "unknown field"),
        (lambda data: first(data)["error_rate"].update(value=1.5), "above 1"),
        (lambda data: first(data).update(p100=first(data)["p95"]), "no such metric"),
        (lambda data: data["metrics"].pop("ttft"), "no such metric"),
        (lambda data: data.update(provenance="simulated"), "no baseline"),
        (lambda data: data.update(provenance="guessed"), "Invalid enum value"),
        (lambda data: data.update(runs=[]), "0 runs"),
        (lambda data: data.update(runs=data["runs"] * 11), "11 runs"),
        (lambda data: data.update(runs=data["runs"] * 2), "r1 is in it twice"),
        (
            lambda data: data["runs"][0].update(stages=data["runs"][0]["stages"] * 2),
            "L1 is in run r1 twice",
        ),
        (lambda data: data["runs"][0]["stages"][0].update(seconds=-1), "below 0"),
        (lambda data: data.update(format=0), "no format 0"),
    ],
)
def test_edited_by_hand(written: Path, edit: Edit, how: Any, said: str) -> None:
    edit(how)
    with pytest.raises(UsageError, match=said) as caught:
        read_baseline(written)
    assert "\n" not in str(caught.value)
    assert str(written) in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "a/b", ".hidden", "a\nb"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a baseline"):
        baseline_path(tmp_path, name)


class TestFolder:
    def test_the_list_tells_of_broken_ones(self, written: Path) -> None:
        (written.parent / "rag.json").write_text("{")
        good, bad = list_baselines(written.parent)
        assert good == baseline()
        assert isinstance(bad, BrokenBaseline)
        assert "rag.json is damaged" in bad.error

    def test_no_folder_no_baselines(self, tmp_path: Path) -> None:
        assert list_baselines(tmp_path / "none") == []

    def test_removed_with_its_drawing(self, written: Path) -> None:
        drawing = written.with_suffix(".parquet")
        drawing.write_bytes(b"whatever")
        remove_baseline(written.parent, "gateway")
        assert not written.exists()
        assert not drawing.exists()
        with pytest.raises(UsageError, match="which holds none"):
            remove_baseline(written.parent, "gateway")

    def test_a_damaged_one_can_be_removed(self, written: Path) -> None:
        written.write_text("{")
        remove_baseline(written.parent, "gateway")
        assert not written.exists()

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "baselines").write_text("a file")
        with pytest.raises(UsageError, match="cannot write"):
            write_baseline(tmp_path / "baselines", baseline())
