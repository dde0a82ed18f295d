"""A stage that is too short for blocks of time, in which a tenth of the requests became ten times
as slow: it fails."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loadtui.store.manifest import Validity
from loadtui.store.manifest_file import write_manifest
from loadtui.verdict.exit_codes import outcome_word
from tests.support.command import Outcome, Write, command, load
from tests.support.delay_server import DelayServer

pytestmark = pytest.mark.thorough

LOCUSTFILE = """
    from itertools import count
    from pathlib import Path
    from random import uniform

    from locust import FastHttpUser, constant, task

    sent = count()
    slow = Path(__file__).with_name("slow").exists()

    class Visitor(FastHttpUser):
        wait_time = constant(0.2)

        @task
        def index(self):
            # Far more spread than a busy machine adds.
            delay = 1.5 if slow and next(sent) % 10 == 0 else uniform(0.02, 0.2)
            self.client.get(f"/delay/{delay}", name="/")
"""
PLAN = """
    locustfile = "locustfile.py"
    [[stage]]
    name = "steady"
    users = 16
    spawn_rate = 16
    duration = "12s"
    [[tolerance]]
    metric = "p95"
    endpoint = "GET /"
    fail = "+50%"
"""


def test_a_longer_tail_is_regressed(project: Path, write: Write) -> None:
    write(LOCUSTFILE)
    plan = write(PLAN, "tail.toml")
    with DelayServer() as server:
        trusted(load(project, plan, "-H", server.url))
        assert command(project, "baseline", "promote", "latest").code == 0
        write("", "slow")
        slower = load(project, plan, "-H", server.url)
    assert slower.code in (1, 3)
    trusted(slower)
    compared = command(project, "compare", "tail", "latest", "--format", "json")
    assert compared.code == 1, [r for r in compared.document["rows"] if r["metric"][0] == "p"]
    [row] = [
        row
        for row in compared.document["rows"]
        if (row["endpoint"], row["metric"]) == ("GET /", "p95")
    ]
    assert (row["word"], row["status"]) == ("regressed", "fail")
    assert row["current"] > 4 * row["base"]


def trusted(outcome: Outcome) -> None:
    """Take a run whose only fault is that this machine was busy for one that can be trusted."""
    code = outcome.quiet_code
    assert code != 3, outcome.stderr
    manifest = msgspec.structs.replace(
        outcome.run.manifest, validity=Validity(), exit_code=code, verdict=outcome_word(code)
    )
    write_manifest(outcome.folder, manifest)
