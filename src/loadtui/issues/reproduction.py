"""How to make a run again: commands for a shell, in the root of its checkout."""

from __future__ import annotations

import shlex
from pathlib import Path

from loadtui.store.manifest import Invocation, Manifest


def run_again(manifest: Manifest, project: Path) -> list[str]:
    """Commands, each a line; none for a run that nobody measured.

    `project` is where the runs are, for a manifest that does not say how the run was asked for.
    """
    if manifest.provenance.kind != "measured":
        return []
    known = manifest.invocation
    asked = known or _worked_out(manifest, project)
    commands = []
    if manifest.git is not None:
        commands.append(f"git checkout {manifest.git.commit}")
    if asked.folder:
        commands.append(shlex.join(["cd", _as_path(asked.folder)]))
    words = ["loadtui", "run"]
    for target in asked.targets:
        single = len(asked.targets) == 1 and target.endswith((".py", ".toml"))
        words += [_as_path(target)] if single else ["-f", target]
    words += asked.user_classes
    plan = manifest.plan
    if plan.host and not plan.hosts:
        words += ["-H", plan.host]
    if plan.time_scale != 1.0:
        words += ["--time-scale", f"{plan.time_scale!r}"]
    words += [*asked.options, "--no-ui"]
    words += ["--", *asked.arguments] if asked.arguments else []
    return [*commands, shlex.join(words)]


def _as_path(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path


def _worked_out(manifest: Manifest, project: Path) -> Invocation:
    """As well as the plan and the run itself tell it."""
    plan = manifest.plan
    files = [Path(file) for file in ([plan.source] if plan.source else plan.locustfiles)]
    root = project.absolute()
    targets = [str(f.relative_to(root) if f.is_relative_to(root) else f) for f in files]
    if plan.source:
        return Invocation(targets=targets)
    options = [word for tag in plan.tags for word in ("-T", tag)]
    options += [word for tag in plan.exclude_tags for word in ("-E", tag)]
    if len(manifest.stages) == 1 and isinstance(users := manifest.stages[0].users, int) and users:
        options += ["-u", str(users), "-r", f"{manifest.stages[0].spawn_rate:g}"]
        options += ["-t", str(max(1, round(manifest.duration_s)))]
    for threshold in plan.thresholds:
        place = f" @ {threshold.endpoint}" if threshold.endpoint else ""
        options += ["--check", threshold.check + place]
    return Invocation(targets=targets, user_classes=[*plan.user_classes], options=options)
