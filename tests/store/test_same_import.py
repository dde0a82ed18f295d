"""Which imported runs are of the same files."""

from __future__ import annotations

import pytest

from loadtui.plan.model import Plan
from loadtui.store.manifest import RUN_FORMAT, Imported, ImportedFile, Manifest, Provenance
from loadtui.store.same_import import import_keys, same_import

TEN, NOON = "2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z"
STATS = ImportedFile("a_stats.csv", 900, "5")
HISTORY = ImportedFile("a_stats_history.csv", 9000, "7")
NO_FAILURES = ImportedFile("a_failures.csv", 30, "f")


def manifest_of(imported: Imported | None, started: str) -> Manifest:
    return Manifest(
        format=RUN_FORMAT,
        run="r",
        state="finished",
        provenance=Provenance("measured" if imported is None else "imported"),
        plan=Plan(name="p", locustfiles=()),
        fingerprint="f",
        started=started,
        imported=imported,
    )


def keys(*files: ImportedFile, start: str = "") -> list[str]:
    imported = Imported("x", list(files), "2026-11-23T10:00:00Z", started_known=bool(start))
    return import_keys(manifest_of(imported, start or "2026-11-23T11:00:00Z"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (keys(STATS), keys(STATS), True),
        (keys(STATS), keys(STATS, HISTORY), True),
        (keys(STATS), keys(NO_FAILURES, STATS), True),
        (keys(STATS, NO_FAILURES), keys(HISTORY, NO_FAILURES), False),
        (keys(STATS), keys(HISTORY), False),
        (keys(STATS, start=TEN), keys(STATS, start=NOON), False),
        (keys(STATS, start=TEN), keys(STATS, start=TEN), True),
        (keys(STATS, start=TEN), keys(STATS), True),
        (keys(STATS), [], False),
        ([], [], False),
    ],
)  # fmt: skip
def test_the_largest_file_tells(one: list[str], other: list[str], same: bool) -> None:
    assert same_import(one, other) is same
    assert same_import(other, one) is same


def test_runs_that_were_measured_here_have_none() -> None:
    assert import_keys(manifest_of(None, "2026-11-23T10:00:00Z")) == []
