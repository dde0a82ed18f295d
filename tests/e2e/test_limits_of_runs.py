"""A locustfile without measure: time and memory of its run are bounded, and what is cut is told."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import psutil
import pytest

from loadtui.store.log_cap import left_out_mb
from loadtui.store.log_lines import MOST_BYTES
from loadtui.store.run_files import HOST_LOG
from tests.support.command import Running

MEASURELESS = """
import itertools, os, subprocess
from locust import User, constant, task

numbers = itertools.count()

class Measureless(User):
    wait_time = constant(0.05)

    def on_start(self):
        subprocess.run(["head", "-c", "100000000", "/dev/zero"])
        os.write(1, b"\\n" + b"y" * 40_000_000)

    @task
    def go(self):
        number, huge = next(numbers), "x" * 20_000_000
        for name, failure in ((f"{number}{huge}", None), ("failing", f"{number}{huge}")):
            self.environment.events.request.fire(
                request_type="X", name=name, response_time=1.0, response_length=1,
                exception=failure, context={"huge": huge}, response=huge,
            )
        print(huge)
        if number % 3 == 0:
            raise ValueError(f"{number}{huge}")
"""
MOST_MB = 400
"""Of any process of the run; the locustfile holds three texts of 20 MB at a time."""


def _watch(command: int, over: threading.Event, found: list[float]) -> None:
    """Note the resident memory, in MB, of the processes of a command again and again."""
    while not over.wait(0.05):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(command)
            for one in (process, *process.children(recursive=True)):
                found.append(one.memory_info().rss / 1e6)


@pytest.mark.thorough
def test_a_locustfile_without_measure(tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(MEASURELESS)
    host = ("-H", "http://127.0.0.1:1")
    arguments = ("run", "locustfile.py", *host, "-u", "1", "-r", "1", "-t", "6s", "--no-ui", "-q")
    found: list[float] = []
    with Running(tmp_path, *arguments, "--json", "-") as running:
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(running.pid, over, found), daemon=True)
        watch.start()
        outcome = running.wait()
        over.set()
        watch.join()
    assert 50 < max(found) < MOST_MB
    assert (outcome.folder / HOST_LOG).stat().st_size < MOST_BYTES
    assert left_out_mb(outcome.folder) > 80
    remarks = " ".join(remark["text"] for remark in outcome.document["remarks"])
    assert "are missing in host.log" in remarks
    assert "names of endpoints are cut" in remarks
