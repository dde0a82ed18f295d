"""Workflows are YAML, with the commands that there are."""

from __future__ import annotations

import shlex

import pytest
import yaml

from loadtui.cli.run import command
from loadtui.new_project.workflow_text import workflow_text


@pytest.mark.parametrize("plan", ["shop.toml", "my shop: #1.toml"])
@pytest.mark.parametrize("folder", ["", 'a/b "c"'])
def test_a_workflow(plan: str, folder: str) -> None:
    document = yaml.safe_load(workflow_text(plan, folder, ["API_TOKEN"]))
    job = document["jobs"]["load-test"]
    assert job["env"] == {"API_TOKEN": "${{ secrets.API_TOKEN }}"}
    if folder:
        assert job["defaults"]["run"]["working-directory"] == folder
    [line] = [step["run"] for step in job["steps"] if "loadtui run" in step.get("run", "")]
    words = shlex.split(line)
    assert words[:3] == ["loadtui", "run", plan]
    options = {name for one in command.params for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= options
