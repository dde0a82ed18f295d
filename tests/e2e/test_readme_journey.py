"""The commands of the README's journey, run in a project as a reader would have it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.demo.stack import FREE, DemoStack
from tests.support.command import command
from tests.support.documents import Block, blocks, commands
from tests.support.source_tree import ROOT

README = ROOT / "README.md"
SHORTER = {"30s": "6s"}
NEEDS_A_TERMINAL = ([], ["demo"])
"""The workbench, and the services that the test starts itself."""


def section() -> list[Block]:
    """The blocks between "Use" and the next heading."""
    lines = README.read_text(encoding="utf-8").splitlines()
    first = lines.index("## Use") + 1
    last = next(n for n, line in enumerate(lines) if n > first and line.startswith("## "))
    return [block for block in blocks(README) if first < block.line < last]


def journey(url: str) -> Iterator[list[str]]:
    """The arguments of each command, with the target's address and shorter runs."""
    for block in section():
        for words in commands(block.body) if block.language == "sh" else ():
            assert words[0] == ".venv/bin/loadtui"
            if words[1:2] in NEEDS_A_TERMINAL:
                continue
            args = [SHORTER.get(word, word) for word in words[1:]]
            args = [url if word == "http://127.0.0.1:8000" else word for word in args]
            if args[:2] == ["run", "scenarios/demo/gateway.toml"]:
                args += ["-H", url, "--time-scale", "0.05"]
            yield [*args, "--no-ui"] if args[0] == "run" and "--no-ui" not in args else args


@pytest.mark.thorough
@pytest.mark.alone
def test_every_command_of_the_journey_works(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.loadtui]\n", encoding="utf-8")
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    [locustfile] = [block for block in section() if block.language == "python"]
    (tmp_path / "locustfile.py").write_text(locustfile.body, encoding="utf-8")
    ran = 0
    with DemoStack(FREE, pin=True) as stack:
        for args in journey(stack.urls["gateway"]):
            done = command(tmp_path, *args)
            if done.code == 3:
                pytest.skip("this machine is too busy to measure")
            assert done.code == 0, f"{args}: {done.stdout}{done.stderr}"
            ran += 1
    assert ran >= 7
    for name in ("report.html", "regression.md", "junit.xml", "baselines/locustfile.json"):
        assert (tmp_path / name).is_file()
