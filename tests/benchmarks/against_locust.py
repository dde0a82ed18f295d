"""Requests per CPU-second: loadtui against Locust's own command, same file, same server.

    python tests/benchmarks/against_locust.py [--pairs 3] [--seconds 5] [--users 10]

One worker on either side.  CPU time is that of all processes of the generator from start to end:
for loadtui the command, the run host and the worker, for Locust its single process.
"""

from __future__ import annotations

import argparse
import sys

import harness

FILE = harness.HERE / "fasthttp.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--users", type=int, default=10)
    chosen = parser.parse_args()
    users = str(chosen.users)
    flags = ["-u", users, "-r", users]
    with harness.nginx() as server:

        def loadtui(seconds: int = chosen.seconds) -> harness.Load:
            command = [harness.loadtui(), "run", FILE, "-H", server.url, *flags]
            command += ["-t", f"{seconds}s", "--processes", "1", "--no-ui", "-q"]
            return harness.load(server, command, fine=(0, harness.BOTTLENECK))

        def locust(seconds: int = chosen.seconds) -> harness.Load:
            command = [sys.executable, "-m", "locust", "-f", FILE, "-H", server.url, *flags]
            command += ["-t", f"{seconds}s", "--headless", "--only-summary"]
            return harness.load(server, command)

        loadtui(1), locust(1)  # what is compiled and read from disk once
        a, b = harness.in_turn(chosen.pairs, loadtui, locust)
    print(harness.machine())
    print(harness.report("loadtui", a, "locust", b))
    for name, loads in (("loadtui", a), ("locust", b)):
        wall = harness.spread([one.requests / chosen.seconds for one in loads])
        print(f"{name}: {wall.text('{:.0f}')} requests a second")


if __name__ == "__main__":
    main()
