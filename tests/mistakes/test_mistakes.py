"""Every mistake of the list is answered: the right exit code, one sentence that names what is wrong
and holds the way out, and nothing left behind."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.mistakes.mistaken_project import make_project

HERE = Path(__file__).parent
ENDS_WITHIN_S = 60.0
LONGEST = 900
LISTED: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "mistakes.toml").read_text())
MISTAKES = [mistake for kind in LISTED.values() for mistake in kind]
KEYS = {"give", "says", "way", "in", "code", "form"}


class Answer(NamedTuple):
    """What a command line came to."""

    code: int | None
    stdout: str
    stderr: str


Give = Callable[[str, str], Answer]
"""`give(line, folder)`."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mistakes") / "project"
    folder.mkdir()
    make_project(folder)
    return folder


@pytest.fixture(scope="module")
def prepared() -> Iterator[Callable[[list[str], Path], Answer]]:
    """Gives commands, each in a fork of one process that has imported all of them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mistakes.prepared_command"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE.parents[1],
        env={**os.environ, "COLUMNS": "80"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asking, answering = process.stdin, process.stdout

    def give(words: list[str], folder: Path) -> Answer:
        asked = {"folder": str(folder), "words": words, "seconds": ENDS_WITHIN_S}
        asking.write(json.dumps({**asked, "environment": {}}) + "\n")
        asking.flush()
        return Answer(**json.loads(answering.readline()))

    yield give
    asking.close()
    process.wait(ENDS_WITHIN_S)
    answering.close()


@pytest.fixture(scope="module")
def stands_for(
    project: Path, prepared: Callable[[list[str], Path], Answer]
) -> Iterator[Mapping[str, str]]:
    """RUN, CLOSED and SERVER."""
    drawn = prepared(["simulate", "shop.toml", "-q", "--time-scale", "0.1"], project)
    assert drawn.code == 0, drawn.stderr
    [run] = (project / ".loadtui" / "runs").iterdir()
    with socket.socket() as closed, socket.create_server(("127.0.0.1", 0)) as server:
        closed.bind(("127.0.0.1", 0))  # taken, and nobody listens
        ports = {"CLOSED": closed.getsockname()[1], "SERVER": server.getsockname()[1]}
        yield {"RUN": run.name, **{n: f"http://127.0.0.1:{port}" for n, port in ports.items()}}


@pytest.fixture
def give(
    project: Path, prepared: Callable[[list[str], Path], Answer], stands_for: Mapping[str, str]
) -> Give:
    def given(line: str, folder: str) -> Answer:
        words = [stands_for.get(word, word) for word in shlex.split(line)]
        return prepared(words, project / folder)

    return given


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["give"] or "alone")
def test_a_mistake_is_answered_with_a_way_out(
    mistake: dict[str, Any], give: Give, project: Path, stands_for: Mapping[str, str]
) -> None:
    before = left_in(project)
    answer = give(mistake["give"], mistake.get("in", "."))
    assert answer.code is not None, f"it had not ended after {ENDS_WITHIN_S:g} s"
    assert answer.code == mistake.get("code", 2), answer.stderr
    assert answer.stdout == ""
    *others, sentence = answer.stderr.splitlines()
    if mistake.get("form") == "help":
        assert others[0].startswith("Usage: ")
    else:
        assert others == []
    assert_says_what_is_wrong(sentence)
    for key in ("says", "way"):
        part = mistake[key]
        if part.endswith(" RUN"):
            part = part.replace(" RUN", f" {stands_for['RUN']}") if "newest" in part else part
        assert part in sentence
    assert left_in(project) == before


def assert_says_what_is_wrong(sentence: str) -> None:
    assert sentence.startswith("loadtui: error: ")
    assert not sentence.endswith(".")
    assert len(sentence) < LONGEST
    for word in ("Traceback", "internal error", "Errno", "NoneType", "object at 0x"):
        assert word not in sentence


def left_in(project: Path) -> set[Path]:
    """What is in the project, but for what imports leave behind."""
    return {path for path in project.rglob("*") if "__pycache__" not in path.parts}


def test_the_list_is_well_formed() -> None:
    for mistake in MISTAKES:
        assert {"give", "says", "way"} <= mistake.keys() <= KEYS
        assert mistake["says"], mistake
        assert mistake["way"], mistake
    twice = Counter((mistake["give"], mistake.get("in", ".")) for mistake in MISTAKES)
    assert [line for line, times in twice.items() if times > 1] == []
    assert len(MISTAKES) >= 200
