"""An MCP server made with the official SDK, in a process of its own: see `mcp_program`."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = Path(__file__).with_name("mcp_program.py")


class McpServer:
    """The server as a test has it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
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
        self._process.wait(10)
        self._process.stdout.close()

    def stats(self) -> dict[str, Any]:
        """Messages by method, HTTP statuses, answers of the client, and sessions that are open."""
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return dict(json.load(answer))
