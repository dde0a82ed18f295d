"""Memory a user: 10 000 FastHttpUsers with an open connection each, loadtui against Locust.

    python tests/benchmarks/memory.py [--users 10000] [--pairs 1]

Each holds its connection and waits.  Measured are the processes that run users (the worker;
Locust's only process) with one user and with all of them; the difference is divided by the number
of users.  Pages shared with other processes count by their share (PSS).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import family
import harness
from steady import running, wait_until
from tests.support.servers import Nginx

FILE = harness.HERE / "visitors.py"
RATE = 1000
TIMEOUT_S = 120.0
SETTLE_S = 2.0


def held_mb(server: Nginx, command: list[str | Path], users: int, fine: tuple[int, ...]) -> float:
    """MiB of the process that runs users when all of them are connected."""
    with running(command) as generator:
        wait_until(lambda: server.connections() >= users, TIMEOUT_S, generator)
        time.sleep(SETTLE_S)
        pids = family.descendants(generator.pid)
        workers = [pid for pid in pids if family.role(pid) == "worker"]
        held = sum(family.pss_mb(pid) for pid in workers or pids)
        generator.end(fine)
    return held


def per_user_kb(server: Nginx, name: str, users: int) -> float:
    """KiB a user."""
    held = []
    for count in (1, users):
        length_s = 4 + int(SETTLE_S) + 3 * count // RATE
        flags = [
            "-u",
            str(count),
            "-r",
            str(RATE),
            "-t",
            f"{length_s}s",
            "-s",
            "1",
            "-H",
            server.url,
        ]
        if name == "loadtui":
            command = [harness.loadtui(), "run", FILE, "FastIdle", *flags]
            command += ["--processes", "1", "--no-ui", "-q"]
        else:
            command = [sys.executable, "-m", "locust", "-f", FILE, "FastIdle", *flags]
            command += ["--headless", "--only-summary"]
        held.append(held_mb(server, command, count, (0, 1, harness.BOTTLENECK)))
        print(f"{name}: {count} users, {held[-1]:.0f} MB", file=sys.stderr)
    return (held[1] - held[0]) * 1024 / users


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=1)
    chosen = parser.parse_args()
    a, b = [], []
    with harness.nginx() as server:
        for _ in range(chosen.pairs):
            a.append(per_user_kb(server, "loadtui", chosen.users))
            b.append(per_user_kb(server, "locust", chosen.users))
    print(harness.machine())
    print(f"KiB a user at {chosen.users} users (least - median - most)")
    print(f"loadtui  {harness.spread(a).text('{:.1f}')}")
    print(f"locust   {harness.spread(b).text('{:.1f}')}")
    print(f"ratio    {harness.spread(harness.ratios(a, b)).text()}")


if __name__ == "__main__":
    main()
