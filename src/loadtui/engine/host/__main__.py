"""A run host: `python -m loadtui.engine.host RUN_FOLDER`, started by the launcher.

Only what is needed to start the workers is imported here, so that they import Locust while this
process does the same.
"""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
from pathlib import Path

from loadtui.engine.host.pinning import pin_apart
from loadtui.engine.host.starting import Starting
from loadtui.engine.host.worker_processes import WorkerProcesses
from loadtui.engine.process_output import OUTPUT
from loadtui.store.log_lines import HOST_PROCESS


def main() -> int:
    parser = argparse.ArgumentParser(prog="loadtui.engine.host")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--report", type=int, required=True, help="descriptor for the StartReport")
    parser.add_argument("--lifeline", type=int, help="descriptor whose end stops the run")
    arguments = parser.parse_args()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    OUTPUT.take(HOST_PROCESS)
    starting = Starting(arguments.folder)
    if arguments.lifeline is not None:
        starting.end_with(arguments.lifeline)
    settings = json.loads((arguments.folder / "spec.json").read_bytes())["settings"]
    processes = WorkerProcesses(settings["processes"], arguments.folder)
    if settings.get("pin"):
        pin_apart(processes.pids)

    # Imports make objects by the hundred thousand and hardly any garbage: looking for it meanwhile
    # would take a tenth of the time, and looking through them again and again later stalls a run.
    gc.disable()
    import locust  # noqa: F401  (patches the standard library, so before everything else)

    from loadtui.engine.host.run_host import host_run

    gc.freeze()
    gc.enable()
    return host_run(arguments.folder, processes, arguments.report, arguments.lifeline, starting)


if __name__ == "__main__":
    sys.exit(main())
