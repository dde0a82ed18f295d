"""The commands that make a run again: one that says how it was asked for, and an older one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loadtui.issues.reproduction import run_again
from loadtui.plan.model import Plan, Threshold
from loadtui.store.manifest import (
    RUN_FORMAT,
    Git,
    Invocation,
    Manifest,
    Provenance,
    StageSpan,
)

PROJECT = Path("/work of/shop")
LOCUSTFILE = "/work of/shop/load/a.py"


def manifest(plan: dict[str, Any], **fields: Any) -> Manifest:
    given: dict[str, Any] = {"provenance": Provenance("measured"), **fields}
    made = Plan(**{"name": "shop", "locustfiles": (LOCUSTFILE,), **plan})
    return Manifest(RUN_FORMAT, "r", "finished", plan=made, fingerprint="", started="", **given)


def test_as_it_was_asked_for() -> None:
    asked = Invocation(
        "services/my api", ["load/it's.py", "more"], ["Quick"], ["-u", "5"], ["--x", "$HOME"]
    )
    git = Git("c0ffee", dirty=True)
    made = manifest({"host": "http://h:1", "time_scale": 1 / 3}, invocation=asked, git=git)
    assert run_again(made, PROJECT) == [
        "git checkout c0ffee",
        "cd 'services/my api'",
        "loadtui run -f 'load/it'\"'\"'s.py' -f more Quick -H http://h:1 "
        "--time-scale 0.3333333333333333 -u 5 --no-ui -- --x '$HOME'",
    ]


def test_hosts_that_differ_are_the_plans_own() -> None:
    made = manifest(
        {"hosts": {"A": "http://a", "B": "http://b"}}, invocation=Invocation("", ["p.toml"])
    )
    assert run_again(made, PROJECT) == ["loadtui run p.toml --no-ui"]


def test_a_file_with_a_dash_is_no_option() -> None:
    made = manifest({}, invocation=Invocation("-x", ["-p.toml"]))
    assert run_again(made, PROJECT) == ["cd ./-x", "loadtui run ./-p.toml --no-ui"]


def test_older_runs_tell_what_they_can() -> None:
    stage = StageSpan("run", 0, 60, 5, 2.5, 0, 60)
    plan = {
        "user_classes": ("Quick",),
        "tags": ("read",),
        "thresholds": (Threshold("p95 < 2s", endpoint="GET *"),),
    }
    made = manifest(plan, stages=[stage], duration_s=60.2)
    assert run_again(made, PROJECT) == [
        "loadtui run load/a.py Quick -T read -u 5 -r 2.5 -t 60 --check 'p95 < 2s @ GET *' --no-ui"
    ]
    made = manifest({"source": "/elsewhere/p.toml"})
    assert run_again(made, PROJECT) == ["loadtui run /elsewhere/p.toml --no-ui"]


@pytest.mark.parametrize("kind", ["simulated", "imported"])
def test_what_nobody_measured_is_not_run(kind: Any) -> None:
    assert run_again(manifest({}, provenance=Provenance(kind)), PROJECT) == []
