"""Where a run is saved whose own folder cannot be written any more."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from loadtui.store import run_lock
from loadtui.store.books import BOOKS, Page, write_books
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import write_manifest
from loadtui.store.projects import remember, state_home
from loadtui.store.run_files import JOURNAL, MANIFEST


def rescue_run(
    folder: Path,
    manifest: Manifest,
    write_journal: Callable[[int], None],
    books: Sequence[Page] = (),
) -> tuple[Path, int]:
    """Another folder, of the same name, with this manifest, these pages of the books and the run's
    journal, which `write_journal` writes to a descriptor; and the descriptor by which this process
    owns it.

    Raises OSError when there is no room for them anywhere.
    """
    failed = OSError(f"there is no other place for {folder.name}")
    for root in _roots():
        other = root / folder.name
        lock = None
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(root):
                continue
            other.mkdir(mode=0o700)
            lock = run_lock.hold_run(other)
            write_manifest(other, manifest)
            descriptor = os.open(other / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                write_journal(descriptor)
            finally:
                os.close(descriptor)
            if books:
                with contextlib.suppress(OSError):  # a run can do without them
                    write_books(other, books)
        except OSError as error:
            failed = error
            if lock is not None:
                run_lock.release_run(other, lock)
            _drop(other)
            continue
        remember(root)
        return other, lock
    raise failed


def rescued(folder: Path) -> Path | None:
    """Where the run of this folder was saved instead; None when it was not."""
    places = (root / folder.name for root in _roots() if _is_ours(root))
    return next((place for place in places if place != folder and _holds_manifest(place)), None)


def _holds_manifest(folder: Path) -> bool:
    return os.path.isfile(folder / MANIFEST)  # noqa: PTH113  (False where that cannot be told)


def _roots() -> Iterator[Path]:
    """Folders for such runs, which need not exist."""
    with contextlib.suppress(OSError):
        yield state_home() / "rescued"
    for above in (Path(tempfile.gettempdir()), Path("/dev/shm")):
        yield above / f"loadtui-rescued-{os.getuid()}"


def _is_ours(root: Path) -> bool:
    """Whether a folder is one that this user made: others may write beside it."""
    try:
        seen = root.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid()


def _drop(folder: Path) -> None:
    for name in (MANIFEST, BOOKS, JOURNAL):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()  # unless others are in it
