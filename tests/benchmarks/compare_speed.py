"""Seconds and memory that comparing two large runs takes inside the program.

    python tests/benchmarks/compare_speed.py [--requests 10000000] [--endpoints 20] [--rounds 5]

The runs are simulated first.  Each round is a process of its own, which has imported what it needs
before the clock starts: from opening the two folders to the verdict on every metric.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness
from loadtui.plan.model import Plan
from loadtui.simulate.profile import default_profile, shifted_profile
from loadtui.simulate.simulated_run import simulate_run
from loadtui.store.stored_run import Run
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.sides import side_of_runs
from simulate_speed import peak_mb, plan_in

BUDGET_S, BUDGET_MB = 0.6, 400


def one_round(folders: list[str]) -> None:
    """Compare, and print as JSON what it took."""
    imported_mb = peak_mb()
    began = time.perf_counter()
    base, current = (Run.open(Path(folder)) for folder in folders)
    plan: Plan = current.manifest.plan
    found = compare_sides(side_of_runs([base]), side_of_runs([current]), plan)
    took = time.perf_counter() - began
    answer = {
        "seconds": took,
        "mb": peak_mb(),
        "imported_mb": imported_mb,
        "rows": len(found.rows),
        "counts": found.counts,
    }
    print(json.dumps(answer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--endpoints", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--round", nargs=2, metavar="FOLDER", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.round:
        one_round(chosen.round)
        return
    print(harness.machine())
    with tempfile.TemporaryDirectory() as project:
        plan = plan_in(Path(project))
        profile = default_profile(plan, chosen.endpoints)
        slower = shifted_profile(profile, "GET /endpoint/1", 1.6)
        folders = [
            str(simulate_run(plan, one, seed, chosen.requests, project=Path(project)).folder)
            for seed, one in enumerate((profile, slower))
        ]
        command = [sys.executable, __file__, "--round", *folders]
        rounds = [
            json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            for _ in range(chosen.rounds)
        ]
    print(f"two runs of {chosen.requests:,} requests and {chosen.endpoints} endpoints")
    print(f"{rounds[0]['rows']} metrics: {rounds[0]['counts']}")
    seconds = harness.spread([one["seconds"] for one in rounds])
    print(f"seconds (least - median - most)  {seconds.text()}  budget {BUDGET_S}")
    most = max(one["mb"] for one in rounds)
    imported = max(one["imported_mb"] for one in rounds)
    print(f"memory at most {most:.0f} MB, {imported:.0f} MB of it imports; budget {BUDGET_MB} MB")


if __name__ == "__main__":
    main()
