"""`loadtui locust` beside `locust`: the same command lines, the same exit codes and words."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Running, command
from tests.support.locust_command_lines import FILES, LINES, NO_RUN, CommandLine
from tests.support.servers import Nginx
from tests.support.starved_machine import compare_again_if_starved
from tests.support.two_programs import LOCUST, OURS, Ended, run_under
from tests.support.waiting import wait_until

ALWAYS = ("failures",)
"""Those that every run of the tests makes."""
Both = Callable[[CommandLine, int], tuple[Ended, Ended]]


@pytest.fixture
def both(tmp_path: Path, nginx: Nginx) -> Both:
    def both(line: CommandLine, attempt: int) -> tuple[Ended, Ended]:
        theirs, ours = tmp_path / f"locust-{attempt}", tmp_path / f"loadtui-{attempt}"
        return (
            run_under(LOCUST, theirs, line, nginx.url),
            run_under(OURS, ours, line, nginx.url),
        )

    return both


@pytest.mark.parametrize(
    "name",
    [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.thorough) for name in LINES],
)
def test_a_run(name: str, both: Both) -> None:
    def compare(attempt: int) -> None:
        theirs, ours = both(LINES[name], attempt)
        assert ours.code == theirs.code, ours.err
        if "--json" in LINES[name].words.split():
            # Locust's counts are gone once it has printed the JSON: its tables are full of zeros.
            assert ours.summary()[:2] == theirs.summary()[:2]
        else:
            assert ours.summary() == theirs.summary()
        assert ours.printed() == theirs.printed()
        assert ours.files() == theirs.files()
        assert (ours.tables(), ours.logged()) == (theirs.tables(), theirs.logged())

    compare_again_if_starved(compare)


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_was_counted(
    tmp_path: Path, nginx: Nginx, number: signal.Signals
) -> None:
    (tmp_path / "failing.py").write_text(FILES["failing.py"])
    words = ["locust", "-f", "failing.py", "--headless", "-H", nginx.url, "--only-summary"]
    with Running(tmp_path, *words) as running:
        running.until_running()
        wait_until(lambda: nginx.count() > 2, "requests")
        running.send(number)
        ended = running.wait()
    assert ended.code == 1, "there were failures, as under Locust"
    assert "Shutting down (exit code 1)" in ended.stderr
    assert "Error report" in ended.stderr


@pytest.mark.thorough
def test_our_verdict_is_told_and_changes_no_exit_code(tmp_path: Path, nginx: Nginx) -> None:
    (tmp_path / "locustfile.py").write_text(FILES["locustfile.py"])
    words = ["locust", "--headless", "-H", nginx.url, "-t", "4s", "--only-summary", "--skip-log"]
    first = command(tmp_path, *words)
    assert first.code == 0
    [line] = first.stderr.splitlines()
    found = re.fullmatch(r"loadtui: saved as run (\S+)(; INVALID: .*)?", line)
    assert found is not None
    (tmp_path / "baselines").mkdir()
    (tmp_path / "baselines" / "locustfile.json").write_text("{")
    second = command(tmp_path, *words)
    assert second.code == 0
    assert "; not compared: " in second.stderr


@pytest.mark.thorough
@pytest.mark.thorough
@pytest.mark.parametrize("name", NO_RUN)
def test_a_command_line_that_makes_no_run(name: str, both: Both) -> None:
    theirs, ours = both(NO_RUN[name], 0)
    assert ours.code == theirs.code, ours.err
    if name.startswith(("list", "ratio")):
        assert ours.out == theirs.out
    if name.startswith("version"):
        assert ours.out.startswith(theirs.out.strip())
    assert bool(ours.out) == bool(theirs.out)
    assert not (ours.folder / ".loadtui" / "runs").exists() or not any(
        (ours.folder / ".loadtui" / "runs").iterdir()
    )
