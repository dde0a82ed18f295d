"""Runs as one file to carry elsewhere: a tar archive with a folder for each.

What comes from elsewhere is not trusted: nothing but the files of a run is taken from an archive,
under their own names, and only with the checksums that its manifest names.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from loadtui.errors import UsageError
from loadtui.plain_file import open_plain
from loadtui.store import run_files
from loadtui.store.arrival import mark_arrival
from loadtui.store.manifest_file import read_manifest
from loadtui.store.recovery import ACTIVE
from loadtui.store.run_folder import make_folders
from loadtui.store.stored_run import Run, verify_checksums
from loadtui.store.table_file import LARGEST

_LOG = "host.log"
ARCHIVED_FILES = (run_files.MANIFEST, *run_files.TABLES, run_files.EXCEPTIONS, _LOG)
"""Names of the files that a run is carried with."""
_ID = re.compile(r"[^\s./\\\x00-\x1f][^/\\\x00-\x1f]{0,254}")
_ENTRIES = 100_000
_COPIED = 1 << 20


def export_runs(runs: Sequence[Run], path: Path) -> None:
    """Write runs into an archive.

    Raises UsageError for a run that is still running or is damaged, for a file that is there
    already, and when it cannot be written; there is no file then.
    """
    for run in runs:
        if run.active:
            raise UsageError(f"run {run.id} is still running; export it when it has ended")
        if wrong := verify_checksums(run):
            raise UsageError(f"run {run.id} is not exported: {wrong[0]}")
    if path.exists():
        raise UsageError(f"{path} is there already; remove it or name another file")
    try:
        run_files.write_atomically(path, lambda to: _write(runs, to))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def import_runs(path: Path, root: Path) -> list[Run]:
    """Put the runs of an archive into `root`, all of them or none.

    Raises UsageError for what is no such archive, for anything in it that is no file of a run, for
    checksums that differ, and for a run that is there already.
    """
    try:
        make_folders(root)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=root) as staging:
            return _moved_into(_checked(_unpacked(path, Path(staging)), root), root)
    except tarfile.TarError as error:
        raise UsageError(f"{path} is no archive of runs, or is cut off ({error})") from None
    except OSError as error:
        where = error.filename or path
        raise UsageError(f"{path} cannot be imported: {error.strerror}: {where}") from error


def _write(runs: Iterable[Run], to: BinaryIO) -> None:
    with tarfile.open(fileobj=to, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for run in runs:
            for name in ARCHIVED_FILES:
                if os.path.lexists(run.folder / name):
                    with open_plain(run.folder / name) as file:
                        archive.addfile(_entry(f"{run.id}/{name}", file), file)


def _entry(name: str, file: BinaryIO) -> tarfile.TarInfo:
    """Without what is nobody's business elsewhere."""
    known = os.fstat(file.fileno())
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = known.st_size, int(known.st_mtime), 0o600
    return info


def _unpacked(path: Path, staging: Path) -> list[Path]:
    """The folders of the runs.  Each entry is checked before a byte of it is written."""
    folders: dict[str, Path] = {}
    with open_plain(path, follow=True) as file, tarfile.open(fileobj=file, mode="r:") as archive:
        for count, entry in enumerate(archive):
            if count >= _ENTRIES:
                raise UsageError(f"{path} has more than {_ENTRIES} entries, and is no such archive")
            id_, name = _run_and_name(path, entry)
            folder = folders.setdefault(id_, staging / id_)
            folder.mkdir(mode=0o700, exist_ok=True)
            content = archive.extractfile(entry)
            if content is None or (folder / name).exists():
                raise UsageError(f"{path} has {entry.name!r} twice")
            with (folder / name).open("xb") as to:
                shutil.copyfileobj(content, to, _COPIED)
    if not folders:
        raise UsageError(f"{path} holds no run")
    return list(folders.values())


def _run_and_name(path: Path, entry: tarfile.TarInfo) -> tuple[str, str]:
    """The run and the file's name of an entry."""
    id_, _, name = entry.name.partition("/")
    if entry.size > LARGEST:
        size = f"{entry.size / 1e9:.1f} GB"
        raise UsageError(f"{path} has {entry.name!r} with {size}, more than any run has")
    if not entry.isreg() or entry.issparse():
        raise UsageError(f"{path} has {entry.name!r}, which is no plain file; nothing is taken")
    if not _ID.fullmatch(id_) or name not in ARCHIVED_FILES:
        raise UsageError(f"{path} has {entry.name!r}, which is no file of a run; nothing is taken")
    return id_, name


def _checked(folders: Sequence[Path], root: Path) -> list[Path]:
    for folder in folders:
        manifest = read_manifest(folder)
        if manifest.run != folder.name or manifest.state in ACTIVE:
            raise UsageError(f"run {folder.name} of the archive is not what its manifest says")
        run = Run(folder, manifest)
        if wrong := verify_checksums(run):
            what = wrong[0].replace(f"{folder}/", "")
            raise UsageError(f"run {folder.name} of the archive is damaged: {what}")
        _read_all(run)
        if (root / folder.name).exists():
            raise UsageError(f"run {folder.name} is there already, in {root}; nothing is taken")
    return list(folders)


def _read_all(run: Run) -> None:
    """Raises UsageError when one of its tables cannot be read: its checksums may be right all the
    same, in an archive that was made to do harm."""
    for read in (run.samples, run.windows, run.timeline, run.metrics, run.errors, run.exceptions):
        read()


def _moved_into(folders: Sequence[Path], root: Path) -> list[Run]:
    for folder in folders:
        mark_arrival(folder)
        folder.rename(root / folder.name)
    return [Run.open(root / folder.name) for folder in folders]
