"""A run host: `python -m loadtui.engine.host RUN_FOLDER`, started by the launcher.

Only what is needed to start the workers is imported here, so that they import Locust while this
process does the same.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from pathlib import Path

from loadtui.engine.host.pinning import pin_apart
from loadtui.engine.host.worker_processes import WorkerProcesses


def main() -> int:
    parser = argparse.ArgumentParser(prog="loadtui.engine.host")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--report", type=int, required=True, help="descriptor for the Started line")
    parser.add_argument("--lifeline", type=int, help="descriptor whose end stops the run")
    parser.add_argument("--pin", action="store_true", help="a core for each worker")
    given = parser.parse_args()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    processes = WorkerProcesses(given.processes, given.folder)
    if given.pin:
        pin_apart(processes.pids)

    # Imports make objects by the hundred thousand and hardly any garbage: looking for it meanwhile
    # would take a tenth of the time, and looking through them again and again later stalls a run.
    gc.disable()
    import locust  # noqa: F401  (patches the standard library, so before everything else)

    from loadtui.engine.host.run_host import RunHost

    gc.freeze()
    gc.enable()
    return RunHost(given.folder, processes, given.report, given.lifeline).run()


if __name__ == "__main__":
    sys.exit(main())
