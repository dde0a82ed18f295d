"""The commit a run was made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from loadtui.store.manifest import Git

_PATIENCE_S = 2.0
_STATUS = ("status", "--porcelain=v2", "--branch", "--no-ahead-behind", "--untracked-files=no")
_COMMIT, _NONE_YET = "# branch.oid ", "(initial)"


def git_state(folder: Path) -> Git | None:
    """Commit and dirtiness of the checkout `folder` lies in; None outside of one or without git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *_STATUS],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    headers = [line for line in done.stdout.splitlines() if line.startswith("#")]
    commit = next((line.split()[2] for line in headers if line.startswith(_COMMIT)), _NONE_YET)
    if done.returncode != 0 or commit == _NONE_YET:
        return None
    return Git(commit=commit, dirty=len(done.stdout.splitlines()) > len(headers))
