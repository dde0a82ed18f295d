"""Run cases under both programs and print a table: `python -m tests.conformance [NAME...]`."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.conformance.case import Case, all_cases
from tests.conformance.comparison import differences, unheard
from tests.conformance.deviations import not_in_the_table
from tests.conformance.programs import Observed, observe
from tests.conformance.script import SCRIPT
from tests.support.scripted_server import ScriptedServer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("names", nargs="*", help="cases; default: all")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what both printed")
    asked = parser.parse_args()
    cases = [c for c in all_cases() if not asked.names or c.name in asked.names]
    if unknown := set(asked.names) - {c.name for c in cases}:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    equal = sum(_shown(case, asked.verbose) for case in cases)
    print(f"\n{equal} of {len(cases)} equal (=), or different on purpose (≈)")
    return 0 if equal == len(cases) else 1


def _shown(case: Case, verbose: bool) -> bool:
    with tempfile.TemporaryDirectory() as folder, ScriptedServer() as server:
        began = time.monotonic()
        locust, loadtui = observe(case, server, SCRIPT, Path(folder))
        took = time.monotonic() - began
    found = differences(case, locust, loadtui)
    total = sum(figures.requests for figures in locust.endpoints.values())
    surprises = not_in_the_table(case.name, found)
    mark = "≠" if surprises else "≈" if found else "="
    print(
        f"{mark} {case.name:<34} {total:>5} requests  exit {locust.code}  {took:4.1f} s", flush=True
    )
    for line in found:
        print(f"      {line}")
    if silent := unheard(locust, loadtui):
        print(f"      (not on the terminal: {'; '.join(silent)})")
    if verbose:
        _print_all("Locust", locust)
        _print_all("loadtui", loadtui)
    return not surprises


def _print_all(program: str, observed: Observed) -> None:
    print(f"---- {program}: exit code {observed.code}\n{observed.terminal}")
    for figures in observed.endpoints.items():
        print("    ", figures)
    for error in observed.errors.items():
        print("    ", error)
    for exception in observed.exceptions.items():
        print("    ", exception)
    for request in observed.served:
        print("    ", request.data)
    for written in observed.files.items():
        print("    ", written)


if __name__ == "__main__":
    raise SystemExit(main())
