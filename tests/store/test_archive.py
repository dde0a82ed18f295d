"""Runs as one file."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import polars as pl
import pytest

from loadtui.errors import UsageError
from loadtui.store.archive import export_runs, import_runs
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_files import ERRORS, MANIFEST, SAMPLES, sha256
from loadtui.store.stored_run import Run, verify_checksums
from tests.support.stored_runs import Traffic, keep_run

RUN = "20261123-101502-shop-3f2a"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return keep_run(tmp_path / "from" / RUN, {"GET /a": Traffic()}, stages=(("L1", 3),), run=RUN)


@pytest.fixture
def archive(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "runs.tar"
    export_runs([run], path)
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.fixture
def changed(tmp_path: Path, archive: Path) -> Callable[..., Path]:
    """The archive with another entry, or with another content of one."""

    def change(more: tarfile.TarInfo | None = None, **contents: bytes) -> Path:
        path = tmp_path / "changed.tar"
        with tarfile.open(archive) as before, tarfile.open(path, "w") as after:
            for info in before:
                content = before.extractfile(info)
                assert content is not None
                data = contents.get(info.name.partition("/")[2].partition(".")[0], content.read())
                info.size = len(data)
                after.addfile(info, io.BytesIO(data))
            if more is not None:
                after.addfile(more, io.BytesIO(b"x" * more.size))
        return path

    return change


def test_a_run_arrives_as_it_was(tmp_path: Path, run: Run, archive: Path) -> None:
    root = tmp_path / "to" / "runs"
    (taken,) = import_runs(archive, root)

    assert taken.folder == root / RUN
    assert taken.manifest == run.manifest
    assert verify_checksums(taken) == []
    assert taken.samples().equals(run.samples())
    assert [path.name for path in root.iterdir()] == [RUN]


def test_a_table_that_would_unpack_to_gigabytes(tmp_path: Path, run: Run) -> None:
    """Its checksum is right: whoever made the archive made the manifest, too."""
    pl.select(second=pl.repeat(7, 100_000_000, dtype=pl.Int8)).write_parquet(run.folder / SAMPLES)
    checksums = {**run.manifest.checksums, SAMPLES: sha256(run.folder / SAMPLES)}
    write_manifest(run.folder, msgspec.structs.replace(run.manifest, checksums=checksums))
    path = tmp_path / "bomb.tar"
    export_runs([Run.open(run.folder)], path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(UsageError, match="would unpack to 100000000 values"):
        import_runs(path, tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


def test_an_archive_that_is_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "runs.tar")
    with pytest.raises(UsageError, match="it is no plain file"):
        import_runs(tmp_path / "runs.tar", tmp_path / "to")


def test_a_run_that_is_there_is_left_as_it_is(tmp_path: Path, archive: Path) -> None:
    with pytest.raises(UsageError, match="is there already"):
        import_runs(archive, tmp_path / "from")


@pytest.mark.parametrize(
    "info",
    [
        entry("../evil"),
        entry("/etc/evil"),
        entry(f"{RUN}/../../evil"),
        entry(f"{RUN}/evil.sh"),
        entry(f"{RUN}/sub/{SAMPLES}"),
        entry(f".hidden/{SAMPLES}"),
        entry(f"../{SAMPLES}"),
        entry(SAMPLES),
        entry(f"a\n/{SAMPLES}"),
        entry(f"{RUN}/host.log", tarfile.SYMTYPE, "/etc/passwd"),
        entry(f"{RUN}/host.log", tarfile.LNKTYPE, f"{RUN}/{MANIFEST}"),
        entry(f"{RUN}/host.log", tarfile.CHRTYPE),
        entry(f"{RUN}/host.log", tarfile.FIFOTYPE),
        entry(f"{RUN}/host.log", tarfile.DIRTYPE),
        entry(f"{RUN}/{SAMPLES}"),
    ],
    ids=lambda info: f"{info.name} {info.type!r}",
)
def test_what_is_no_file_of_a_run_is_refused(
    tmp_path: Path, changed: Callable[..., Path], info: tarfile.TarInfo
) -> None:
    root = tmp_path / "to"
    with pytest.raises(UsageError) as error:
        import_runs(changed(info), root)
    assert "\n" not in str(error.value)
    assert list(root.iterdir()) == []
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ({"errors": b"other"}, f"damaged: {ERRORS} is not what was written"),
        ({"manifest": b"{}"}, "damaged"),
        ({"manifest": b'{"format": 99}'}, "newer loadtui"),
    ],
)
def test_checksums_are_held_to(
    tmp_path: Path, changed: Callable[..., Path], contents: dict[str, bytes], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        import_runs(changed(**contents), tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"x" * 2000])
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"no archive|holds no run"):
        import_runs(path, tmp_path / "to")


def test_a_damaged_run_is_not_exported(tmp_path: Path, run: Run) -> None:
    (run.folder / SAMPLES).write_bytes(b"other")
    with pytest.raises(UsageError, match="checksum differs"):
        export_runs([run], tmp_path / "x.tar")
    assert not (tmp_path / "x.tar").exists()


def test_a_file_that_is_there_is_not_written_over(run: Run, archive: Path) -> None:
    with pytest.raises(UsageError, match="is there already"):
        export_runs([run], archive)
