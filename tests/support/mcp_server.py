"""An MCP server made with the official SDK, in a process of its own: see `mcp_program`."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.server_process import ServerProcess

PROGRAM = Path(__file__).with_name("mcp_program.py")


class McpServer(ServerProcess):
    """The server as a test has it."""

    def __init__(self) -> None:
        super().__init__(PROGRAM)

    def stats(self) -> dict[str, Any]:
        """Messages by method, HTTP statuses, answers of the client, and sessions that are open."""
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return dict(json.load(answer))
