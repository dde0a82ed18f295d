"""The folders of runs on this machine, so that runs are found across projects."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from loadtui.plain_file import read_plain
from loadtui.store.run_files import write_bytes

_LONGEST_PATH = 1 << 16


def state_home() -> Path:
    """Where loadtui stores what is known of this machine: `loadtui` under XDG_STATE_HOME or
    ~/.local/state; for a user without a home a folder under that of temporary files.

    Raises OSError when the latter is a link or another user's.
    """
    configured = os.environ.get("XDG_STATE_HOME")
    if configured:
        return Path(configured) / "loadtui"
    try:
        return Path.home() / ".local" / "state" / "loadtui"
    except RuntimeError:  # neither HOME nor an entry in the list of users
        own = Path(tempfile.gettempdir()) / f"loadtui-{os.getuid()}"
        own.mkdir(mode=0o700, exist_ok=True)
        if own.is_symlink() or own.stat().st_uid != os.getuid():
            raise PermissionError(f"{own} is a link, or belongs to another user") from None
        return own


def remember(root: Path) -> None:
    """Remember a folder of runs; without a writable home they are seen in their project only."""
    path = str(root.absolute())
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    with contextlib.suppress(OSError):
        projects = state_home() / "projects"
        projects.mkdir(parents=True, exist_ok=True, mode=0o700)
        pointer = projects / name
        if not pointer.exists():
            write_bytes(pointer, os.fsencode(path))


def known_roots() -> list[Path]:
    """Folders of runs that were remembered and are still there, in the order of their paths."""
    roots = []
    with contextlib.suppress(OSError):
        for pointer in (state_home() / "projects").iterdir():
            with contextlib.suppress(OSError, ValueError):
                root = Path(os.fsdecode(read_plain(pointer, _LONGEST_PATH)))
                if root.is_dir():
                    roots.append(root)
    return sorted(set(roots))
