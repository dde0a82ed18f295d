"""A plan for locustfiles that are run without a plan file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from loadtui.plan.model import Plan


def plan_for_locustfiles(paths: Sequence[str | Path], user_classes: Sequence[str] = ()) -> Plan:
    """A plan named after the first file (or folder), without stages of its own: the file's load
    shape, flags or Locust's options decide about the load.  Whether the files exist is found out
    when they are loaded."""
    absolute = tuple(os.path.abspath(path) for path in paths)  # noqa: PTH100  (keeps symlinks)
    return Plan(
        name=Path(absolute[0]).stem or "locustfile",
        locustfiles=absolute,
        user_classes=tuple(user_classes),
    )
