"""Single bits flipped in files of a run, a baseline and an archive: `python -m tests.bit_flips`."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bit_flips", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="bits that are flipped")
    parser.add_argument("--each", type=int, default=1, help="commands to see each; 0: all")
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    from tests.bit_flips.flipped_bits import FlippedProject

    wrong = 0
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        flipped = FlippedProject(Path(folder))
        for finding in flipped.try_flips(asked.count, asked.each, asked.seed):
            wrong += 1
            print(finding, flush=True)
    print(f"{flipped.tally}, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
