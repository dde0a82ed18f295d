"""How the rate grows with the number of workers, from one to as many as there are usable cores.

    python tests/benchmarks/scaling.py [--rounds 3] [--seconds 10]

The server and the run host need cores too: on a small machine the last workers share theirs, and
requests per CPU-second tell more than requests a second.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import harness
from loadtui.launch.cores import usable_cores
from steady import Steady, steady

FILE = harness.HERE / "visitors.py"
USERS_A_WORKER = 10
WARM_S, SPARE_S = 2, 4


def command(workers: int, url: str, seconds: int) -> list[str | Path]:
    users = str(USERS_A_WORKER * workers)
    flags = ["-u", users, "-r", users, "-t", f"{WARM_S + seconds + SPARE_S}s", "-H", url]
    head = [harness.loadtui(), "run", FILE, "FastGet", *flags]
    return [*head, "--processes", str(workers), "--no-ui", "-q"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10, help="measured part of each run")
    chosen = parser.parse_args()
    counts = range(1, usable_cores() + 1)
    runs: dict[int, list[Steady]] = {workers: [] for workers in counts}
    with harness.nginx() as server:
        for _ in range(chosen.rounds):
            for workers in counts:
                line = command(workers, server.url, chosen.seconds)
                fine = (0, harness.BOTTLENECK)
                runs[workers].append(steady(server, line, WARM_S, chosen.seconds, fine))
                print(f"{workers} workers: {runs[workers][-1].rate:.0f}/s", file=sys.stderr)
    print(harness.machine())
    print("workers, requests/s, requests per CPU-second (host + workers): least - median - most")
    for workers, its in runs.items():
        rates = harness.spread([one.rate for one in its]).text("{:.0f}")
        per_cpu = harness.spread([one.per_cpu_s for one in its]).text("{:.0f}")
        print(f"{workers:7}  {rates:>24}  {per_cpu:>24}")


if __name__ == "__main__":
    main()
