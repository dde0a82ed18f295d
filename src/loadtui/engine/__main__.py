"""A run: `python -m loadtui.engine RUN_FOLDER`, started by the launcher.

Only what is needed to end with the launcher, and to name who prints, is imported before Locust,
which patches the standard library.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from pathlib import Path

from loadtui.engine.host.log_watch import watch_log
from loadtui.engine.host.starting import Starting
from loadtui.engine.process_output import OUTPUT
from loadtui.store.log_lines import HOST_PROCESS


def main() -> int:
    parser = argparse.ArgumentParser(prog="loadtui.engine")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--spec", type=int, required=True, help="descriptor of the RunSpec")
    parser.add_argument("--report", type=int, required=True, help="descriptor for the StartReport")
    parser.add_argument("--lifeline", type=int, help="descriptor whose end stops the run")
    arguments = parser.parse_args()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    OUTPUT.take(HOST_PROCESS)
    watch_log()
    starting = Starting(arguments.folder)
    if arguments.lifeline is not None:
        starting.end_with(arguments.lifeline)
    # Imports make objects by the hundred thousand and hardly any garbage: looking for it meanwhile
    # would take a tenth of the time.
    gc.disable()
    import locust  # noqa: F401  (patches the standard library, so before everything else)

    from loadtui.engine.run_processes import run_in_processes

    return run_in_processes(
        arguments.folder, arguments.spec, arguments.report, arguments.lifeline, starting
    )


if __name__ == "__main__":
    sys.exit(main())
