"""What documents show works: commands, plans, locustfiles, links."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest

from loadtui.cli.group import loadtui as group
from loadtui.plan.toml import load_plan
from loadtui.settings import read_settings
from loadtui.simulate.profile import load_profile
from tests.support.command import command
from tests.support.documents import Block, anchors, blocks, commands, links
from tests.support.source_tree import ROOT

DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")])
BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]
REASON = re.compile(r"not run: \w.*|test-command")
"""What a comment before a block of commands may say."""
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INSTALLERS = {"pip", "pipx", "uv", "uvx", "apt-get"}
DEVELOPMENT = {"python", "python3", "pytest", "ruff", "mypy", "lint-imports"}
HARMLESS = {"cd", "export", "rm", "curl", "alias", "kill", ".", "jq", "locust", "for", "do", "done"}
EXAMPLE_STAGE = '[[stage]]\nname = "L2"\nusers = 2\nspawn_rate = 1\nduration = "30s"\n'


def of(language: str) -> Any:
    """The blocks in a language, as parameters of a test."""
    found = [block for block in BLOCKS if block.language == language]
    assert found
    return pytest.mark.parametrize("block", found, ids=str)


def parse_own(words: list[str]) -> None:
    """Parse the arguments of `loadtui` as it would, without doing anything."""
    parsed = group.make_context("loadtui", list(words), resilient_parsing=False)
    rest = [*parsed._protected_args, *parsed.args]
    command: click.Command | None = group
    while isinstance(command, click.Group) and rest:
        _, command, rest = command.resolve_command(parsed, rest)
        assert command is not None
        parsed = command.make_context(command.name, list(rest), parent=parsed)
        rest = [*parsed._protected_args, *parsed.args]


def complaint(words: list[str]) -> str | None:
    """Why a command of a document cannot work; None when it can, as far as its words say."""
    name = words[0].removeprefix(".venv/bin/")
    if name == "loadtui":
        try:
            parse_own(words[1:])
        except (click.ClickException, Exception) as error:
            return f"{' '.join(words)}: {error}"
        return None
    if name in INSTALLERS:
        extras = re.findall(r"(?:\.|loadtui)\[([\w,]+)\]", " ".join(words))
        known = PYPROJECT["project"]["optional-dependencies"]
        unknown = {extra for group in extras for extra in group.split(",")} - known.keys()
        return f"unknown extra {sorted(unknown)}" if unknown else None
    if name in DEVELOPMENT:
        modules = [b for a, b in pairwise(words) if a == "-m" and "." in b]
        paths = [f"{module.replace('.', '/')}" for module in modules if module[0] == "t"]
        paths += [word for word in words[1:] if "/" in word and " " not in word]
        missing = [p for p in paths if not ((ROOT / p).exists() or (ROOT / f"{p}.py").exists())]
        return f"{' '.join(words)}: no such {missing}" if missing else None
    return None if name in HARMLESS else f"{name}: say `<!-- not run: WHY -->` before the block"


@of("sh")
def test_commands_can_be_given_as_they_are_written(block: Block, monkeypatch: Any) -> None:
    monkeypatch.chdir(ROOT)
    if block.remark:
        assert REASON.fullmatch(block.remark), block.remark
        return
    found = [said for words in commands(block.body) if (said := complaint(words)) is not None]
    assert found == []


def plan_text(block: Block) -> str:
    """The plan of a block; a part of one gets what it lacks."""
    document = tomllib.loads(block.body)
    lacking = "" if "locustfile" in document else 'locustfile = "gateway.py"\n'
    stages = "" if "stage" in document else EXAMPLE_STAGE
    return f"{lacking}{block.body}\n{stages}"


def lay_out(document: Path, folder: Path) -> None:
    """Scenarios, and the locustfiles of a document under the names that its plans have for them."""
    shutil.copy(ROOT / "scenarios" / "gateway.py", folder)
    files = [block for block in blocks(document) if block.language == "python"]
    plans = [tomllib.loads(b.body) for b in blocks(document) if b.language == "toml"]
    names = dict.fromkeys(plan["locustfile"] for plan in plans if "locustfile" in plan)
    for name, file in zip((n for n in names if n != "gateway.py"), files, strict=False):
        (folder / name).write_text(file.body, encoding="utf-8")


@of("toml")
def test_toml_is_a_plan_a_profile_or_settings(block: Block, tmp_path: Path) -> None:
    document = tomllib.loads(block.body)
    if "tool" in document:
        (tmp_path / "pyproject.toml").write_text(block.body, encoding="utf-8")
        read_settings(tmp_path)
        return
    file = tmp_path / "example.toml"
    if "endpoints" in document:
        file.write_text(block.body, encoding="utf-8")
        load_profile(file)
        return
    lay_out(block.document, tmp_path)
    file.write_text(plan_text(block), encoding="utf-8")
    assert load_plan(file).stages


@of("python")
def test_python_compiles(block: Block) -> None:
    compile(block.body, str(block), "exec")


@of("json")
def test_json_is_json(block: Block) -> None:
    json.loads(block.body)


@pytest.mark.thorough
@of("python")
def test_a_locustfile_passes_check(block: Block, tmp_path: Path) -> None:
    assert re.search(r"^class \w+\(.*User\):$", block.body, re.MULTILINE), "no locustfile"
    (tmp_path / "locustfile.py").write_text(block.body, encoding="utf-8")
    done = command(tmp_path, "check", "locustfile.py", "-H", "http://127.0.0.1:8000")
    assert done.code == 0, done.stderr


@pytest.mark.thorough
@of("toml")
def test_a_plan_passes_check(block: Block, tmp_path: Path) -> None:
    document = tomllib.loads(block.body)
    if "tool" in document or "endpoints" in document:
        return
    lay_out(block.document, tmp_path)
    (tmp_path / "example.toml").write_text(plan_text(block), encoding="utf-8")
    done = command(tmp_path, "check", "example.toml")
    assert done.code == 0, done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in links(document):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        found = target.exists()
        if found and anchor and target.suffix == ".md":
            found = anchor in anchors(target)
        if not found:
            broken.append(link)
    assert broken == []


def test_the_readme_lists_every_document() -> None:
    listed = {link.partition("#")[0] for link in links(ROOT / "README.md")}
    there = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert there - listed - {"docs/index.md"} == set(), "the first page of the site may be left out"


def test_the_site_has_every_document() -> None:
    site = (ROOT / ".mkdocs.yml").read_text(encoding="utf-8")
    there = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert set(re.findall(r"[\w-]+\.md", site.partition("nav:\n  - Home")[2])) == there


def test_commands_of_a_script() -> None:
    script = "A=1 loadtui run x \\\n  --no-ui > out.txt  # remark\ncd y && ls | head -1 &\n"
    assert list(commands(script)) == [
        ["loadtui", "run", "x", "--no-ui"],
        ["cd", "y"],
        ["ls"],
        ["head", "-1"],
    ]


@pytest.mark.parametrize(
    ("words", "fine"),
    [
        ("loadtui run scenarios/gateway.toml --no-ui", True),
        (".venv/bin/loadtui runs prune --keep 20", True),
        ("loadtui run scenarios/gateway.toml --no-gui", False),
        ("loadtui runs purge", False),
        ("pip install loadtui[demo]", True),
        ("pip install .[doc]", False),
        ("pytest tests/test_documents.py", True),
        ("python tests/benchmarks/none.py", False),
        ("shutdown now", False),
    ],
)
def test_what_counts_as_a_command_that_works(words: str, fine: bool) -> None:
    assert (complaint(words.split()) is None) is fine


def test_anchors_are_those_of_github(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Locust's `web` API, 2.x\n\n```sh\n# no heading\n```\n")
    assert anchors(page) == {"locusts-web-api-2x"}
