"""Runs one command and prints, as JSON, what it and all its descendants cost.

    python meter.py COMMAND [ARGUMENT]...

A load generator may start processes in sessions of their own, which outlive the process that
started them.  This process adopts those that are orphaned (Linux: PR_SET_CHILD_SUBREAPER) and ends
when the last one has, so that the CPU time of its children is that of the whole family.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Raises OSError where the kernel cannot do it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this process cannot adopt orphans")


def wait_for_all() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def main() -> None:
    if sys.argv[1:] in ([], ["--help"]):
        print(__doc__)
        return
    adopt_orphans()
    began = time.monotonic()
    command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    code = command.wait()
    wait_for_all()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = spent.ru_utime + spent.ru_stime
    print(json.dumps({"code": code, "cpu_s": cpu_s, "wall_s": time.monotonic() - began}))


if __name__ == "__main__":
    main()
