"""Seconds and memory that importing a large file of another program takes.

    python tests/benchmarks/importing.py [--mb 300] [--rounds 3] [--only jtl-csv ...]

The files are made from a seed.  Each is imported by `loadtui import` as a process of its own, in
turn with a reader of the same file that does nothing else: Python's csv, json or XML module.  The
machine should have nothing else to do; CPU seconds say more where it has.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import harness

SEED = 20261128
THREADS = 50
LABELS = [f"{verb} /shop/{what}/{{id}}" for what in ("items", "basket", "orders", "users", "search")
          for verb in ("GET", "POST", "PUT", "DELETE")]  # fmt: skip
BEGAN_MS = 1_764_300_000_000
BUDGET_S, BUDGET_MB = 25, 300
"""For a JTL as CSV of 300 MB."""
JTL_HEAD = (
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
    "failureMessage,bytes,sentBytes,grpThreads,allThreads,Latency,IdleTime,Connect"
)
BASELINES = {
    "csv": "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='')): pass",
    "json": "import json, sys\nfor line in open(sys.argv[1]): json.loads(line)",
    "xml": "import sys\nfrom xml.parsers import expat\n"
    "parser = expat.ParserCreate()\nparser.StartElementHandler = lambda name, attributes: None\n"
    "parser.ParseFile(open(sys.argv[1], 'rb'))",
}  # fmt: skip


class Sample(NamedTuple):
    start_ms: int
    elapsed_ms: int
    label: str
    thread: int
    failed: bool
    bytes: int


class Cost(NamedTuple):
    wall_s: float
    cpu_s: float
    peak_mb: float


def samples() -> Iterator[Sample]:
    """Without end: threads that do one request after another, in the order in which they end."""
    chance = random.Random(SEED)
    busy = [(0, thread, Sample(0, 0, "", thread, False, 0)) for thread in range(THREADS)]
    while True:
        end, thread, done = busy[0]
        elapsed = int(chance.lognormvariate(4.2, 0.6))
        start = end + int(chance.random() * 20)
        following = Sample(start, elapsed, LABELS[int(chance.random() * len(LABELS))], thread,
                           chance.random() < 0.004, 300 + int(chance.random() * 9000))  # fmt: skip
        heapq.heapreplace(busy, (start + elapsed, thread, following))
        if done.label:
            yield done


def jtl_csv() -> Iterator[str]:
    yield JTL_HEAD + "\n"
    for one in samples():
        answer = "503,Service Unavailable" if one.failed else "200,OK"
        yield (
            f"{BEGAN_MS + one.start_ms},{one.elapsed_ms},{one.label},{answer},"
            f"Shop of many visitors 1-{one.thread},text,{'false' if one.failed else 'true'},,"
            f"{one.bytes},214,{THREADS},{THREADS},{one.elapsed_ms},0,1\n"
        )


def jtl_xml() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n'
    for one in samples():
        code, message = ("503", "Service Unavailable") if one.failed else ("200", "OK")
        yield (
            f'<httpSample t="{one.elapsed_ms}" it="0" lt="{one.elapsed_ms}" ct="1" '
            f'ts="{BEGAN_MS + one.start_ms}" s="{"false" if one.failed else "true"}" '
            f'lb={quoteattr(one.label)} rc="{code}" rm="{message}" '
            f'tn="Shop of many visitors 1-{one.thread}" dt="text" by="{one.bytes}" sby="214" '
            f'ng="{THREADS}" na="{THREADS}"/>\n'
        )


def k6_points() -> Iterator[tuple[Sample, list[tuple[str, float]]]]:
    """The points that k6 writes of each request."""
    parts = ("blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving")
    for one in samples():
        others = [(f"http_req_{part}", 0.25) for part in parts]
        yield (
            one,
            [
                ("http_reqs", 1),
                ("http_req_duration", one.elapsed_ms + one.bytes / 10_000),
                *others,
                ("http_req_failed", int(one.failed)),
            ],
        )


def k6_lines() -> Iterator[str]:
    kinds = {"http_reqs": "counter", "http_req_failed": "rate"}
    declared = set()
    for one, points in k6_points():
        verb, _, name = one.label.partition(" ")
        tags = {"expected_response": str(not one.failed).lower(), "group": "", "method": verb,
                "name": name, "proto": "HTTP/1.1", "scenario": "default",
                "status": "503" if one.failed else "200", "url": f"http://shop{name}"}  # fmt: skip
        text = json.dumps(tags, separators=(",", ":"))
        end_ms = BEGAN_MS + one.start_ms + one.elapsed_ms
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(end_ms // 1000))
        moment += f".{end_ms % 1000:03}{one.bytes:06}Z"
        for metric, value in points:
            if metric not in declared:
                declared.add(metric)
                data = {"name": metric, "type": kinds.get(metric, "trend"), "contains": "time",
                        "thresholds": [], "submetrics": None}  # fmt: skip
                yield json.dumps({"type": "Metric", "data": data, "metric": metric}) + "\n"
            yield (
                f'{{"metric":"{metric}","type":"Point","data":{{"time":"{moment}",'
                f'"value":{value},"tags":{text}}}}}\n'
            )


def k6_csv() -> Iterator[str]:
    yield (
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
        "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"
    )
    for one, points in k6_points():
        verb, _, name = one.label.partition(" ")
        end_s = (BEGAN_MS + one.start_ms + one.elapsed_ms) // 1000
        status = "503" if one.failed else "200"
        for metric, value in points:
            yield (
                f"{metric},{end_s},{value:.6f},,,,{str(not one.failed).lower()},,{verb},{name},"
                f"HTTP/1.1,default,,{status},,,http://shop{name},,\n"
            )


def locust_history() -> Iterator[str]:
    """A full history, as `locust --csv --csv-full-history` writes it, a row a second and name."""
    shares = [f"{share:g}%" for share in (50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100)]
    yield (
        f"Timestamp,User Count,Type,Name,Requests/s,Failures/s,{','.join(shares)},"
        "Total Request Count,Total Failure Count,Total Median Response Time,"
        "Total Average Response Time,Total Min Response Time,Total Max Response Time,"
        "Total Average Content Size\n"
    )
    second = 0
    while True:
        rows = [(*label.split(" ", 1), 7 * second) for label in LABELS]
        for verb, name, count in [*rows, ("", "Aggregated", 7 * second * len(LABELS))]:
            yield (
                f"{BEGAN_MS // 1000 + second},{THREADS},{verb},{name},7.000000,0.000000,"
                f"{','.join(['66'] * len(shares))},{count},{count // 250},66,71.25,3.5,940.5,812\n"
            )
        second += 1


FILES: dict[str, tuple[str, Callable[[], Iterator[str]], str]] = {
    "jtl-csv": ("big.jtl", jtl_csv, "csv"),
    "jtl-xml": ("big.xml", jtl_xml, "xml"),
    "k6-json": ("points.json", k6_lines, "json"),
    "k6-csv": ("points.csv", k6_csv, "csv"),
    "locust-history": ("full_stats_history.csv", locust_history, "csv"),
}
"""Case -> name of its file, its lines, and what it is compared with."""
ENDS = {"jtl-xml": "</testResults>\n"}


def write_file(path: Path, lines: Iterator[str], megabytes: float, end: str) -> int:
    """Lines up to this size; how many there are."""
    size = count = 0
    with path.open("w", encoding="ascii") as file:
        for line in lines:
            size += file.write(line)
            count += 1
            if size >= megabytes * 1e6:
                break
        file.write(end)
    return count


def cost_of(command: list[str | Path], folder: Path) -> Cost:
    """What a command needs; RuntimeError when it fails for another reason than its verdict."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=harness.environment(folder),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said}")
    # The kernel counts kilobytes.
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def measure(case: str, megabytes: float, rounds: int) -> None:
    name, lines, baseline = FILES[case]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = folder / name
        count = write_file(path, lines(), megabytes, ENDS.get(case, ""))
        print(f"\n{case}: {path.stat().st_size / 1e6:.0f} MB, {count:,} lines")
        ours, plain = [], []
        for _ in range(rounds):
            plain.append(cost_of([sys.executable, "-c", BASELINES[baseline], path], folder))
            ours.append(cost_of([harness.loadtui(), "import", path], folder))
    for what, costs in (("loadtui import", ours), (f"Python's {baseline} alone", plain)):
        wall, cpu, peak = (harness.spread([one[at] for one in costs]) for at in range(3))
        print(
            f"  {what:22} {wall.text('{:.1f}')} s   {cpu.text('{:.1f}')} CPU s   "
            f"{peak.text('{:.0f}')} MB at most"
        )
    for what, at in (("wall", 0), ("CPU", 1)):
        ratio = harness.ratios([one[at] for one in ours], [one[at] for one in plain])
        print(f"  ratio of {what} seconds  {harness.spread(ratio).text()}")
    if case == "jtl-csv":
        wall_s, peak_mb = min(one.wall_s for one in ours), max(one.peak_mb for one in ours)
        share = megabytes / 300
        print(
            f"  budget {BUDGET_S * share:.0f} s, {BUDGET_MB} MB: "
            f"{'kept' if wall_s <= BUDGET_S * share and peak_mb <= BUDGET_MB else 'NOT KEPT'}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=float, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=list(FILES), default=list(FILES))
    chosen = parser.parse_args()
    print(harness.machine())
    for case in chosen.only:
        measure(case, chosen.mb, chosen.rounds)


if __name__ == "__main__":
    main()
