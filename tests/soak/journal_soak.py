"""A day's journal: what the host holds, and what it takes to make a run of it and to look."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak.process_memory import MB
from tests.soak.saved_run_costs import look_at, told, took

RUN = "20261123-101502-gateway-3f2a"
MOST_GROWTH_MB = 5.0


def fed(project: Path, asked: argparse.Namespace) -> list[dict[str, float]]:
    """What the process that plays the host said of itself, each hour; prints it."""
    folder = project / ".loadtui" / "runs" / RUN
    folder.parent.mkdir(parents=True)
    words = ["--hours", str(asked.hours), "--endpoints", str(asked.endpoints)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.journal_feed", str(folder), *words],
        stdout=subprocess.PIPE,
        text=True,
    )
    said = []
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            hour = json.loads(line)
            said.append(hour)
            print(
                f"{hour['second'] / 3600:5.2f} h  host {hour['rss_mb']:.1f} MB, "
                f"{hour['requests']} requests, journal {hour['journal_mb']:.1f} MB",
                flush=True,
            )
    process.wait()
    return said


def main(asked: argparse.Namespace) -> int:
    """1 when memory grows after the first quarter of the run, or requests are missing."""
    with tempfile.TemporaryDirectory(prefix="soak") as at:
        project = Path(at) / "project"
        os.environ["XDG_STATE_HOME"] = str(Path(at) / "state")
        said = fed(project, asked)
        return looked_at(project, said, asked.hours)


def looked_at(project: Path, said: list[dict[str, float]], hours: float) -> int:
    """The rest, once the journal is there."""
    folder = project / ".loadtui" / "runs" / RUN
    settled = said[min(len(said) // 4 + 1, len(said) - 1)]
    by = said[-1]["rss_mb"] - settled["rss_mb"]
    print(f"host: {by:+.1f} MB from {settled['second'] / 3600:.1f} h on")
    recovery = took(project, "runs", "show", RUN, "--json")
    print(told("recovering it, with runs show", recovery))
    recorded = json.loads(recovery.printed)["totals"]["requests"]
    tables = sum(path.stat().st_size for path in folder.glob("*.parquet")) / MB
    journal = said[-1]["journal_mb"]
    print(f"an hour: journal {journal / hours:.2f} MB, tables {tables / hours:.2f} MB")
    look_at(project, folder)
    print(f"fed {said[-1]['requests']}, recovered {recorded}")
    return 0 if by <= MOST_GROWTH_MB and recorded == said[-1]["requests"] else 1
