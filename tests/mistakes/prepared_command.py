"""A process that has imported the command, and gives each command line in a fork of itself.

Started as `python -m tests.mistakes.prepared_command`.  It reads a JSON object a line (`folder`,
`words`, `environment`, `seconds`) and answers with one a line (`code`, `stdout`, `stderr`); `code`
is null for a command that had not ended in time and was killed, with all that it had started.
Polars is not imported: a fork has its locks without the threads that hold them.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from typing import Any

PREPARED = (
    *(
        "group",
        "run",
        "check",
        "compare",
        "report",
        "runs",
        "baseline",
        "status",
        "simulate",
        "demo",
    ),
    *("import_", "attach", "stop", "users", "mark", "issue", "calibrate", "serve"),
)
LOOK_EVERY_S = 0.005


def _give(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _be_command(asked, out.fileno(), err.fileno())
        code = _ended(child, asked["seconds"])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return {"code": code, "stdout": texts[0], "stderr": texts[1]}


def _ended(child: int, seconds: float) -> int | None:
    """The exit code; None after that many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(LOOK_EVERY_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _be_command(asked: dict[str, Any], out: int, err: int) -> None:
    from loadtui.__main__ import run

    code = 70
    try:
        os.setsid()
        os.chdir(asked["folder"])
        os.environ.update(asked["environment"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, number in ((nothing, 0), (out, 1), (err, 2)):
            os.dup2(target, number)
        code = run(list(asked["words"]))
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    for name in PREPARED:
        importlib.import_module(f"loadtui.cli.{name}")
    for name in ("plan.toml", "launch.start_host", "store.run_list"):
        importlib.import_module(f"loadtui.{name}")
    assert "polars" not in sys.modules
    answers = os.fdopen(os.dup(1), "w")
    questions = os.fdopen(os.dup(0), "r")
    for line in questions:
        print(json.dumps(_give(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
