"""The house: what lies where, who may import whom, and what committed text may not hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tools import need_tool

ROOT = Path(__file__).resolve().parents[1]
TOP = {
    ".ci",
    ".github",
    ".gitignore",
    ".mkdocs.yml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.ko.md",
    "README.md",
    "SECURITY.md",
    "baselines",
    "deploy",
    "docs",
    "pyproject.toml",
    "scenarios",
    "src",
    "tests",
}
ROOMS = {
    "cli",
    "demo",
    "doctor",
    "engine",
    "github",
    "importing",
    "issues",
    "launch",
    "machine",
    "new_project",
    "plan",
    "report",
    "samples",
    "simulate",
    "store",
    "tui",
    "users",
    "verdict",
    "web_api",
    "wire",
}
MAX_LINES = 400
BINARY = {".parquet", ".png", ".svg", ".gif"}

# A home or scratch folder of some machine; folders that every machine has are fine.
MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(?:home|Users|root|work|mnt|workspace)/[\w.-]+")
# Which registry packages come from is the reader's business.
REGISTRY = re.compile(r"(?:pypi\.org|pythonhosted\.org|--index-url|--extra-index-url)")

# A document, as all-capital names of a repository are; and a way out of the folder of a file.
DOCUMENT = re.compile(r"\b[A-Z]{3,}\.md\b")
UPWARDS = re.compile(r"__file__.*\.parents\[(\d+)\]")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Files that are, or are about to be, committed; relative to the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        [need_tool("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [Path(name) for name in listed.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def test_the_top_folder_holds_nothing_else(files: list[Path]) -> None:
    assert {name.parts[0] for name in files} - TOP == set()


def test_the_package_has_the_rooms_of_the_plan(files: list[Path]) -> None:
    inside = [name.parts[2:] for name in files if name.parts[:2] == ("src", "loadtui")]
    assert {parts[0] for parts in inside if len(parts) > 1} == ROOMS


def test_every_file_is_small_enough_to_read(files: list[Path]) -> None:
    lengths = {
        str(name): len((ROOT / name).read_text().splitlines())
        for name in files
        if name.parts[0] == "src" and name.suffix == ".py"
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_text_names_a_machine_or_a_registry(files: list[Path]) -> None:
    found = []
    for name in files:
        if name.suffix in BINARY or name == Path(__file__).relative_to(ROOT):
            continue
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            if MACHINE_PATH.search(line) or REGISTRY.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("cd /home/someone/loadtui", True),
        ('open("/Users/someone/file")', True),
        ("pip install --index-url X", True),
        ("/usr/sbin/nginx and /proc/self/stat", False),
        ("POST /v1/mnt/items and docs/home/index", False),
        ("~/mnt/file, ${HOME}/mnt/x, ./mnt/x", False),
    ],
)
def test_what_counts_as_a_machine_path(line: str, bad: bool) -> None:
    assert bool(MACHINE_PATH.search(line) or REGISTRY.search(line)) is bad


def test_nothing_refers_to_a_file_outside(files: list[Path]) -> None:
    """A clone has all that its tests and documents speak of."""
    here = {name.name for name in files}
    found = []
    for name in files:
        if name.suffix in BINARY:
            continue
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            unknown = set(DOCUMENT.findall(line)) - here
            climbs = any(int(up) >= len(name.parts) for up in UPWARDS.findall(line))
            if unknown or (name.suffix == ".py" and climbs):
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []


def test_import_contracts_hold() -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_readme_has_the_command_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text()
    block = re.search(r"<!-- test-command -->\n```sh\n(.+?)\n```", readme, re.DOTALL)
    assert block is not None
    assert "pytest" in block[1]
    assert ".[dev]" in block[1]
    assert "test-command" in (ROOT / ".ci" / "run").read_text()
