"""Where a run is saved whose own folder cannot be written any more."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from loadtui.store.projects import remember, state_home
from loadtui.store.run_files import JOURNAL, MANIFEST


def rescue_run(folder: Path, manifest: bytes, write_journal: Callable[[int], None]) -> Path:
    """Another folder, of the same name, with this manifest and the run's journal, which
    `write_journal` writes to a descriptor.

    Raises OSError when there is no room for them anywhere.
    """
    failed = OSError(f"there is no other place for {folder.name}")
    for root in _roots():
        other = root / folder.name
        try:
            other.mkdir(mode=0o700, parents=True)
            (other / MANIFEST).write_bytes(manifest)
            descriptor = os.open(other / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                write_journal(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            failed = error
            _drop(other)
            continue
        remember(root)
        return other
    raise failed


def rescued(folder: Path) -> Path | None:
    """Where the run of this folder was saved instead; None when it was not."""
    places = (root / folder.name for root in _roots())
    return next((place for place in places if (place / MANIFEST).is_file()), None)


def _roots() -> Iterator[Path]:
    """Folders that only this user can write."""
    with contextlib.suppress(OSError):
        yield state_home() / "rescued"
    for above in (Path(tempfile.gettempdir()), Path("/dev/shm")):
        own = above / f"loadtui-rescued-{os.getuid()}"
        with contextlib.suppress(OSError):
            own.mkdir(mode=0o700, exist_ok=True)
            if not own.is_symlink() and own.stat().st_uid == os.getuid():
                yield own


def _drop(folder: Path) -> None:
    for name in (MANIFEST, JOURNAL):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
