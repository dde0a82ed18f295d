"""`python -m tests.importing.fuzz [READER...]`: many damaged files, or one of them to look at."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.importing.fuzz.campaign import described, fuzz
from tests.importing.fuzz.seeds import SEEDS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.importing.fuzz")
    parser.add_argument("readers", nargs="*", help="beginnings of names of readers; default: all")
    parser.add_argument("--count", type=int, default=100_000, help="inputs of each")
    parser.add_argument("--from", dest="start", type=int, default=0, help="number of the first")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=int, help="write the input of that number here, try none")
    asked = parser.parse_args()
    names = [name for name in SEEDS if not asked.readers or name.startswith(tuple(asked.readers))]
    if asked.write is not None:
        from tests.importing.fuzz.trial import fuzz_input

        for name, content in fuzz_input(names[0], asked.write).items():
            Path(name).write_bytes(content)
            print(name)
        return 0
    wrong = 0
    for name in names:
        numbers = range(asked.start, asked.start + asked.count)
        tally = fuzz(name, numbers, processes=asked.processes)
        print(tally.line(), flush=True)
        for place, count in tally.found.most_common():
            print(f"  {count} x {place}")
        for text in described(tally.findings):
            print(text)
        sys.stdout.flush()
        wrong += tally.found.total()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
