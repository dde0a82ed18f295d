"""What commands that read saved runs share: where they are, and how wide to write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run

PIPED_WIDTH = 100


def find_run(ref: str) -> Run:
    """The run that a person means by an id, the beginning of one, `latest` or a path."""
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import runs_root
    from loadtui.store.run_list import find

    return find(runs_root(project_here()), ref)


def project_of(run: Run) -> Path:
    """The project whose run it is."""
    from loadtui.store.project_root import project_of_run

    return project_of_run(run.folder)


def baselines_folder(run: Run | None = None) -> Path:
    """Where the baselines are of the current project, or of that of a run."""
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import baselines_root

    return baselines_root(project_here() if run is None else project_of(run))


def find_base(ref: str, run: Run) -> Path | Run:
    """The base that a person means for a run: the path of a baseline's file, the name of a baseline
    of the run's project or of the current one, else a run.  UsageError names both places when there
    is neither."""
    from loadtui.store.baseline_file import SUFFIX, baseline_path

    root = baselines_folder(run)
    if ref.endswith(SUFFIX) and Path(ref).is_file():
        return Path(ref)
    if "/" not in ref and ref.strip() and not ref.startswith("."):
        for folder in dict.fromkeys((root, baselines_folder())):
            path = baseline_path(folder, ref.removesuffix(SUFFIX))
            if path.is_file():
                return path
    try:
        return find_run(ref)
    except UsageError as error:
        raise UsageError(f"no baseline {ref!r} in {root}, and {error}") from None


def text_width() -> int:
    return max(shutil.get_terminal_size((PIPED_WIDTH, 24)).columns, 80)
