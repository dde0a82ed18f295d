"""A workflow for GitHub Actions that runs a plan and saves its reports."""

from __future__ import annotations

import json
import shlex

FILE = ".github/workflows/load-test.yml"


def workflow_text(plan_file: str, folder: str, variables: list[str]) -> str:
    """The workflow; `folder` is where the plan lies in the repository, empty for its top.

    `variables` are read from the secrets of the repository.
    """
    plan = shlex.quote(plan_file)
    command = f"loadtui run {plan} --no-ui --github --junit junit.xml --html report.html"
    lines = [
        "# Made by `loadtui init`, yours to change.",
        "# The service has to be up before the run: start it in a step of its own, or let the",
        "# host in the plan be one that is there for tests. With a baseline in baselines/ the run",
        "# is compared with it, and the job fails when something got worse than the plan allows.",
        "name: load test",
        "on: [workflow_dispatch]",
        "permissions:",
        "  contents: read",
        "jobs:",
        "  load-test:",
        "    runs-on: ubuntu-latest",
        "    timeout-minutes: 30",
    ]
    if folder:
        lines += ["    defaults:", "      run:", f"        working-directory: {json.dumps(folder)}"]
    if variables:
        lines.append("    env:")
        lines += [f"      {name}: ${{{{ secrets.{name} }}}}" for name in variables]
    at = f"{folder}/" if folder else ""
    lines += [
        "    steps:",
        "      - uses: actions/checkout@v4",
        "      - uses: actions/setup-python@v5",
        "        with:",
        '          python-version: "3.12"',
        "      - run: pip install loadtui",
        f"      - run: {json.dumps(command)}" if plan != plan_file else f"      - run: {command}",
        "      - uses: actions/upload-artifact@v4",
        "        if: always()",
        "        with:",
        "          name: load-test",
        "          path: |",
        f"            {at}junit.xml",
        f"            {at}report.html",
    ]
    return "\n".join(lines) + "\n"
