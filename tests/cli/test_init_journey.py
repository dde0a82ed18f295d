"""The way of somebody new, from an empty folder to a build that is told to be slower."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from loadtui.errors import ExitCode
from tests.support.command import Outcome, command
from tests.support.init_inputs import FOLDER
from tests.support.servers import TimedServer

LONGEST_S = 300.0
LOAD = ("-u", "40", "-t", "40s")


@pytest.mark.soak
@pytest.mark.alone
@pytest.mark.time_limit(600)
def test_from_an_empty_folder_to_a_regression(tmp_path: Path) -> None:
    began = time.monotonic()
    took: list[tuple[str, float]] = []

    def step(*words: str, code: int) -> Outcome:
        for _ in range(3):
            start = time.monotonic()
            done = command(tmp_path, *words, timeout=120)
            if done.code != ExitCode.INVALID:  # of which a person would make another run, too
                break
        took.append((" ".join(words), time.monotonic() - start))
        assert done.code == code, f"{words}: {done.code}\n{done.stdout}\n{done.stderr}"
        return done

    description = str(FOLDER / "petstore_3.yaml")
    with TimedServer(median_s=0.02) as server, TimedServer(median_s=0.08, seed=2) as slower:
        step("init", server.url, "--openapi", description, *LOAD, code=0)
        step("run", "pet-store.toml", "--no-ui", code=0)
        step("baseline", "promote", "latest", code=0)
        run = step("run", "pet-store.toml", "--no-ui", "-H", slower.url, code=1)
        assert "regressed" in run.stdout.lower()
        compared = step("compare", "pet-store", "latest", code=1)
        assert "regressed" in compared.stdout.lower()
        step("report", "latest", "-o", "report.html", code=1)
        step("report", "latest", "-o", "report.html", "--exit-zero", code=0)
    assert (tmp_path / "report.html").stat().st_size > 10_000
    total = time.monotonic() - began
    for words, seconds in took:
        print(f"{seconds:6.1f} s  loadtui {words}")
    print(f"{total:6.1f} s  in all")
    assert total < LONGEST_S
