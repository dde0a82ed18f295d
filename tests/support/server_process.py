"""A server in a process of its own, which says its port in the first line it prints, and ends when
its standard input closes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
ENDS_IN_S = 10


class ServerProcess:
    """`with` it, `url` is where it answers.  `program` and `arguments` are Python's."""

    def __init__(self, program: Path | str, *arguments: str) -> None:
        self._command = [sys.executable, str(program), *arguments]
        self.url = ""

    def __enter__(self) -> Self:
        # Programs of the tests import this file.
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().decode().strip()
        if not port:
            raise RuntimeError(f"{self._command[1]} did not start")
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(ENDS_IN_S)
        self._process.stdout.close()
