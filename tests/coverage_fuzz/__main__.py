"""Many inputs for what reads bytes of others: `python -m tests.coverage_fuzz [TARGET...]`.

Where atheris is installed (`pip install atheris`), inputs are chosen by the code that they reach;
else they are examples that are damaged at random.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any

NAMES = (
    "plan settings manifest baseline journal delta frame events response mcp header".split()  # noqa: SIM905
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--count", type=int, default=100_000, help="inputs of each")
    parser.add_argument("--random", action="store_true", help="without atheris")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(NAMES):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    guided = not asked.random and importlib.util.find_spec("atheris") is not None
    if asked.here:
        return (_guided if guided else _at_random)(asked.targets[0], asked.count)
    wrong = 0
    for name in asked.targets or NAMES:  # atheris ends its process
        began = time.monotonic()
        words = [sys.executable, "-m", "tests.coverage_fuzz", name, "--here"]
        words += [f"--count={asked.count}", *(["--random"] if asked.random else [])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        took = time.monotonic() - began
        how = "by coverage" if guided else "at random"
        found = "something wrong" if done.returncode else "nothing wrong"
        print(f"{name}: {asked.count} inputs {how} in {took:.0f} s, {found}", flush=True)
        if done.returncode:
            wrong += 1
            print("  " + "\n  ".join((done.stdout + done.stderr).strip().splitlines()[-40:]))
    return 1 if wrong else 0


def _guided(name: str, count: int) -> int:
    atheris: Any = importlib.import_module("atheris")  # declared nowhere: tests do without it
    with atheris.instrument_imports(include=["loadtui", "tests.coverage_fuzz"]):
        from tests.coverage_fuzz.fuzz_targets import FUZZ_TARGETS
    target = FUZZ_TARGETS[name]
    with tempfile.TemporaryDirectory() as at:
        folder, corpus, findings = (Path(at) / part for part in ("files", "corpus", "findings"))
        for made in (folder, corpus, findings):
            made.mkdir()
        for number, seed in enumerate(target.seeds()):
            (corpus / f"{number}").write_bytes(seed)
        options = [f"-runs={count}", "-max_len=16384", "-timeout=20", "-rss_limit_mb=2000"]
        options += [f"-artifact_prefix={findings}/", str(corpus)]

        def attempt(data: bytes) -> None:
            target.attempt(data, folder)

        atheris.Setup([sys.argv[0], *options], attempt)
        atheris.Fuzz()
    return 0


def _at_random(name: str, count: int) -> int:
    from tests.coverage_fuzz.fuzz_targets import FUZZ_TARGETS
    from tests.importing.fuzz.mutations import mutated

    target = FUZZ_TARGETS[name]
    seeds = target.seeds()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            draw = Random(f"{name} {number}")
            data = mutated(draw, draw.choice(seeds))
            try:
                target.attempt(data, Path(folder))
            except Exception:
                print(f"input {number}: {data[:2000]!r}")
                traceback.print_exc(file=sys.stdout)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
