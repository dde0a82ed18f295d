"""Where a worker's CPU time goes, by parts of a request; needs py-spy and the right to trace.

    python tests/benchmarks/where_time_goes.py [--user-class FastGet] [--seconds 10]

py-spy samples the worker's Python and native stacks; each sample goes to the first part below one
of whose names occurs in the functions it names.  What ticks with a timer of its own (the meter of
the worker's health) is left out, since stopping the process for a sample makes timers come due.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import family
import harness
from steady import running, wait_until

FILE = harness.HERE / "visitors.py"
WARM_S, RATE = 2, 300
SYSTEM_CALLS = {"send": "send", "recv": "recv", "recv_into": "recv", "epoll_wait": "epoll_wait"}
SYSTEM_CALLS |= {"poll": "poll: does the idle connection stand"}
PARTS = {
    "recorder": ("Recorder.record",),
    "HTTP parser and its callbacks": ("feed_data", "llhttp"),
    "Locust: sleeping between tasks": ("TaskSet.wait ",),
    "gevent: switches and loop": (
        "Hub.run",
        "_hub_primitives",
        "corecext",
        "gevent/hub.py",
        "_waiter",
    ),
    "loadtui: session and connection": ("loadtui/engine/http",),
    "Locust: task loop": ("locust/user/",),
}
LEFT_OUT = "HealthMeter"


def part(stack: str) -> str:
    """What a sampled stack is counted as."""
    leaf = stack.rpartition(";")[2].split(" ")[0]
    if leaf in SYSTEM_CALLS and "libc" in stack.rpartition(";")[2]:
        return f"kernel: {SYSTEM_CALLS[leaf]}"
    for name, signs in PARTS.items():
        if any(sign in stack for sign in signs):
            return name
    return "other"


def shares(raw: str) -> dict[str, float]:
    """Part -> share of the samples of py-spy's raw format: `function;function;... count`."""
    counts: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        if LEFT_OUT not in stack:
            counts[part(stack)] += int(count)
    return {name: count / counts.total() for name, count in counts.most_common()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--user-class", default="FastGet")
    parser.add_argument("--seconds", type=int, default=10)
    chosen = parser.parse_args()
    beside = Path(sys.executable).with_name("py-spy")
    spy = beside if beside.exists() else shutil.which("py-spy")
    if spy is None:
        raise SystemExit("py-spy is not installed; python -m pip install py-spy")
    seconds = str(chosen.seconds)
    with harness.nginx() as server, tempfile.TemporaryDirectory() as folder:
        flags = ["-u", "10", "-r", "10", "-t", f"{2 * chosen.seconds + 8}s", "-H", server.url]
        command = [harness.loadtui(), "run", FILE, chosen.user_class, *flags]
        server.reset()
        with running([*command, "--processes", "1", "--no-ui", "-q"]) as generator:
            wait_until(lambda: server.count() > 0, 60.0, generator)
            time.sleep(WARM_S)
            pids = family.descendants(generator.pid)
            worker = next(pid for pid in pids if family.role(pid) == "worker")
            count, spent = server.count(), family.cpu_by_role(generator.pid)["worker"]
            time.sleep(chosen.seconds)
            spent = family.cpu_by_role(generator.pid)["worker"] - spent
            us = spent / (server.count() - count) * 1e6
            raw = Path(folder) / "stacks"
            record = [spy, "record", "-n", "-d", seconds, "-r", str(RATE), "-f", "raw"]
            subprocess.run([*record, "-o", raw, "-p", str(worker)], check=True, capture_output=True)
            generator.end((0, harness.BOTTLENECK))
        found = shares(raw.read_text())
    print(harness.machine())
    print(f"{chosen.user_class}: {us:.1f} us of the worker's CPU a request")
    for name, share in found.items():
        print(f"{share:6.1%} {share * us:6.2f} us  {name}")


if __name__ == "__main__":
    main()
