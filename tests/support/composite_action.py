"""Runs the shell steps of a composite action of GitHub's as its runner does, and no others."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


class CompositeAction:
    """An action in a folder, with what a job knows."""

    def __init__(self, folder: Path, github: dict[str, str]) -> None:
        self.definition = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
        self.github = github
        self.done: list[str] = []
        """Names of the steps that were run."""
        self.outputs: dict[str, dict[str, str]] = {}
        """Of each step with an id."""
        self.said = ""

    def run(self, inputs: dict[str, str], scratch: Path, project: Path, env: dict[str, str]) -> int:
        """Run the shell steps in a project; the exit code of the first that fails, else 0."""
        known = self.definition["inputs"]
        assert inputs.keys() <= known.keys()
        given = {name: self._filled(str(one.get("default", "")), {}) for name, one in known.items()}
        given |= inputs
        code = 0
        for step in self.definition["runs"]["steps"]:
            always = "always()" in step.get("if", "")
            if "run" not in step or (code and not always):
                continue
            if "if" in step and not self._holds(step["if"], given):
                continue
            folder = project / self._filled(step.get("working-directory", "."), given)
            own = {name: self._filled(value, given) for name, value in step["env"].items()}
            ended = self._shell(step, scratch, folder, {**env, **own})
            code = code or ended
        return code

    def _shell(self, step: dict[str, Any], scratch: Path, folder: Path, env: dict[str, str]) -> int:
        output = scratch / f"output {len(self.done)}"
        output.touch()
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**os.environ, **env, "GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(scratch)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.done.append(step["name"])
        self.said += done.stdout + done.stderr
        if "id" in step:
            lines = output.read_text(encoding="utf-8").splitlines()
            self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _filled(self, text: str, given: dict[str, str]) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1], given), text)

    def _value(self, name: str, given: dict[str, str]) -> str:
        kind, _, rest = name.partition(".")
        match kind, rest.split("."):
            case "inputs", [wanted]:
                return given[wanted]
            case "github", [wanted]:
                return self.github[wanted]
            case "steps", [step, "outputs", wanted]:
                return self.outputs.get(step, {}).get(wanted, "")
        raise AssertionError(f"unknown expression: {name}")

    def _holds(self, condition: str, given: dict[str, str]) -> bool:
        return all(self._part_holds(part.strip(), given) for part in condition.split("&&"))

    def _part_holds(self, part: str, given: dict[str, str]) -> bool:
        if part == "always()":
            return True
        if match := re.fullmatch(r"startsWith\((\S+), '(.*)'\)", part):
            return self._value(match[1], given).startswith(match[2])
        match = re.fullmatch(r"(\S+) (==|!=) '(.*)'", part)
        assert match is not None, f"unknown condition: {part}"
        return (self._value(match[1], given) == match[3]) == (match[2] == "==")
