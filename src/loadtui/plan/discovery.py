"""The plans of a project: which of its files they are."""

from __future__ import annotations

from pathlib import Path

from loadtui.plain_file import read_plain
from loadtui.plan.toml import LARGEST_PLAN
from loadtui.toml_text import toml_table

PLACES = ("scenarios/**/*.toml", "*.toml")


def plan_files(project: Path) -> list[Path]:
    """Plan files of a project's folder: TOML under scenarios/, and TOML beside it that names a
    locustfile, as other TOML lies there too."""
    return [
        path
        for pattern in PLACES
        for path in sorted(project.glob(pattern))
        if path.parent != project or _names_a_locustfile(path)
    ]


def _names_a_locustfile(path: Path) -> bool:
    try:
        keys = toml_table(read_plain(path, LARGEST_PLAN, follow=True).decode())
    except (OSError, ValueError):
        return False
    return "locustfile" in keys or "locustfiles" in keys
