"""A host that gets no CPU while its worker leaves: nothing of what the worker recorded is lost."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Write, load
from tests.support.fake_host import serverless

EVENTS = 20_000
QUITS = f"""
    import signal
    import subprocess

    class Someone(ServerlessUser):
        @task
        def burst(self):
            for _ in range({EVENTS}):
                fire(self, "hello")
            host = os.getppid()
            subprocess.Popen(["sh", "-c", f"sleep 2; kill -CONT {{host}}"], start_new_session=True)
            os.kill(host, signal.SIGSTOP)
            self.environment.runner.quit()
"""


def test_a_worker_that_leaves_while_the_host_is_stopped(project: Path, write: Write) -> None:
    document = load(project, write(serverless(QUITS)), "-u", "1", "-t", "60s").document
    assert document["totals"]["requests"] == EVENTS
    assert document["ended_because"] == "the locustfile ended the run"
    assert not any("lost" in reason for reason in document["invalid_reasons"])
