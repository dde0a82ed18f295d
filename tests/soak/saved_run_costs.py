"""What it takes to look at a saved run: sizes of its files, time and memory of commands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.soak.process_memory import MB, Took, held_by, took
from tests.support.viewer import PYTHON, Viewer

SIZE = (160, 45)
LOADED = r"GET +/"
SETTLED_S = 2.0
OPENED_S = 180.0


def sizes(run: Path) -> str:
    """Of the files of a run, the largest first."""
    files = sorted(run.iterdir(), key=lambda path: -path.stat().st_size)
    return ", ".join(f"{path.name} {path.stat().st_size / MB:.1f} MB" for path in files)


def commands(project: Path, run: str) -> Iterator[tuple[str, Took]]:
    """Each command that reads a whole run, and what it took."""
    for words in (["runs", "show", run], ["report", run, "-o", "report.html"]):
        yield " ".join(words[:2] if words[0] == "runs" else words[:1]), took(project, *words)


def told(name: str, what: Took) -> str:
    return (
        f"{name}: {what.wall_s:.1f} s, {what.cpu_s:.1f} s of CPU, at most {what.peak_mb:.0f} MB, "
        f"exit code {what.code}"
    )


def replay(project: Path, run: Path) -> str:
    """Open the newest run of the project in the workbench, as a person does, and look."""
    with Viewer([PYTHON, "-m", "loadtui"], project, size=SIZE) as viewer:
        viewer.wait_for(r"1 plans")
        viewer.press("2")
        viewer.wait_for("space select")
        viewer.wait_for(f"▸.*{run.name}")
        viewer.look(SETTLED_S)
        began = time.monotonic()
        viewer.press("\r")
        viewer.wait_for(LOADED, OPENED_S)
        opened_s = time.monotonic() - began
        viewer.look(SETTLED_S)
        held = held_by(viewer.process.pid)
        seen = viewer.look()
    assert "GET" in seen, seen
    return f"Replay: {opened_s:.1f} s from the key to its figures, {held.rss:.0f} MB"


def look_at(project: Path, run: Path) -> None:
    """Print all of it."""
    print(f"files: {sizes(run)}", flush=True)
    for name, what in commands(project, run.name):
        print(told(name, what), flush=True)
    print(f"report.html: {(project / 'report.html').stat().st_size / MB:.1f} MB")
    print(replay(project, run), flush=True)
