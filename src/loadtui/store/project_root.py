"""The project that a file belongs to: where its runs and baselines are.

The one rule, told in docs/run.md.  Looking from the folder of the file upwards, and not beyond the
git repository it lies in:

1. the nearest folder with `[tool.loadtui]` in its pyproject.toml, or baselines in `baselines/`;
2. else the nearest with a pyproject.toml, `.git`, `.loadtui/runs` or `baselines`, or whose folder
   `scenarios` the file lies in; runs that were once made in `scenarios` itself do not count.

Folders that everything lies in - the home folder, that for temporary files, the root - have such
things by accident: there only `[tool.loadtui]` and `scenarios` count, unless the file lies in the
folder itself.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from loadtui.plan.model import Plan
from loadtui.settings import PROJECT_FILE, has_settings
from loadtui.store.run_folder import BASELINES, HOME, runs_root

_SCENARIOS = "scenarios"
_RUNS = f"{HOME}/runs"
_SUFFIX = ".json"


def project_root(place: Path) -> Path | None:
    """The project that a folder, or a file in it, belongs to; None when it belongs to none.

    Raises UsageError for a pyproject.toml on the way that cannot be read.
    """
    place = Path(os.path.abspath(place))  # noqa: PTH100  (keeps symlinks)
    start = place if place.is_dir() else place.parent
    folders = list(_upwards(start))
    return _nearest(folders, start, _is_loadtuis) or _nearest(folders, start, _is_a_project)


def project_here() -> Path:
    """The project that the current folder belongs to, else the current folder."""
    here = Path.cwd()
    return project_root(here) or here


def project_of_plan(plan: Plan) -> Path:
    """The project of a plan's file, wherever the command is given.

    A plan outside of every project belongs to the current folder's when it lies in the current
    folder, else to its own folder; a locustfile without a plan, outside of every project, and a
    plan without files belong to the current folder's.
    """
    file = plan_file(plan)
    if file is None:
        return project_here()
    found = project_root(file)
    if found is not None:
        return found
    if plan.source is None or file.is_relative_to(Path.cwd()):
        return project_here()
    return file.parent


def project_of_run(folder: Path) -> Path:
    """The project whose run lies in this folder: the current one, or another on this machine."""
    root, here = folder.absolute().parent, project_here()
    if root.resolve() == runs_root(here).resolve():
        return here
    if root.parts[-2:] == (HOME, "runs"):
        return root.parents[1]
    return project_root(root) or here


def plan_file(plan: Plan) -> Path | None:
    """The file that says what a plan is: its own, else its first locustfile."""
    named = plan.source or next(iter(plan.locustfiles), None)
    return None if named is None else Path(named)


def relative_plan_file(plan: Plan) -> str:
    """Where the plan's file lies in its project; empty when it is not there any more."""
    file = plan_file(plan)
    if file is None or not _exists(file):
        return ""
    project = project_of_plan(plan)
    return file.relative_to(project).as_posix() if file.is_relative_to(project) else ""


def _upwards(start: Path) -> Iterator[Path]:
    """The folder and those above it, the last of them that of its git repository."""
    for folder in (start, *start.parents):
        yield folder
        if _exists(folder / ".git"):
            return


def _nearest(
    folders: list[Path], start: Path, is_sign: Callable[[Path, Path, bool], bool]
) -> Path | None:
    shared = _shared_folders() - {start}
    return next((one for one in folders if is_sign(one, start, one in shared)), None)


def _is_loadtuis(folder: Path, start: Path, shared: bool) -> bool:
    return has_settings(folder) or (not shared and _holds_baselines(folder / BASELINES))


def _is_a_project(folder: Path, start: Path, shared: bool) -> bool:
    if start.is_relative_to(folder / _SCENARIOS):
        return True
    signs = [PROJECT_FILE, ".git", BASELINES]
    if folder.name != _SCENARIOS:
        signs.append(_RUNS)
    return not shared and any(_exists(folder / sign) for sign in signs)


def _holds_baselines(folder: Path) -> bool:
    try:
        return any(entry.name.endswith(_SUFFIX) for entry in folder.iterdir())
    except OSError:
        return False


def _shared_folders() -> set[Path]:
    shared = {Path(tempfile.gettempdir()), Path("/")}
    with contextlib.suppress(RuntimeError):  # there may be no home
        shared.add(Path.home())
    return shared


def _exists(path: Path) -> bool:
    """False too for what may not be looked at."""
    return os.path.exists(path)  # noqa: PTH110
