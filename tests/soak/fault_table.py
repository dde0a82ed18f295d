"""Every fault over several seeds, and a table of what was served and what of it is known."""

from __future__ import annotations

import argparse
import queue
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.soak.balance import Balance, balance
from tests.soak.faults import FAULTS, ServedFault
from tests.support.mounted_disks import CannotMountError
from tests.support.servers import Nginx
from tests.support.tools import need_tool

COLUMNS = ("fault", "seeds", "served", "recorded", "unfinished", "lost", "unsent", "difference")
WIDTHS = (32, 7, *[11] * (len(COLUMNS) - 2))


def row(of_fault: Sequence[Balance]) -> str:
    """Of the runs of one fault: sums, and the least and most difference of a run."""
    least, most = (of(one.difference for one in of_fault) for of in (min, max))
    cells = [
        of_fault[0].fault,
        str(len(of_fault)),
        *(
            str(sum(getattr(one, name) for one in of_fault))
            for name in ("served", "recorded", "unfinished", "lost", "unsent")
        ),
        str(most) if least == most else f"{least} to {most}",
    ]
    return line(cells)


def line(cells: Sequence[str]) -> str:
    first, *rest = cells
    widths = WIDTHS[1:]
    return first.ljust(WIDTHS[0]) + "".join(
        cell.rjust(width) for cell, width in zip(rest, widths, strict=True)
    )


class FaultTable:
    """Makes the runs, so many at a time, and prints a row once all of a fault are done."""

    def __init__(self, folder: Path, targets: Sequence[Nginx]) -> None:
        self._folder = folder
        self._targets: queue.SimpleQueue[Nginx] = queue.SimpleQueue()
        for target in targets:
            self._targets.put(target)
        self._pool = ThreadPoolExecutor(len(targets))
        self.wrong = 0
        self.balances: list[Balance] = []

    def run(self, faults: Sequence[ServedFault], seeds: Sequence[int]) -> None:
        pending = [
            (fault, [self._pool.submit(self._balance, fault, seed) for seed in seeds])
            for fault in faults
        ]
        print(line(COLUMNS), flush=True)
        for fault, runs in pending:
            found, told = [], []
            for seed, made in zip(seeds, runs, strict=True):
                try:
                    one = made.result()
                except CannotMountError as error:
                    told = [f"  left out: {error}"]
                except AssertionError as error:
                    self.wrong += 1
                    told.append(f"  seed {seed}: {error}")
                else:
                    found.append(one)
                    self.wrong += bool(one.wrong)
                    told += [f"  seed {seed} ({one.load}): {word}" for word in one.wrong]
            self.balances += found
            print("\n".join([row(found) if found else fault.name, *told]), flush=True)

    def _balance(self, fault: ServedFault, seed: int) -> Balance:
        target = self._targets.get()
        own = self._folder / f"{fault.name} {seed}".replace(" ", "-")
        own.mkdir()
        try:
            return balance(fault, seed, own, target)
        finally:
            self._targets.put(target)


def main(asked: argparse.Namespace) -> int:
    """1 when anything does not agree."""
    names = [fault.name for fault in FAULTS]
    if unknown := set(asked.only) - set(names):
        raise SystemExit(f"no such fault: {', '.join(sorted(unknown))}; of {', '.join(names)}")
    chosen = [fault for fault in FAULTS if not asked.only or fault.name in asked.only]
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak")))
        program = need_tool("nginx")
        targets = [
            stack.enter_context(Nginx(program, folder / f"target {number}"))
            for number in range(asked.processes)
        ]
        table = FaultTable(folder, targets)
        table.run(chosen, range(asked.first, asked.first + asked.seeds))
    served = sum(one.served for one in table.balances)
    print(
        f"{len(table.balances)} runs, {served} requests served, {table.wrong} wrong, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if table.wrong else 0
