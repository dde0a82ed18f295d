"""What becomes part of a baseline, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Stage
from loadtui.store.baseline_drawing import read_drawing
from loadtui.store.baseline_file import read_baseline
from loadtui.store.manifest import Git, Provenance, Totals, Validity
from loadtui.store.stored_run import Run
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.promotion import promote
from loadtui.verdict.sides import side_of_baseline, side_of_runs
from tests.support.stored_runs import Traffic, keep_run, plan

Keep = Callable[..., Run]
GOOD = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=10)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "baselines"


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    count = 0

    def write(traffic: Any = GOOD, **fields: Any) -> Run:
        nonlocal count
        count += 1
        fields.setdefault("seed", count)
        fields.setdefault("stages", [("L1", 25)])
        return keep_run(tmp_path / f"run-{count}", traffic, **fields)

    return write


def test_the_first_run(keep: Keep, root: Path) -> None:
    run = keep(git=Git("abc", False), machine={"host": "box"})
    done = promote(run, root)
    assert (done.path, done.dropped, done.again) == (root / "gateway.json", [], False)
    baseline = read_baseline(done.path)
    assert (baseline.plan, baseline.provenance, baseline.fingerprint) == (
        "gateway",
        "measured",
        "f1",
    )
    (entry,) = baseline.runs
    assert (entry.run, entry.git, entry.machine) == (run.id, Git("abc", False), {"host": "box"})
    (stage,) = entry.stages
    assert (stage.name, stage.users, stage.lead, stage.seconds) == ("L1", 10, 2, 25)
    assert [*stage.endpoints] == ["(total)", "GET /a", "POST /b"]
    assert stage.endpoints["GET /a"]["p50"].value == pytest.approx(100, rel=0.05)


def test_the_file_alone_gives_the_verdict_of_the_runs(keep: Keep, root: Path) -> None:
    bases = [keep(slow=0.1, ttft=50.0, counters={"bad": 1}) for _ in range(3)]
    run = keep({**GOOD, "GET /a": Traffic(170)}, slow=0.2, ttft=60.0, counters={"bad": 1})
    for base in bases:
        promote(base, root)
    current = side_of_runs([run])
    wanted = run.manifest.plan
    ours = compare_sides(side_of_baseline(read_baseline(root / "gateway.json")), current, wanted)
    theirs = compare_sides(side_of_runs(bases), current, wanted)
    assert ours.verdict == theirs.verdict == "fail"
    for entry, other in zip(ours.rows, theirs.rows, strict=True):
        assert (entry.key, entry.word, entry.status) == (other.key, other.word, other.status)
        assert entry.change == (
            None if other.change is None else pytest.approx(other.change, abs=1e-9)
        )


def test_one_more_run_and_the_same_again(keep: Keep, root: Path) -> None:
    first, second = keep(), keep()
    promote(first, root)
    promote(second, root)
    done = promote(first, root)
    assert done.again
    assert [run.run for run in done.baseline.runs] == [second.id, first.id]


def test_of_more_than_ten_the_oldest_goes(keep: Keep, root: Path) -> None:
    runs = [keep({"GET /a": Traffic(count=2)}) for _ in range(11)]
    for run in runs[:-1]:
        promote(run, root)
    done = promote(runs[-1], root)
    assert done.dropped == [runs[0].id]
    assert [run.run for run in read_baseline(done.path).runs] == [run.id for run in runs[1:]]
    drawing = read_drawing(done.path)
    assert drawing is not None
    assert set(drawing["run"]) == {run.id for run in runs[1:]}


def test_another_name(keep: Keep, root: Path) -> None:
    done = promote(keep(), root, name="nightly")
    assert (done.path.name, done.baseline.name, done.baseline.plan) == (
        "nightly.json",
        "nightly",
        "gateway",
    )


def test_an_imported_run_makes_an_imported_baseline(keep: Keep, root: Path) -> None:
    done = promote(keep(provenance=Provenance("imported", "x.csv", 0.048)), root)
    assert done.baseline.provenance == "imported"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"provenance": Provenance("simulated")}, "it is simulated"),
        ({"validity": Validity(False, ["samples were lost"])}, "invalid: samples were lost"),
        ({"state": "interrupted"}, "its state is interrupted"),
        ({"state": "failed", "ended_because": "disk full"}, r"failed \(disk full\)"),
        ({"steered": True}, "changed by hand"),
        ({"totals": Totals(100, exceptions=3)}, "user code raised 3"),
        ({"totals": Totals(1000, failures=696)}, "69.6% of its requests failed"),
        ({"process_exit_code": 9}, "process_exit_code 9"),
        ({"state": "running"}, "still running"),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_refused(keep: Keep, root: Path, fields: dict[str, Any], said: str, force: bool) -> None:
    run = keep()
    run.manifest = msgspec.structs.replace(run.manifest, **fields)
    with pytest.raises(UsageError, match=said):
        promote(run, root, force=force)
    assert not root.exists()


def test_failed_thresholds_and_force(keep: Keep, root: Path) -> None:
    run = keep({"GET /a": Traffic(failing=0.3)})
    with pytest.raises(UsageError, match="did not meet error_rate < 1%; --force"):
        promote(run, root)
    assert promote(run, root, force=True).path.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"fingerprint": "f2"}, "another load"),
        ({"provenance": Provenance("imported")}, "holds measured runs and this one is imported"),
        ({"plan": Plan("rag", ("/rag.py",))}, "is the baseline of plan gateway"),
    ],
)
def test_unlike_runs_are_refused_unless_the_set_is_started_anew(
    keep: Keep, root: Path, fields: dict[str, Any], said: str
) -> None:
    promote(keep(), root)
    run = keep(**fields)
    with pytest.raises(UsageError, match=said):
        promote(run, root, name="gateway")
    done = promote(run, root, name="gateway", replace=True)
    assert [entry.run for entry in done.baseline.runs] == [run.id]


def test_replace_makes_a_damaged_file_good(keep: Keep, root: Path) -> None:
    root.mkdir()
    (root / "gateway.json").write_text("<<<<<<< HEAD\n")
    with pytest.raises(UsageError, match="merge conflict"):
        promote(keep(), root)
    assert len(promote(keep(), root, replace=True).baseline.runs) == 1


def test_a_damaged_drawing_costs_the_picture_only(keep: Keep, root: Path) -> None:
    done = promote(keep(), root)
    done.path.with_suffix(".parquet").write_bytes(b"no parquet")
    assert read_drawing(done.path) is None
    assert len(promote(keep(), root).baseline.runs) == 2
    assert read_drawing(done.path) is not None


def test_nothing_measured(keep: Keep, root: Path) -> None:
    with pytest.raises(UsageError, match="no second of it was measured"):
        promote(keep(stages=[("L1", 0)], plan=plan()), root)


@pytest.mark.parametrize("force", [False, True])
def test_a_run_that_did_not_run_all_its_stages(keep: Keep, root: Path, force: bool) -> None:
    stages = (Stage("L1", 10, 5.0, 27.0), Stage("L2", 10, 5.0, 30.0))
    run = keep(plan=plan(stages=stages))
    with pytest.raises(UsageError, match="not all of its stages were run: stage L2 was never"):
        promote(run, root, force=force)


def test_any_counter_can_be_normal(keep: Keep, root: Path) -> None:
    """One that counted down, and one beyond what a float holds exactly."""
    counters = {"down": -50, "far": 2**62 + 2**10, "none": 0}
    done = promote(keep(counters=counters), root)
    side = side_of_baseline(read_baseline(done.path))
    comparison = compare_sides(side, side_of_runs([keep(counters=counters)]), plan())
    values = {row.metric: (row.base, row.current) for row in comparison.rows}
    assert {name: values[name] for name in counters} == {
        name: (float(count), float(count)) for name, count in counters.items()
    }
