"""`python -m loadtui.engine.locustfile.listing classes|ratio|ratio-json`: what Locust's --list,
--show-task-ratio and --show-task-ratio-json print.

Reads a RunSpec as JSON from stdin; the exit code is Locust's.
"""

from __future__ import annotations

import sys

import locust.log
import msgspec
from locust.user.inspectuser import print_task_ratio, print_task_ratio_json

from loadtui.engine.locustfile.load import choose
from loadtui.engine.locustfile.loaded_run import load_run
from loadtui.engine.locustfile.locust_exit_codes import locust_code
from loadtui.errors import UsageError
from loadtui.wire.run_spec import RunSpec

_LINE = "-" * 80


def print_listing(spec: RunSpec, question: str) -> None:
    """Raises UsageError as loading the locustfiles and resolving their options does."""
    run = load_run(spec)
    loaded, options = run.loaded, run.resolved.options
    if question == "classes":
        print("Available Users:", *(f"    {name}" for name in loaded.user_classes), sep="\n")
        return
    classes = choose(loaded, options.user_classes)
    if question == "ratio-json":
        print_task_ratio_json(classes, options.num_users)
        return
    for title, total in (("Task ratio per User class", False), ("Total task ratio", True)):
        print(f"\n {title}", _LINE, sep="\n")
        print_task_ratio(classes, options.num_users, total)


def main() -> int:
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=RunSpec)
    if spec.settings.sets_up_logging:
        locust.log.setup_logging(spec.settings.loglevel)
    try:
        print_listing(spec, sys.argv[1])
    except UsageError as error:
        print(f"loadtui: error: {error}", file=sys.stderr)
        return locust_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
