"""Percentiles beyond the usual three: estimated, promoted and compared where somebody asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.plan.model import Plan, Tolerance
from loadtui.samples.estimate import Key
from loadtui.store.manifest import Manifest, Provenance
from loadtui.store.stored_run import Run
from loadtui.verdict.compared_percentiles import compared_percentiles, percentiles_among
from loadtui.verdict.estimates import run_estimates
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD = {"GET /a": Traffic(100)}
SLOW = {"GET /a": Traffic(220)}
P90 = plan(tolerances=(Tolerance("p90", fail="+50%"), Tolerance("ttft.p97", fail="+50%")))
Out = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "runs"\n')
    return tmp_path / "runs"


def manifest(of: Plan, *percentiles: str) -> Manifest:
    return Manifest(
        format=1,
        run="r",
        state="finished",
        provenance=Provenance("measured"),
        plan=of,
        fingerprint="f",
        started="",
        percentiles=list(percentiles),
    )


def test_they_are_the_usual_ones_those_shown_and_those_named() -> None:
    assert compared_percentiles([manifest(plan())]) == ("p50", "p95", "p99")
    both = [manifest(P90), manifest(plan(), "p75")]
    assert compared_percentiles(both) == ("p50", "p75", "p90", "p95", "p97", "p99")


def test_those_among_estimates() -> None:
    keys = [Key("L1", "GET /a", name) for name in ("rps", "p99.9", "ttft.p75", "slow", "p50")]
    assert percentiles_among(keys) == ("p50", "p75", "p99.9")


def test_an_estimate_lies_where_the_requests_do(root: Path) -> None:
    run = keep_run(root / "a", GOOD, plan=P90, ttft=30)
    estimates = run_estimates(run)
    assert Key("L1", "", "ttft.p97") in estimates
    ms = [
        estimates[Key("L1", "GET /a", name)].quantity.natural(
            estimates[Key("L1", "GET /a", name)].y
        )
        for name in ("p50", "p90", "p95", "p97", "p99")
    ]
    assert ms == sorted(ms)
    # A lognormal of median 100 ms and sd 0.2: its p90 is 100 exp(0.2 * 1.2816).
    assert ms[1] == pytest.approx(129.2, rel=0.02)


def rows(
    capsys: Out, base: str, run: Run, *options: str
) -> dict[tuple[str, str], dict[str, object]]:
    capsys.readouterr()
    entry.run(["compare", base, run.id, "--format", "json", *options])
    document = json.loads(capsys.readouterr().out)
    return {(row["endpoint"] or "", row["metric"]): row for row in document["rows"]}


def test_a_tolerance_on_one_is_judged_against_a_baseline(root: Path, capsys: Out) -> None:
    base = keep_run(root / "20261123-100100-gateway-aaaa", GOOD, plan=P90, ttft=30)
    slow = keep_run(root / "20261123-100200-gateway-aaaa", SLOW, plan=P90, ttft=70, seed=2)
    assert entry.run(["baseline", "promote", base.id]) == 0
    judged = rows(capsys, "gateway", slow)
    for key in (("GET /a", "p90"), ("", "ttft.p97")):
        assert (judged[key]["word"], judged[key]["status"]) == ("regressed", "fail")
    assert ("GET /a", "p75") not in judged


def test_a_baseline_from_before_it_was_asked_for_decides_nothing(root: Path, capsys: Out) -> None:
    base = keep_run(root / "20261123-100100-gateway-aaaa", GOOD, plan=plan())
    now = keep_run(root / "20261123-100200-gateway-aaaa", SLOW, plan=P90, seed=2)
    assert entry.run(["baseline", "promote", base.id]) == 0
    row = rows(capsys, "gateway", now)["GET /a", "p90"]
    assert row["word"] == "inconclusive"
    assert row["reason"] == "the baseline lacks it: promote its runs again"


def test_a_baseline_that_knows_more_than_was_asked_for(root: Path, capsys: Out) -> None:
    base = keep_run(root / "20261123-100100-gateway-aaaa", GOOD, plan=P90)
    now = keep_run(root / "20261123-100200-gateway-aaaa", GOOD, plan=plan(), seed=2)
    assert entry.run(["baseline", "promote", base.id]) == 0
    assert rows(capsys, "gateway", now)["GET /a", "p90"]["word"] == "shown"


def test_two_runs_are_compared_in_all_of_either(root: Path, capsys: Out) -> None:
    base = keep_run(root / "20261123-100100-gateway-aaaa", GOOD, plan=plan())
    now = keep_run(root / "20261123-100200-gateway-aaaa", SLOW, plan=P90, seed=2)
    assert rows(capsys, base.id, now)["GET /a", "p90"]["word"] == "regressed"
    shown = rows(capsys, base.id, now, "--percentiles", "33.3")["GET /a", "p33.3"]
    assert shown["word"] == "shown"
    assert shown["change"] is not None
