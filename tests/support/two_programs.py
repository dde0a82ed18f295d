"""A command line under `locust` and `loadtui locust`, and what came of it without numbers."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.locust_command_lines import FILES, CommandLine

TIMEOUT_S = 120.0
LOCUST = [sys.executable, "-P", "-m", "locust"]
OURS = [sys.executable, "-P", "-m", "loadtui", "locust"]
_LOG = re.compile(r"\[\d{4}-\d\d-\d\d [\d:,]+\] \S+/([A-Z]+)/\S+: ")
_REQUESTS = re.compile(r"Type +Name +# reqs")
_NUMBER = re.compile(r"\d+(\.\d+)?")


class Ended:
    """What one of the programs left behind."""

    def __init__(self, folder: Path, code: int, out: str, err: str) -> None:
        self.folder, self.code, self.out, self.err = folder, code, out, err

    def summary(self) -> list[str]:
        """Tables at the end: from the last table of requests on."""
        lines = self._said()
        starts = [at for at, line in enumerate(lines) if _REQUESTS.match(line)]
        return _without_numbers(lines[starts[-1] :]) if starts else []

    def tables(self) -> bool:
        """Whether there were tables before the end."""
        return sum(_REQUESTS.match(line) is not None for line in self._said()) > 1

    def logged(self) -> bool:
        """Whether there is a log on stderr."""
        return any(_LOG.match(line) for line in self.err.splitlines())

    def printed(self) -> object:
        """Standard output; of Locust's JSON the endpoints and the keys."""
        try:
            document = json.loads(self.out)
        except ValueError:
            return _without_numbers(self.out.splitlines())
        return _shape(document)

    def files(self) -> dict[str, object]:
        """Path of each file that was written -> what it is like."""
        return {
            str(path.relative_to(self.folder)): _content(path)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and not {".loadtui", "__pycache__"} & set(path.parts)
            and path.suffix != ".pyc"
        }

    def _said(self) -> list[str]:
        return [
            line
            for line in self.err.splitlines()
            if not line.startswith("loadtui: ") and not _LOG.match(line)
        ]


def run_under(program: list[str], folder: Path, line: CommandLine, host: str) -> Ended:
    """Give the command line in a folder of its own."""
    for name, text in {**FILES, **line.files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    environment = {name: value.replace("HOST", host) for name, value in line.environment.items()}
    words = shlex.split(line.words.replace("HOST", host))
    with (
        (folder.parent / f"{folder.name}.out").open("w+") as out,
        (folder.parent / f"{folder.name}.err").open("w+") as err,
    ):
        ended = subprocess.run(
            [*program, *words],
            cwd=folder,
            env={**os.environ, "HOME": str(folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=TIMEOUT_S,
            check=False,
        )
        out.seek(0)
        err.seek(0)
        return Ended(folder, ended.returncode, out.read(), err.read())


def _without_numbers(lines: list[str]) -> list[str]:
    return [" ".join(_NUMBER.sub("0", line).split()) for line in lines if line.strip()]


def _content(path: Path) -> object:
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            head, *rows = csv.reader(file)
        history = "Timestamp" in head
        named = {tuple(row[2:4] if history else row[:2]) for row in rows}
        return head, set() if "exceptions" in path.name else named
    if path.suffix == ".json":
        return _shape(json.loads(path.read_text()))
    return path.stat().st_size > 0


def _shape(document: Any) -> object:
    if isinstance(document, dict):
        return document
    return sorted((row["method"], row["name"], tuple(row)) for row in document)
