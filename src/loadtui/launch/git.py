"""The commit a run was made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from loadtui.store.manifest import Git

_PATIENCE_S = 2.0


def git_state(folder: Path) -> Git | None:
    """Commit and dirtiness of the checkout `folder` lies in; None outside of one or without git."""
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return Git(commit=commit, dirty=bool(changed))


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
