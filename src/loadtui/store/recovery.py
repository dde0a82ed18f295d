"""Making a run whole whose host was killed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.store import run_files, run_lock
from loadtui.store.books import BOOKS
from loadtui.store.disk_reserve import release_reserve
from loadtui.store.final_files import write_final_files
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import read_manifest, write_manifest

BECAUSE = "the run host was killed; recovered from its journal"
ACTIVE = ("starting", "running", "stopping")
"""States of a run whose host is at work; such a run has no tables yet."""


def recover(folder: Path) -> Manifest:
    """The manifest of a run that says it runs, or has a journal.

    While its host lives (or another command recovers it) that is the manifest as it lies there.
    Otherwise the journal is turned into the final files and the run is `interrupted`.  Safe to
    call by several commands at once: the lock of the host serves here too.

    Raises UsageError when the folder cannot be written or the journal makes no sense.
    """
    if run_lock.is_held(folder):
        return read_manifest(folder)
    try:
        fd = run_lock.hold_run(folder)
    except BlockingIOError:
        return read_manifest(folder)
    except OSError as error:
        raise UsageError(
            f"run {folder} was interrupted and cannot be recovered: {error.strerror}; "
            "make the folder writable and open it again"
        ) from error
    try:
        return _recovered(folder)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"run {folder} was interrupted and cannot be recovered from "
            f"{run_files.JOURNAL}: {error}"
        ) from error
    finally:
        run_lock.release_run(folder, fd)


def _recovered(folder: Path) -> Manifest:
    # Read again: another command may have recovered it while this one waited for the lock.
    manifest = read_manifest(folder)
    journal = folder / run_files.JOURNAL
    if manifest.state not in ACTIVE and manifest.checksums:
        # The host wrote everything and died before it could remove the journal.
        journal.unlink(missing_ok=True)
        (folder / BOOKS).unlink(missing_ok=True)
        return manifest
    release_reserve(folder)
    if manifest.state in ACTIVE:
        manifest = msgspec.structs.replace(manifest, state="interrupted", ended_because=BECAUSE)
    if manifest.checksums and not journal.exists():
        # The host had turned the journal into files and died before it said how the run ended.
        write_manifest(folder, manifest)
        (folder / BOOKS).unlink(missing_ok=True)
    else:
        manifest = write_final_files(folder, manifest)
        if not manifest.duration_s and manifest.stages:
            manifest = msgspec.structs.replace(manifest, duration_s=float(manifest.stages[-1].end))
            write_manifest(folder, manifest)
    with contextlib.suppress(OSError):
        (folder / run_files.SOCKET).unlink(missing_ok=True)
    return manifest
