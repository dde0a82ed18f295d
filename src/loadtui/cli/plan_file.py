"""Commands that take a single plan file."""

from __future__ import annotations

from pathlib import Path

from loadtui.errors import UsageError
from loadtui.plan.model import Plan


def plan_from(path: Path, command: str) -> Plan:
    """Read the plan that a command was given; UsageError for a bad one, and for a locustfile."""
    from loadtui.plan.toml import load_plan

    if path.suffix == ".py":
        raise UsageError(f"{path} is a locustfile; `loadtui {command}` needs a plan (.toml) for it")
    return load_plan(path)
