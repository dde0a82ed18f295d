"""Let every n-th call of a short run and of other commands fail: `python -m tests.nth_call`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.nth_call.bench_process import prepare, tried
from tests.nth_call.fault import Fault, built, faults
from tests.nth_call.occasion import OCCASIONS, template
from tests.nth_call.trial import Trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nth_call", description=__doc__)
    names = [occasion.name for occasion in OCCASIONS]
    parser.add_argument("occasions", nargs="*", metavar="OCCASION", help=f"of {', '.join(names)}")
    parser.add_argument("--role", help="only in this process: command, host, worker or judge")
    parser.add_argument("--call", help="only calls of this kind, such as write")
    parser.add_argument("--at", type=int, help="only this one of them")
    parser.add_argument("--lasting", action="store_true", help="all later ones fail as well")
    parser.add_argument("--every", type=int, default=1, help="only each so-many-th fault")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what failed")
    asked = parser.parse_args()
    if unknown := set(asked.occasions) - set(names):
        parser.error(f"no such occasion: {', '.join(sorted(unknown))}")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="nth") as at:
        folder = Path(at)
        library = built(folder)
        project = template(folder)
        for occasion in OCCASIONS:
            if asked.occasions and occasion.name not in asked.occasions:
                continue
            began = time.monotonic()
            made = hits = 0
            setting = (folder, library, project)
            # Not forked: threads of polars, which made the template, are in no forked process.
            with ProcessPoolExecutor(
                asked.processes, get_context("spawn"), initializer=prepare, initargs=setting
            ) as pool:
                first = pool.submit(tried, occasion.name, None).result()
                wrong += _told(first, verbose=asked.verbose)
                chosen = [*_chosen(first, asked)][:: asked.every]
                for trial in pool.map(tried, [occasion.name] * len(chosen), chosen):
                    made += 1
                    hits += bool(trial.failed)
                    wrong += _told(trial, verbose=asked.verbose)
            counted = ", ".join(
                f"{role} {call} {count}" for (role, call), count in sorted(first.counts.items())
            )
            took = time.monotonic() - began
            print(
                f"{occasion.name}: {made} faults, {hits} met, {took:.0f} s ({counted})", flush=True
            )
    print(f"{wrong} wrong")
    return 1 if wrong else 0


def _chosen(first: Trial, asked: argparse.Namespace) -> Iterator[Fault]:
    for fault in faults(first.counts, lasting=asked.lasting):
        wanted = (asked.role, asked.call, asked.at)
        have = (fault.role, fault.call, fault.at)
        if all(want in (None, has) for want, has in zip(wanted, have, strict=True)):
            yield fault


def _told(trial: Trial, *, verbose: bool) -> int:
    """Print what is wrong; whether anything is."""
    code = "no end" if trial.outcome is None else f"exit code {trial.outcome.code}"
    if trial.wrong or verbose:
        print(f"  {trial.fault or 'without a fault'} ({trial.failed}): {code}")
    for sentence in trial.wrong:
        print(f"    {sentence}")
    if trial.wrong and trial.outcome is not None:
        print("      | " + "\n      | ".join(trial.outcome.stderr.strip().splitlines()[-6:]))
    return bool(trial.wrong)


if __name__ == "__main__":
    sys.exit(main())
