"""Seconds and memory that drawing a run takes; the budget is a minute for 10 M requests.

python tests/benchmarks/simulate_speed.py [--requests 10000000] [--endpoints 20]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import harness
from loadtui.plan.model import Plan, Stage
from loadtui.simulate.profile import default_profile
from loadtui.simulate.simulated_run import simulate_run

BUDGET_S = 60.0
MINUTES = 15


def plan_in(project: Path) -> Plan:
    """A plan of three stages, a quarter of an hour in all, with a locustfile to point to."""
    locustfile = project / "benchmark.py"
    locustfile.write_text("import locust\n", encoding="utf-8")
    users = (50, 100, 200)
    stages = tuple(Stage(f"L{at}", n, n, MINUTES * 20) for at, n in enumerate(users, 1))
    return Plan(name="benchmark", locustfiles=(str(locustfile),), stages=stages)


def peak_mb() -> float:
    """The most memory this program ever held; getrusage would count the one that started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--endpoints", type=int, default=20)
    chosen = parser.parse_args()
    print(harness.machine())
    with tempfile.TemporaryDirectory() as project:
        plan = plan_in(Path(project))
        began = time.perf_counter()
        profile = default_profile(plan, chosen.endpoints)
        run = simulate_run(plan, profile, 1, chosen.requests, project=Path(project))
        took = time.perf_counter() - began
        size = sum(file.stat().st_size for file in run.folder.iterdir())
    drawn = run.manifest.totals.requests
    print(f"{drawn:,} requests of {chosen.endpoints} endpoints, drawn, written and judged")
    print(f"{took:.1f} s (budget {BUDGET_S * chosen.requests / 10_000_000:.0f} s)")
    print(f"{peak_mb():.0f} MB at most, {size / drawn:.2f} bytes a request on disk")


if __name__ == "__main__":
    main()
