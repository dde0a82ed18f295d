"""Whole comparisons of kept runs, the good days and the bad ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Stage, Threshold, Tolerance
from loadtui.samples.estimate import TOTAL, Key
from loadtui.store.comparison import Comparison, ComparisonRow, as_stored
from loadtui.store.manifest import Provenance, Validity
from loadtui.store.stored_run import Run
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.exit_codes import comparison_exit_code
from loadtui.verdict.sides import side_of_runs
from tests.support.stored_runs import Traffic, keep_run, plan

NORMAL = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=10)}
FEW = {"GET /a": Traffic(count=1), "POST /b": Traffic(count=1)}
Keep = Callable[..., Run]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    count = 0

    def write(traffic: Any = NORMAL, **fields: Any) -> Run:
        nonlocal count
        count += 1
        fields.setdefault("seed", count)
        return keep_run(tmp_path / f"run-{count}", traffic, **fields)

    return write


def against(base: Run | list[Run], run: Run | list[Run], **options: Any) -> Comparison:
    bases, runs = ([entry] if isinstance(entry, Run) else entry for entry in (base, run))
    wanted = options.pop("plan", runs[-1].manifest.plan)
    return compare_sides(side_of_runs(bases), side_of_runs(runs), wanted, **options)


def row(
    comparison: Comparison, metric: str, endpoint: str = "GET /a", stage: str = "L1"
) -> ComparisonRow:
    return next(entry for entry in comparison.rows if entry.key == Key(stage, endpoint, metric))


def words(comparison: Comparison) -> set[str]:
    return {entry.word for entry in comparison.rows}


class TestGoodDays:
    def test_nothing_changed(self, keep: Keep) -> None:
        comparison = against([keep() for _ in range(3)], keep())
        assert comparison.verdict in ("pass", "inconclusive")
        assert not words(comparison) & {"regressed", "improved"}
        assert row(comparison, "p95").word == "unchanged"
        assert row(comparison, "p95").base == pytest.approx(139, rel=0.05)
        assert row(comparison, "p95", TOTAL).word == "shown"

    def test_slower(self, keep: Keep) -> None:
        comparison = against(keep(), keep({**NORMAL, "GET /a": Traffic(200)}))
        assert comparison.verdict == "fail"
        for metric in ("p50", "p95"):
            entry = row(comparison, metric)
            assert (entry.word, entry.status) == ("regressed", "fail")
            assert entry.written(entry.change or 0) == pytest.approx(1.0, abs=0.1)
            assert entry.low is not None
            assert entry.low > 0
        assert row(comparison, "p50", "POST /b").word == "unchanged"

    def test_a_little_slower_is_a_warning(self, keep: Keep) -> None:
        base = [keep() for _ in range(5)]
        runs = [keep({**NORMAL, "GET /a": Traffic(140)}) for _ in range(5)]
        comparison = against(base, runs)
        assert (row(comparison, "p50").word, row(comparison, "p50").status) == (
            "regressed",
            "warning",
        )
        assert comparison.verdict == "regressed"

    def test_quicker(self, keep: Keep) -> None:
        comparison = against(keep(), keep({**NORMAL, "GET /a": Traffic(40)}))
        assert (row(comparison, "p50").word, row(comparison, "p50").status) == ("improved", "pass")

    def test_quicker_because_it_fails(self, keep: Keep) -> None:
        broken = {**NORMAL, "GET /a": Traffic(40, failing=0.3)}
        comparison = against(keep(), keep(broken))
        assert row(comparison, "error_rate").word == "regressed"
        assert row(comparison, "p50").word == "inconclusive"
        assert row(comparison, "p50").reason == "quicker, but error_rate regressed"

    def test_fewer_requests(self, keep: Keep) -> None:
        comparison = against(keep(), keep({**NORMAL, "GET /a": Traffic(100, count=20)}))
        assert (row(comparison, "rps").word, row(comparison, "rps").status) == ("regressed", "fail")
        assert row(comparison, "rps").written(row(comparison, "rps").change or 0) == pytest.approx(
            -0.5
        )

    def test_stages_come_in_the_order_they_were_run(self, keep: Keep) -> None:
        stages = [("warm", 30), ("peak", 30), ("after", 30)]
        comparison = against(keep(stages=stages), keep(stages=stages))
        assert list(dict.fromkeys(entry.stage for entry in comparison.rows)) == [
            "warm",
            "peak",
            "after",
        ]

    def test_custom_metrics(self, keep: Keep) -> None:
        wanted = plan(
            tolerances=(
                Tolerance("ttft.p50", fail="+30%"),
                Tolerance("slow", fail="+5pp"),
                Tolerance("violations", fail="+0%"),
            )
        )
        base = keep(counters={"violations": 2}, slow=0.02, ttft=80.0)
        run = keep(counters={"violations": 3}, slow=0.3, ttft=160.0)
        comparison = against(base, run, plan=wanted)
        counter = row(comparison, "violations", "")
        assert (counter.word, counter.base, counter.current) == ("regressed", 2, 3)
        assert row(comparison, "slow", "").status == "fail"
        assert row(comparison, "ttft.p50", "").status == "fail"
        assert row(comparison, "ttft.p95", "").word == "shown"
        assert row(comparison, "ttft.p50", "").base == pytest.approx(80, rel=0.05)


class TestTolerances:
    def test_the_last_that_fits_counts(self, keep: Keep) -> None:
        wanted = plan(
            tolerances=(
                Tolerance("p50", fail="+200%"),
                Tolerance("p50", fail="+300%", endpoint="POST *"),
                Tolerance("p50", fail="+400%", stage="L2"),
            )
        )
        stages = [("L1", 30), ("L2", 30)]
        comparison = against(keep(stages=stages), keep(stages=stages), plan=wanted)

        def fail(endpoint: str, stage: str) -> float:
            entry = row(comparison, "p50", endpoint, stage)
            return round(entry.written(entry.fail or 0), 9)

        assert (fail("GET /a", "L1"), fail("POST /b", "L1")) == (2.0, 3.0)
        assert (fail("GET /a", "L2"), fail("POST /b", "L2")) == (4.0, 4.0)
        p95 = row(comparison, "p95")
        assert p95.written(p95.fail or 0) == pytest.approx(0.5)

    def test_one_that_does_not_go_with_its_metric(self, keep: Keep) -> None:
        wanted = plan(source="/p/gateway.toml", tolerances=(Tolerance("slow", fail="+50%"),))
        with pytest.raises(UsageError, match=r"gateway.toml: tolerance\[0\] \(slow\)"):
            against(keep(slow=0.1), keep(slow=0.1), plan=wanted)


class TestNamedMetrics:
    """Those that the plan names."""

    def named(self, **fields: Any) -> Any:
        return plan(tolerances=(Tolerance("p99", fail="+50%", endpoint="GET *", **fields),))

    def test_undecided_fails_where_the_plan_says_so(self, keep: Keep) -> None:
        sides = keep(FEW), keep(FEW)
        warned = against(*sides, plan=self.named())
        assert (row(warned, "p99").status, warned.verdict) == ("warning", "inconclusive")
        failed = against(*sides, plan=self.named(undecided="fail"))
        assert (row(failed, "p99").status, failed.verdict) == ("fail", "fail")
        assert row(failed, "p99").reason.endswith("; the plan says that undecided fails")
        assert row(failed, "p99", "POST /b").status == "warning"
        assert row(failed, "p99", TOTAL).word == "shown"

    def test_missing_fails_too(self, keep: Keep) -> None:
        wanted = plan(tolerances=(Tolerance("p95", undecided="fail"),))
        comparison = against(keep(), keep({"GET /a": Traffic(100)}), plan=wanted)
        assert row(comparison, "p95", "POST /b").status == "fail"
        assert row(comparison, "p50", "POST /b").status == "warning"

    def test_another_load_is_not_undecided(self, keep: Keep) -> None:
        comparison = against(keep(), keep(users=20), plan=self.named(undecided="fail"))
        entry = row(comparison, "p99", "POST /b")
        assert (entry.word, entry.status) == ("not comparable", "warning")

    def test_an_import_without_samples_is_undecided(self, keep: Keep) -> None:
        sides = [side_of_runs([keep()]) for _ in range(2)]
        base = sides[0].runs[0]
        unknown = {
            key: dataclasses.replace(estimate, error_known=False)
            for key, estimate in base.estimates.items()
        }
        sides[0] = msgspec.structs.replace(
            sides[0], runs=[msgspec.structs.replace(base, estimates=unknown)]
        )
        comparison = compare_sides(*sides, self.named())
        assert row(comparison, "p99").word == "inconclusive"
        assert row(comparison, "p50").word == "shown"

    def test_they_are_saved_whatever_their_number(self, keep: Keep) -> None:
        many = {f"GET /{number}": Traffic(us=1000, count=2) for number in range(60)}
        wanted = plan(
            tolerances=tuple(Tolerance(m, fail="+50%") for m in ("p50", "p95", "p99", "p95"))
        )
        stages = [("L1", 20), ("L2", 20)]
        sides = keep(many, stages=stages), keep(many, stages=stages)
        comparison = against(*sides, plan=wanted)
        named = {entry.key for entry in comparison.rows if entry.named}
        assert len(named) == 2 * 50 * 3
        assert named <= {entry.key for entry in as_stored(comparison).rows}


class TestBadDays:
    def test_an_endpoint_that_is_gone(self, keep: Keep) -> None:
        run = keep({"GET /a": Traffic(100)})
        comparison = against(keep(), run)
        gone = row(comparison, "p95", "POST /b")
        assert (gone.word, gone.status) == ("not comparable", "warning")
        assert comparison.verdict != "pass"

    def test_a_required_endpoint_that_is_gone(self, keep: Keep) -> None:
        wanted = plan(thresholds=(Threshold("p95 < 9s", endpoint="POST *"),))
        run = keep({"GET /a": Traffic(100)})
        comparison = against(keep(), run, plan=wanted)
        assert row(comparison, "p95", "POST /b").status == "fail"
        assert comparison.verdict == "fail"

    def test_a_new_endpoint(self, keep: Keep) -> None:
        comparison = against(keep({"GET /a": Traffic(100)}), keep())
        assert row(comparison, "p95", "POST /b").word == "new"

    def test_nothing_in_common(self, keep: Keep) -> None:
        comparison = against(keep({"GET /x": Traffic()}), keep({"GET /y": Traffic()}))
        assert words(comparison) == {"new", "not comparable", "shown"}
        assert comparison.verdict == "not comparable"
        assert comparison.tests == 0

    def test_everything_is_new(self, keep: Keep) -> None:
        comparison = against(keep(stages=[("L1", 30)]), keep(stages=[("other", 30)]))
        assert comparison.verdict == "not comparable"

    def test_a_stage_that_was_skipped(self, keep: Keep) -> None:
        comparison = against(keep(stages=[("L1", 30), ("L2", 30)]), keep(stages=[("L1", 30)]))
        skipped = [entry for entry in comparison.rows if entry.stage == "L2"]
        assert {entry.word for entry in skipped} == {"not comparable"}
        assert skipped[0].reason == "the run has no such stage"

    def test_all_requests_failed(self, keep: Keep) -> None:
        comparison = against(keep(), keep({**NORMAL, "GET /a": Traffic(1, failing=1.0)}))
        assert row(comparison, "error_rate").word == "regressed"
        assert row(comparison, "p50").word == "inconclusive"
        assert comparison.verdict == "fail"

    def test_as_bad_as_before_is_no_pass(self, keep: Keep) -> None:
        bad = {"GET /a": Traffic(100, failing=0.7)}
        comparison = against(keep(bad), keep(bad))
        assert row(comparison, "error_rate").word != "regressed"
        assert comparison.verdict == "fail"
        assert any("error_rate < 1%" in why for why in comparison.failures)

    def test_no_request_has_a_response_time(self, keep: Keep) -> None:
        comparison = against(keep(), keep({**NORMAL, "GET /a": Traffic(timed=False)}))
        assert row(comparison, "p95").word == "not comparable"
        assert row(comparison, "rps").word == "unchanged"

    @pytest.mark.parametrize(("base", "now"), [(0, 0), (3_600_000_000, 3_600_000_000)])
    def test_extreme_latencies_are_unchanged(self, keep: Keep, base: int, now: int) -> None:
        sides = [{"GET /a": Traffic(us=us)} for us in (base, now)]
        assert row(against(keep(sides[0]), keep(sides[1])), "p95").word == "unchanged"

    def test_from_nothing_to_an_hour(self, keep: Keep) -> None:
        sides = [{"GET /a": Traffic(us=us)} for us in (0, 3_600_000_000)]
        comparison = row(against(keep(sides[0]), keep(sides[1])), "p95")
        assert (comparison.word, comparison.status) == ("regressed", "fail")
        assert comparison.base == 0.0005

    def test_too_short(self, keep: Keep) -> None:
        """Rates have no verdict then; their change is told all the same."""
        stages = [("L1", 19)]
        slower = {**NORMAL, "GET /a": Traffic(count=20)}
        comparison = against(keep(stages=stages), keep(slower, stages=stages))
        rps = row(comparison, "rps")
        assert (rps.word, rps.reason) == (
            "inconclusive",
            "only 19 s measured; a verdict needs 20",
        )
        assert (rps.base, rps.current) == (pytest.approx(40), pytest.approx(20))
        assert rps.written(rps.change or 0) == pytest.approx(-0.5)
        assert row(comparison, "error_rate").change == 0
        assert row(comparison, "p50").word == "unchanged"
        assert comparison.verdict == "inconclusive"

    def test_another_load(self, keep: Keep) -> None:
        base, run = keep(), keep(fingerprint="f2")
        comparison = against(base, run)
        assert words(comparison) == {"not comparable"}
        assert "fingerprints f1 and f2" in comparison.rows[0].reason
        assert comparison.verdict == "not comparable"
        assert row(against(base, run, any_fingerprint=True), "p50").word == "unchanged"

    def test_durations_that_differ(self, keep: Keep) -> None:
        sides = keep(), keep(stages=[("L1", 120)], fingerprint="f2")
        assert against(*sides).verdict == "not comparable"
        comparison = against(*sides, any_fingerprint=True)
        assert row(comparison, "rps").word == "unchanged"
        assert "measured part of stage L1: 120 s, in the base 60 s" in comparison.differences

    def test_in_what_another_load_differs(self, keep: Keep) -> None:
        parts = FingerprintParts(stages=[Stage("L1", 10, 1.0, 62.0)], args={"think": "1"})
        other = msgspec.structs.replace(parts, args={"think": "2"})
        sides = (
            keep(fingerprint_parts=parts),
            keep({"GET /a": Traffic(400)}, fingerprint="f2", fingerprint_parts=other),
        )
        named = plan(tolerances=(Tolerance("p95", fail="+50%", endpoint="GET /a"),))
        comparison = against(*sides, plan=named)
        assert comparison.not_compared == [
            "it is another load, so nothing is compared",
            'argument think: "2", in the base "1"',
        ]
        # A regression beyond every tolerance, and an endpoint that is gone: it was asked for
        # something else, so that neither says anything.
        assert {row.status for row in comparison.rows} == {"warning"}
        assert comparison.verdict == "not comparable"
        asked = against(*sides, plan=named, any_fingerprint=True)
        assert (asked.verdict, asked.not_compared) == ("fail", [])
        assert asked.differences == ['argument think: "2", in the base "1"']
        assert row(asked, "p95", "POST /b").status == "warning"

    @pytest.mark.parametrize("same", [True, False])
    def test_a_named_metric_may_be_missing_where_the_load_is_another(
        self, keep: Keep, same: bool
    ) -> None:
        named = plan(tolerances=(Tolerance("p95", fail="+50%", endpoint="POST /b"),))
        run = keep({"GET /a": Traffic(100)}, fingerprint="f1" if same else "f2")
        comparison = against(keep(), run, plan=named, any_fingerprint=True)
        assert row(comparison, "p95", "POST /b").status == ("fail" if same else "warning")

    @pytest.mark.parametrize("same", [True, False])
    def test_a_stage_may_be_missing_where_the_load_is_another(self, keep: Keep, same: bool) -> None:
        named = plan(tolerances=(Tolerance("p95", fail="+50%", endpoint="GET /a"),))
        base = keep(stages=[("L1", 40), ("L2", 40)])
        run = keep(stages=[("L1", 40)], fingerprint="f1" if same else "f2")
        comparison = against(base, run, plan=named, any_fingerprint=True)
        assert comparison.uncompared_stages == {"L2": "the run has no such stage"}
        assert row(comparison, "p95", stage="L2").status == ("fail" if same else "warning")
        assert comparison_exit_code(comparison, strict=False, required=True) == 1
        assert comparison_exit_code(comparison, strict=False) == int(same)

    def test_users_that_differ_everywhere_are_told_once(self, keep: Keep) -> None:
        comparison = against(keep(), keep(users=20))
        assert comparison.not_compared == ["stage L1: users differ: 20, in the base 10"]
        assert comparison_exit_code(comparison, strict=False) == 0
        assert comparison_exit_code(comparison, strict=False, required=True) == 1
        assert comparison_exit_code(comparison, strict=True) == 4
        asked = against(keep(), keep(users=20), any_fingerprint=True)
        assert row(asked, "p50").word == "unchanged"
        assert asked.differences == ["stage L1: users differ: 20, in the base 10"]

    def test_a_steered_stage_is_not_compared_though_asked_for(self, keep: Keep) -> None:
        run = keep(stages=[("L1", 40), ("L2", 40)])
        spans = run.manifest.stages
        stages = [spans[0], msgspec.structs.replace(spans[1], steered=True)]
        run.manifest = msgspec.structs.replace(run.manifest, stages=stages)
        base = keep(stages=[("L1", 40), ("L2", 40)])
        for any_load in (False, True):
            comparison = against(base, run, any_fingerprint=any_load)
            assert comparison.uncompared_stages == {"L2": "users were changed by hand in it"}
            assert comparison.not_compared == []
            assert row(comparison, "p50").word == "unchanged"

    def test_plans_of_one_name_are_told_apart(self, keep: Keep, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("")
        files = [tmp_path / folder / "api.toml" for folder in "ab"]
        for file in files:
            file.parent.mkdir()
            file.write_text("")
        sides = [keep(plan=plan(source=str(file))) for file in files]
        assert against(*sides).remarks == [
            "the base was made from a/api.toml, the run from b/api.toml"
        ]

    def test_other_users(self, keep: Keep) -> None:
        comparison = against(keep(), keep(users=20))
        assert words(comparison) == {"not comparable"}
        assert comparison.rows[0].reason == "users differ: 20, in the base 10"

    def test_steered(self, keep: Keep) -> None:
        run = keep()
        stages = [msgspec.structs.replace(run.manifest.stages[0], steered=True)]
        run.manifest = msgspec.structs.replace(run.manifest, stages=stages)
        assert words(against(keep(), run)) == {"not comparable"}

    def test_simulated_and_measured(self, keep: Keep) -> None:
        comparison = against(keep(), keep(provenance=Provenance("simulated")))
        assert words(comparison) == {"not comparable"}
        assert "measured and simulated numbers" in comparison.rows[0].reason
        assert comparison.verdict == "not comparable"

    def test_mixed_runs(self, keep: Keep) -> None:
        runs = [keep(), keep(provenance=Provenance("simulated"))]
        assert words(against(keep(), runs)) == {"not comparable"}

    def test_an_invalid_run(self, keep: Keep) -> None:
        run = keep()
        why = Validity(valid=False, reasons=["samples were lost"])
        run.manifest = msgspec.structs.replace(run.manifest, validity=why)
        with pytest.raises(UsageError, match=r"samples were lost \(it counted 3100 req") as caught:
            against(keep(), run)
        assert caught.value.exit_code == 3

    def test_no_request_at_all(self, keep: Keep) -> None:
        with pytest.raises(UsageError, match="no request was started") as caught:
            against(keep(), keep({}))
        assert caught.value.exit_code == 3

    def test_a_file_that_fails_its_checksum(self, keep: Keep) -> None:
        run = keep()
        path = run.folder / "samples.parquet"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(UsageError, match="its checksum differs"):
            against(keep(), run)

    def test_a_file_that_is_missing(self, keep: Keep) -> None:
        run = keep()
        (run.folder / "windows.parquet").unlink()
        with pytest.raises(UsageError, match=r"windows\.parquet is missing"):
            against(keep(), run)

    def test_endpoints_with_odd_names(self, keep: Keep) -> None:
        odd = {"GET (total)": Traffic(), "GET /한국어 \x1b[31m": Traffic(), "GET  ": Traffic()}
        comparison = against(keep(odd), keep(odd))
        assert row(comparison, "p50", "GET /한국어 \x1b[31m").word == "unchanged"

    def test_two_thousand_endpoints(self, keep: Keep) -> None:
        many = {f"GET /{number}": Traffic(us=1000, count=1) for number in range(2000)}
        comparison = against(keep(many, stages=[("L1", 20)]), keep(many, stages=[("L1", 20)]))
        tested = {entry.endpoint for entry in comparison.rows if entry.tested}
        assert len(tested) == 50
        assert len(as_stored(comparison).rows) <= 200


def test_what_may_explain_a_change_is_told(keep: Keep) -> None:
    machine = {"host": "a", "cpu": "x", "cores": 2}
    base = keep(machine=machine, versions={"locust": "2.46"}, plan=plan(host="http://one"))
    run = keep(
        machine={**machine, "cores": 4}, versions={"locust": "2.47"}, plan=plan(host="http://two")
    )
    assert against(base, run).differences == [
        "target: http://two, in the base http://one",
        "cores: 4, in the base 2",
        "locust version: 2.47, in the base 2.46",
    ]


def test_a_run_against_itself_is_told(keep: Keep) -> None:
    run = keep()
    assert any("compared with itself" in entry for entry in against(run, run).remarks)
