from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import msgspec
import polars as pl
import pytest

from loadtui.errors import UsageError
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import CounterAdd, TrendAdd
from loadtui.store import run_files, run_lock
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import RUN_FORMAT
from loadtui.store.stored_run import Run, verify_checksums
from tests.support.run_writer import RunWriter


@pytest.fixture
def kept(two_stages: RunWriter) -> Path:
    write_final_files(two_stages.folder, two_stages.manifest("finished"), end_second=40)
    return two_stages.folder


def edit(folder: Path, **changes: object) -> None:
    path = folder / run_files.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), "checksum": None, **changes}))


@pytest.mark.parametrize("left", ["a journal", "no manifest", "nothing"])
def test_a_run_that_was_saved_elsewhere_is_opened_there(
    two_stages: RunWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = two_stages.folder
    manifest = two_stages.manifest("running")
    elsewhere = tmp_path / "state" / "loadtui" / "rescued" / folder.name
    shutil.copytree(folder, elsewhere)
    write_final_files(elsewhere, msgspec.structs.replace(manifest, state="failed"), end_second=40)
    if left == "no manifest":
        (folder / run_files.MANIFEST).unlink()
    elif left == "nothing":
        shutil.rmtree(folder)
    run = Run.open(folder)
    assert (run.folder, run.manifest.state) == (elsewhere, "failed")
    if left == "a journal":
        lock = run_lock.hold_run(folder)
        assert Run.open(folder).active
        os.close(lock)


def test_tables_are_read_once(kept: Path) -> None:
    run = Run.open(kept)
    assert run.samples() is run.samples()
    (kept / run_files.WINDOWS).unlink()
    with pytest.raises(UsageError, match=r"windows\.parquet"):
        run.windows()


def test_a_newer_format_is_refused_by_name(kept: Path) -> None:
    edit(kept, format=RUN_FORMAT + 1, plan="of a shape nobody knows yet")
    with pytest.raises(UsageError, match=f"format {RUN_FORMAT + 1}.*newer loadtui") as caught:
        Run.open(kept)
    assert str(kept) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "1"}', '{"format": 1}', "\xff"])
def test_a_damaged_manifest_is_named(kept: Path, text: str) -> None:
    (kept / run_files.MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"manifest\.json is damaged"):
        Run.open(kept)


def test_a_folder_that_holds_no_run(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="not a run folder"):
            Run.open(folder)


@pytest.mark.parametrize("name", run_files.TABLES)
@pytest.mark.parametrize("damage", ["truncated", "empty", "other"])
def test_a_damaged_table_is_named(kept: Path, name: str, damage: str) -> None:
    path = kept / name
    data = path.read_bytes()
    if damage == "other":
        other = run_files.ERRORS if name != run_files.ERRORS else run_files.SAMPLES
        data = (kept / other).read_bytes()
    path.write_bytes({"truncated": data[: len(data) // 2], "empty": b"", "other": data}[damage])
    read = getattr(Run.open(kept), name.removesuffix(".parquet"))
    with pytest.raises(UsageError, match="is damaged") as caught:
        read()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_damaged_exceptions_are_named(kept: Path) -> None:
    (kept / run_files.EXCEPTIONS).write_text('[{"message": 3}]')
    with pytest.raises(UsageError, match=r"exceptions\.json is damaged"):
        Run.open(kept).exceptions()


def test_verify_finds_what_was_changed_or_lost(kept: Path) -> None:
    assert verify_checksums(Run.open(kept)) == []
    data = bytearray((kept / run_files.SAMPLES).read_bytes())
    data[len(data) // 2] ^= 1
    (kept / run_files.SAMPLES).write_bytes(data)
    (kept / run_files.ERRORS).unlink()
    wrong = verify_checksums(Run.open(kept))
    assert len(wrong) == 2
    assert "errors.parquet is missing" in wrong[0]
    assert "checksum differs" in wrong[1]
    assert "samples.parquet" in wrong[1]


def test_verify_misses_a_checksum(kept: Path) -> None:
    edit(kept, checksums={})
    assert "no checksum" in verify_checksums(Run.open(kept))[0]


def test_a_checksum_never_leads_out_of_the_folder(kept: Path) -> None:
    (kept.parent / "secret").write_text("x")
    checksums = {**Run.open(kept).manifest.checksums, "../secret": "0"}
    edit(kept, checksums=checksums)
    assert verify_checksums(Run.open(kept)) == [f"{kept}/../secret is missing"]


def rewrite(folder: Path, metrics: pl.DataFrame) -> None:
    """Put another table in place, as one that the run was written with."""
    metrics.write_parquet(folder / run_files.METRICS)
    checksums = Run.open(folder).manifest.checksums
    edit(
        folder,
        checksums={**checksums, run_files.METRICS: run_files.sha256(folder / run_files.METRICS)},
    )


def test_trends_of_an_earlier_version_are_what_their_bins_stand_for(writer: RunWriter) -> None:
    """It wrote bins of round(1000 * value) and neither sums nor extremes."""
    writer.stage("L1", 0)
    writer.delta(
        counters=[CounterAdd("violations", "", 1, 2)],
        trends=[TrendAdd("ttft", "", 1, 0, 2), TrendAdd("ttft", "", 1, bin_of(83_000), 3)],
    )
    folder = writer.folder
    write_final_files(folder, writer.manifest("finished"), end_second=2)
    now = Run.open(folder).metrics()
    old = pl.read_parquet(folder / run_files.METRICS).drop("sum", "min", "max")
    rewrite(folder, old.with_columns(pl.col("bin").cast(pl.UInt16)))
    assert Run.open(folder).metrics().rows() == now.rows()
    tally = load_tallies(Run.open(folder)).merged_metric("trend", "ttft")
    assert tally is not None
    assert (tally.least(), tally.most()) == (0.0, 83.1995)
    assert tally.percentiles((0.4, 0.5)) == [0.0, 83.1995]
    assert tally.mean() == pytest.approx(83.1995 * 3 / 5)
    rewrite(folder, old.filter(pl.col("kind") == "counter"))
    assert Run.open(folder).metrics()["count"].to_list() == [2]
