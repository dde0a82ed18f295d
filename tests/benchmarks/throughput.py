"""Requests per CPU-second: loadtui against Locust's own command, wrk and k6, same server.

    python tests/benchmarks/throughput.py [--pairs 3] [--seconds 10] [--only fast-get ...]

Every case is run in turn, A B A B ..., with one worker on either side; ratios are taken within
pairs.  Requests are counted by the server (nginx).  Figures are of the steady state, from some
seconds after the first request on, unless they are said to include start-up.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import harness
from peers import Peer, k6, wrk
from steady import Steady, steady
from tests.support.servers import Nginx

FILE = harness.HERE / "visitors.py"
SPARE_S = 4
"""How much longer a command runs than it is measured and warms up."""


class Case(NamedTuple):
    user_class: str
    peer: Peer
    """What wrk and k6 do in the same case."""
    tls: bool = False
    users: int = 10
    spawn_rate: int = 10
    warm_s: int = 2


GET, POST = Peer("/"), Peer("/articles", body=True)
BODY, ZIPPED, THINK = Peer("/100k"), Peer("/zipped", gzip=True), Peer("/", think_s=1)
CASES = {
    "fast-get": Case("FastGet", GET),
    "fast-post": Case("FastPost", POST),
    "fast-body": Case("FastBody", BODY),
    "fast-tls": Case("FastGet", GET, tls=True),
    "fast-gzip": Case("FastZipped", ZIPPED),
    "fast-think": Case("FastThink", THINK, users=2000, spawn_rate=500, warm_s=8),
    "plain-get": Case("PlainGet", GET),
    "plain-post": Case("PlainPost", POST),
    "plain-body": Case("PlainBody", BODY),
    "plain-tls": Case("PlainTls", GET, tls=True),
    "plain-gzip": Case("PlainZipped", ZIPPED),
    "plain-think": Case("PlainThink", THINK, users=2000, spawn_rate=500, warm_s=8),
}


def commands(case: Case, url: str, length_s: int, folder: Path) -> dict[str, list[str | Path]]:
    """Name -> command line of everything that can do this case on this machine."""
    users = ["-u", str(case.users), "-r", str(case.spawn_rate), "-t", f"{length_s}s", "-H", url]
    found: dict[str, list[str | Path]] = {
        "loadtui": [
            harness.loadtui(), "run", FILE, case.user_class, *users,
            "--processes", "1", "--no-ui", "-q",
        ],
        "locust": [
            sys.executable, "-m", "locust", "-f", FILE, case.user_class, *users,
            "--headless", "--only-summary",
        ],
    }  # fmt: skip
    if shutil.which("wrk") and not case.peer.think_s:
        found["wrk"] = wrk(case.peer, url, case.users, length_s, folder)
    if shutil.which("k6"):
        found["k6"] = k6(case.peer, url, case.users, length_s, folder)
    return found


def measure(
    server: Nginx, name: str, pairs: int, seconds: int, peers: bool
) -> dict[str, list[Steady]]:
    """Command -> its runs."""
    case = CASES[name]
    runs: dict[str, list[Steady]] = {}
    with tempfile.TemporaryDirectory() as folder:
        url = server.tls_url if case.tls else server.url
        all_ = commands(case, url, seconds + case.warm_s + SPARE_S, Path(folder))
        chosen = all_ if peers else {which: all_[which] for which in ("loadtui", "locust")}
        for number in range(pairs):
            for which, command in chosen.items():
                fine = (0, harness.BOTTLENECK) if which == "loadtui" else (0,)
                one = steady(server, command, case.warm_s, seconds, fine)
                runs.setdefault(which, []).append(one)
                print(f"{name} {number + 1}/{pairs} {which}: {one.rate:.0f}/s", file=sys.stderr)
    return runs


def table(name: str, runs: dict[str, list[Steady]]) -> str:
    """Least - median - most of each command, and ratios of loadtui to it."""
    columns = ("host + worker", "all processes", "with start-up", "requests/s")
    lines = [f"{name:12}" + "".join(f"{column:>28}" for column in columns)]
    ours = figures(runs["loadtui"])
    for which, its in runs.items():
        theirs = figures(its)
        texts = [harness.spread(values).text("{:.0f}") for values in theirs]
        lines.append(f"{which:12}" + "".join(f"{text:>28}" for text in texts))
        if which != "loadtui":
            pairs = [harness.ratios(a, b) for a, b in zip(ours, theirs, strict=True)]
            texts = [harness.spread(values).text() for values in pairs]
            lines.append(f"{'  ratio':12}" + "".join(f"{text:>28}" for text in texts))
    return "\n".join(lines)


def figures(runs: list[Steady]) -> list[list[float]]:
    """Columns of the table."""
    return [
        [one.per_cpu_s for one in runs],
        [one.per_cpu_s_all for one in runs],
        [one.per_cpu_s_whole for one in runs],
        [one.rate for one in runs],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10, help="measured part of each run")
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES), metavar="CASE")
    parser.add_argument("--no-peers", action="store_true", help="neither wrk nor k6")
    chosen = parser.parse_args()
    print(harness.machine())
    print("requests per CPU-second in steady state (host + worker; with the command that watches),")
    print("then of all processes with start-up and end, then requests/s: least - median - most")
    with harness.nginx(tls=True) as server:
        for name in chosen.only:
            runs = measure(server, name, chosen.pairs, chosen.seconds, not chosen.no_peers)
            print(f"\n{table(name, runs)}", flush=True)


if __name__ == "__main__":
    main()
