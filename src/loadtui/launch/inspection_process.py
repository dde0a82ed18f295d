"""Look at a run's locustfiles in a process of its own, which may be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile

import msgspec

from loadtui.errors import UsageError
from loadtui.store.log_lines import said_before
from loadtui.wire.inspection import Inspection
from loadtui.wire.run_spec import RunSpec

TIMEOUT_S = 30.0


def inspect_plan(spec: RunSpec, timeout: float = TIMEOUT_S) -> Inspection:
    """Import the locustfiles and check all that can be checked without sending a request.

    Raises UsageError, the traceback as its note, when the run could not start, and when the files
    are not through after `timeout` seconds.
    """
    # Output goes to a file: a process that the locustfile leaves behind would hold a pipe open.
    with tempfile.TemporaryFile() as errors:
        # -P: modules in the current folder must not take the place of installed ones.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "loadtui.engine.locustfile.inspect"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=spec.folder or None,
            start_new_session=True,
        )
        try:
            answer, _ = process.communicate(msgspec.json.encode(spec), timeout=timeout)
        except subprocess.TimeoutExpired:
            raise UsageError(
                f"{_names(spec)} did not finish importing within {timeout:g} s: look for a loop, "
                "a wait or a network call at the top level of the file"
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        errors.seek(0)
        printed = errors.read().decode(errors="replace")
    try:
        inspection = msgspec.json.decode(answer, type=Inspection)
    except msgspec.DecodeError:
        raise _refused(
            f"{_names(spec)} ended the process while it was imported "
            f"({_ended(process.returncode)}){said_before(printed.splitlines())}",
            printed,
        ) from None
    if inspection.error:
        raise _refused(inspection.error, inspection.detail)
    return inspection


def _refused(sentence: str, detail: str) -> UsageError:
    error = UsageError(sentence)
    if detail:
        error.add_note(detail)
    return error


def _ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _names(spec: RunSpec) -> str:
    files = spec.plan.locustfiles
    return ("locustfiles " if len(files) > 1 else "locustfile ") + ", ".join(files)
