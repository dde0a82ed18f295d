"""How long the command takes to say something, over what Python itself takes.

python tests/benchmarks/startup.py [--rounds 10]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import harness

COMMANDS: dict[str, list[str | Path]] = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "loadtui --version": [harness.loadtui(), "--version"],
    "loadtui --help": [harness.loadtui(), "--help"],
    "loadtui run --help": [harness.loadtui(), "run", "--help"],
    "completing a run": [
        *("env", "_LOADTUI_COMPLETE=bash_complete", "COMP_CWORD=3"),
        *("COMP_WORDS=loadtui runs show 2", harness.loadtui()),
    ],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):
        for name, command in COMMANDS.items():
            took[name].append(1000 * harness.cost(command).wall_s)
    print(harness.machine())
    print("milliseconds (least - median - most)")
    for name, values in took.items():
        print(
            f"{name:20}  {harness.spread(values[1:]).text('{:.0f}')}"
        )  # the first reads from disk


if __name__ == "__main__":
    main()
