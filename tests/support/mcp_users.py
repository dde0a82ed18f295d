"""A locustfile: users of `mcp_server`."""

from __future__ import annotations

import random

from locust import constant_throughput, task

from loadtui.users import McpUser


class OfficialUser(McpUser):
    """Calls tools that answer at once, and one that asks back."""

    wait_time = constant_throughput(4)

    @task(8)
    def echo(self) -> None:
        text = "x" * random.choice((10, 1_000, 100_000))
        self.call_tool("echo", {"text": text}, check=lambda r: "" if r.text == text else "other")

    @task(2)
    def ask_back(self) -> None:
        self.call_tool("ask_back")

    @task(1)
    def fail(self) -> None:
        self.call_outside("fail", {}, name="fail")
