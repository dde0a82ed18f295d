"""A case: a locustfile, or a folder with one, and what its header says about running it."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

LOCUSTFILES = Path(__file__).parent / "locustfiles"
ENDING = "ending.py"
"""The one file that is no case: a module that is put beside each of them."""
HEADER = re.compile(r"^# /// conformance\n((?:#.*\n)*?)# ///$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """The keys of the header, a TOML document in comments (as in PEP 723); all have a default."""

    name: str
    path: Path
    behaviour: str
    """The docstring of the locustfile."""
    options: list[str] = field(default_factory=list)
    """Options that both programs have: `-u`, `-r`, `-t`, `-s` and the like."""
    tags: list[str] = field(default_factory=list)
    exclude_tags: list[str] = field(default_factory=list)
    """Tags, of which Locust takes several after one option and `loadtui run` one after each."""
    own: list[str] = field(default_factory=list)
    """The locustfile's own arguments, after `--` where that is needed."""
    env: dict[str, str] = field(default_factory=dict)
    """Variables; `SERVER`, the URL of the test's server, and `FREE_PORT` are there in any case."""
    files: list[str] | None = None
    """What follows each `-f`; default: the case itself.  None at all: [], as with a locust.conf."""
    classes: list[str] = field(default_factory=list)
    """Names of user classes on the command line."""
    host: bool = True
    """Whether `-H` is given."""
    runs: bool = True
    """Whether there is a run at all; False: the file gives up before, as it does under Locust."""
    requests: Literal["exact", "shares", "names", "none"] = "exact"
    """Which figures have to be equal: all of them; the endpoints' shares of the requests, within
    `within`; only which endpoints there are, with and without failures; or none, where Locust ends
    before it writes any."""
    within: float = 0.0
    server: Literal["exact", "lines", "paths", "none"] = "exact"
    """What the server has to see alike: each request with all its bytes and how often; method and
    path of each, and how often; which methods and paths there are at all; or nothing."""
    says: Literal["exact", "lines", "none"] = "exact"
    """Whether printed lines are compared with how often they came, or only which there are."""
    exceptions: Literal["same", "more"] = "same"
    """What user code raised; more: loadtui may tell of some that Locust only logs."""
    exit: Literal["same", "fails", "any"] = "same"
    """The exit code: the same; or not 0 in both; or whatever."""
    ignored_files: list[str] = field(default_factory=list)
    """Written files that may differ, as globs."""
    always: bool = False
    """Whether it runs with every test run, and not only with the mark `thorough`."""
    differs: str = ""
    """What may differ legitimately, and why, for whoever reads the header."""


def all_cases() -> list[Case]:
    """Every case, by name."""
    paths = [p for p in LOCUSTFILES.iterdir() if p.name != ENDING and p.name[0] not in "._"]
    return [read_case(path) for path in sorted(paths)]


def read_case(path: Path) -> Case:
    """ValueError when there is no header or more than one, or a key that is not known."""
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    headers = [(f, m) for f in files if (m := HEADER.search(f.read_text(encoding="utf-8")))]
    if len(headers) != 1:
        raise ValueError(f"{path}: {len(headers)} headers, expected 1")
    [(file, match)] = headers
    text = "\n".join(line.removeprefix("#").strip() for line in match[1].splitlines())
    behaviour = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    try:
        return Case(path.stem, path, behaviour, **tomllib.loads(text))
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file}: {error}") from error
