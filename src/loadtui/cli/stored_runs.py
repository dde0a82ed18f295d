"""What commands that read saved runs share: where they are, and how wide to write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run
    from loadtui.verdict.sides import SideRuns

PIPED_WIDTH = 100


def find_run(ref: str) -> Run:
    """The run that a person means by an id, the beginning of one, `latest` or a path."""
    from loadtui.store.run_folder import runs_root
    from loadtui.store.run_list import find

    return find(runs_root(Path.cwd()), ref)


def baselines_folder() -> Path:
    from loadtui.store.run_folder import baselines_root

    return baselines_root(Path.cwd())


def find_base(ref: str) -> Path | Run:
    """The base that a person means: the path of a baseline's file, the name of a baseline, else a
    run.  UsageError names both places when there is neither."""
    from loadtui.store.baseline_file import SUFFIX, baseline_path

    root = baselines_folder()
    if ref.endswith(SUFFIX) and Path(ref).is_file():
        return Path(ref)
    if "/" not in ref and ref.strip() and not ref.startswith("."):
        path = baseline_path(root, ref.removesuffix(SUFFIX))
        if path.is_file():
            return path
    try:
        return find_run(ref)
    except UsageError as error:
        raise UsageError(f"no baseline {ref!r} in {root}, and {error}") from None


def side_of(base: Path | Run) -> SideRuns:
    """A base to compare with; UsageError when it cannot be used."""
    from loadtui.verdict.sides import read_side, side_of_runs

    return read_side(base) if isinstance(base, Path) else side_of_runs([base])


def text_width() -> int:
    return max(shutil.get_terminal_size((PIPED_WIDTH, 24)).columns, 80)
