"""How a run is asked for, noted so that the same run can be asked for again."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from loadtui.plan.model import Plan
from loadtui.store.manifest import Invocation
from loadtui.wire.run_settings import RunSettings


def invocation_of(plan: Plan, settings: RunSettings, project: Path, *, place: str) -> Invocation:
    """What a run of `plan` is asked for with in the folder `project`, which is `place` in its
    checkout (see `place_in_checkout`)."""
    files = [plan.source] if plan.source else [*plan.locustfiles]
    above = len(PurePath(place).parts)
    return Invocation(
        folder=place,
        targets=[_from(project, file, above) for file in files],
        user_classes=[] if plan.source else [*plan.user_classes],
        options=settings.options,
        arguments=settings.locust_args,
        edited=settings.edited,
    )


def _from(project: Path, file: str, above: int) -> str:
    """A file's path from the project's folder, as long as it is no more than so many folders above
    it, which keeps it in the checkout; else its absolute path."""
    path = PurePath(os.path.relpath(file, project.absolute()))
    return file if path.parts.count(os.pardir) > above else str(path)
