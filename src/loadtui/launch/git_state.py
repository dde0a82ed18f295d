"""The commit a run was made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from loadtui.store.manifest import Git

_TIMEOUT_S = 2.0
_STATUS = ("status", "--porcelain=v2", "--branch", "--no-ahead-behind", "--untracked-files=no")
_COMMIT, _NONE_YET = "# branch.oid ", "(initial)"


def git_state(folder: Path) -> Git | None:
    """Commit and dirtiness of the checkout `folder` lies in; None outside of one or without git."""
    status = _git(folder, *_STATUS)
    if status is None:
        return None
    headers = [line for line in status.splitlines() if line.startswith("#")]
    commit = next((line.split()[2] for line in headers if line.startswith(_COMMIT)), _NONE_YET)
    if commit == _NONE_YET:
        return None
    return Git(commit=commit, dirty=len(status.splitlines()) > len(headers))


def place_in_checkout(folder: Path) -> str:
    """`folder` from the root of its checkout, such as `services/api`; empty for the root, and where
    there is no checkout."""
    return (_git(folder, "rev-parse", "--show-prefix") or "").removesuffix("\n").rstrip("/")


def same_checkout(folder: Path, other: Path) -> bool:
    """Whether both folders lie in one checkout."""
    roots = [_git(each, "rev-parse", "--show-toplevel") for each in (folder, other)]
    return roots[0] is not None and roots[0] == roots[1]


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None when it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout if done.returncode == 0 else None
