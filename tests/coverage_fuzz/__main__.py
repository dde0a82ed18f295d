"""Many inputs for what reads bytes of others: `python -m tests.coverage_fuzz [TARGET...]`.

Where atheris is installed (`pip install atheris`), inputs are chosen by the code that they reach;
else they are examples that are damaged at random.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any

LONGEST = 8192
"""Bytes of an input that is chosen by coverage."""
_FOLDER = Path("/dev/shm")
"""For files: opening one elsewhere takes longer than reading what is in it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="names of targets; default: all")
    parser.add_argument("--count", type=int, default=100_000, help="inputs of each")
    parser.add_argument("--seconds", type=int, default=0, help="the most for each, guided")
    parser.add_argument("--random", action="store_true", help="without atheris")
    parser.add_argument("--here", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--watch", default="loadtui", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    guided = not asked.random and importlib.util.find_spec("atheris") is not None
    if asked.here:
        (name,) = asked.targets
        if guided:
            ends = [f"-runs={asked.count}", f"-max_total_time={asked.seconds}"]
            _guided(name, ends, asked.watch.split(","), asked.here)
        return _at_random(name, asked.count, asked.here)
    os.environ["POLARS_MAX_THREADS"] = "1"  # Small tables.
    names = list(_targets())
    if unknown := set(asked.targets) - set(names):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    wrong = 0
    for name in asked.targets or names:
        options = [f"--count={asked.count}", f"--seconds={asked.seconds}"]
        wrong += _tried(name, [*options, *(["--random"] if asked.random else [])])
    return 1 if wrong else 0


def _targets() -> dict[str, Any]:
    from tests.coverage_fuzz.fuzz_targets import FUZZ_TARGETS
    from tests.coverage_fuzz.importer_targets import IMPORTER_TARGETS

    return {**FUZZ_TARGETS, **IMPORTER_TARGETS}


def _watched(name: str) -> str:
    """The modules whose code an importer is to reach: to watch more takes minutes to start."""
    from loadtui.importing.registry import READERS

    for reader in READERS:
        if reader.name == name:
            package = reader.claims.__module__.rpartition(".")[0]
            own = package if package != "loadtui.importing" else reader.claims.__module__
            return f"{own},loadtui.importing.files"
    return "loadtui"


def _tried(name: str, options: list[str]) -> bool:
    """Whether something is wrong; in a process of its own, as atheris ends it."""
    with tempfile.TemporaryDirectory(dir=_FOLDER if _FOLDER.is_dir() else None) as folder:
        began = time.monotonic()
        words = [sys.executable, "-m", "tests.coverage_fuzz", name, f"--here={folder}", *options]
        words += [f"--watch={_watched(name)}"]
        done = subprocess.run(words, capture_output=True, check=False)
        took = time.monotonic() - began
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        count = max((int(number) for number in re.findall(r"^#(\d+)\s", said, re.M)), default=0)
        found = "something wrong" if done.returncode else "nothing wrong"
        print(f"{name}: {count} inputs in {took:.0f} s, {found}", flush=True)
        if done.returncode:
            print("  " + "\n  ".join(said.strip().splitlines()[-40:]))
            for path in (Path(folder) / "findings").glob("*"):
                print(f"  {path.name}: {path.read_bytes()!r}", flush=True)
    return done.returncode != 0


def _guided(name: str, options: list[str], watched: list[str], folder: Path) -> None:
    """Ends the process."""
    atheris: Any = importlib.import_module("atheris")  # declared nowhere: tests do without it
    with atheris.instrument_imports(include=watched):
        if watched == ["loadtui"]:
            from tests.coverage_fuzz.fuzz_targets import FUZZ_TARGETS as TARGETS
        else:
            from tests.coverage_fuzz.importer_targets import IMPORTER_TARGETS as TARGETS
    target = TARGETS[name]
    files, corpus, findings = (folder / part for part in ("files", "corpus", "findings"))
    for made in (files, corpus, findings):
        made.mkdir()
    for number, seed in enumerate(target.seeds()):
        (corpus / f"{number}").write_bytes(seed)
    options += [f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=2000"]
    options += [f"-artifact_prefix={findings}/", str(corpus)]

    def attempt(data: bytes) -> None:
        target.attempt(data, files)

    atheris.Setup([sys.argv[0], *options], attempt)
    atheris.Fuzz()


def _at_random(name: str, count: int, folder: Path) -> int:
    from tests.importing.fuzz.mutations import mutated

    target = _targets()[name]
    seeds = target.seeds()
    for number in range(count):
        draw = Random(f"{name} {number}")
        data = mutated(draw, draw.choice(seeds))
        try:
            target.attempt(data, folder)
        except Exception:
            print(f"input {number}: {data[:2000]!r}")
            traceback.print_exc(file=sys.stdout)
            return 1
    print(f"#{count} DONE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
