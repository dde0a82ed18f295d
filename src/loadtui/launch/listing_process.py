"""Have the engine list what is in locustfiles, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Literal

import msgspec

from loadtui.wire.run_spec import RunSpec

Listed = Literal["classes", "ratio", "ratio-json"]


def list_locustfiles(spec: RunSpec, what: Listed) -> int:
    """Print it on this process's standard output; the exit code is Locust's."""
    # -P: modules in the current folder must not take the place of installed ones.
    command = [sys.executable, "-P", "-m", "loadtui.engine.locustfile.listing", what]
    answered = subprocess.run(
        command, input=msgspec.json.encode(spec), cwd=spec.folder or None, check=False
    )
    return answered.returncode
