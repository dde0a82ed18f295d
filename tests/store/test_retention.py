"""Which runs may go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loadtui.plan.model import Plan
from loadtui.plan.units import parse_size
from loadtui.store.manifest import FORMAT, Manifest, Provenance, State
from loadtui.store.retention import Retention, expendable
from loadtui.store.stored_run import Run

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def run_of(
    folder: Path, day: int, *, plan: str = "shop", pinned: bool = False, state: State = "finished"
) -> Run:
    name = f"{plan}-{day}"
    (folder / name).mkdir()
    (folder / name / "samples.parquet").write_bytes(b"x" * 100)
    manifest = Manifest(
        format=FORMAT,
        run=name,
        state=state,
        provenance=Provenance("measured"),
        plan=Plan(plan, locustfiles=()),
        fingerprint="f",
        started=f"2026-11-{day:02d}T00:00:00Z",
        pinned=pinned,
    )
    return Run(folder / name, manifest)


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Newest first, as listed."""
    return [
        run_of(tmp_path, 28),
        run_of(tmp_path, 27, plan="rare"),
        run_of(tmp_path, 20),
        run_of(tmp_path, 10, pinned=True),
        run_of(tmp_path, 5),
        run_of(tmp_path, 2, state="running"),
    ]


def going(runs: list[Run], **limits: float) -> list[str]:
    return [run.id for run in expendable(runs, Retention(**limits), NOW)]  # type: ignore[arg-type]


def test_without_a_limit_all_stay(runs: list[Run]) -> None:
    assert going(runs) == []


def test_of_each_plan_the_newest_stay(runs: list[Run]) -> None:
    assert going(runs, keep=1) == ["shop-5", "shop-20"]
    assert going(runs, keep=0) == ["shop-5", "shop-20", "rare-27", "shop-28"]


def test_old_ones_go(runs: list[Run]) -> None:
    assert going(runs, older_s=15 * 86400) == ["shop-5"]


def test_the_oldest_go_until_the_rest_is_small_enough(runs: list[Run]) -> None:
    assert going(runs, size=600) == []
    assert going(runs, size=401) == ["shop-5", "shop-20"]
    assert going(runs, size=401, older_s=15 * 86400) == ["shop-5", "shop-20"]
    assert going(runs, size=1) == ["shop-5", "shop-20", "rare-27", "shop-28"]


@pytest.mark.parametrize(
    ("text", "size"),
    [("100", 100), ("2GB", 2_000_000_000), ("1.5 kb", 1500), ("1MiB", 1_048_576), ("0", 0)],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "2 apples", "-1", "1e3"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="expected a size"):
        parse_size(text)
