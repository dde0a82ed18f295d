"""The embedded target, started and stopped: `with DemoTarget() as target: ... target.url`."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from types import TracebackType
from typing import IO

from loadtui.errors import UsageError

TARGET_READY_S = 20.0
TARGET_STOP_S = 3.0


class DemoTarget:
    """A server process on a loopback port; it also ends when this process does.

    `service` is `gateway`, `rag` or `mcp`, `port` 0 a free one.  `slow` multiplies its service
    times, `error_rate` (0 to 1) is the share of completions, queries or tool calls that fail,
    `stall` such as `5s/60s` how long and how often nothing is answered, `slots` how many
    completions the gateway makes at a time.  With `pin` it keeps to the first core.
    """

    def __init__(
        self,
        service: str = "gateway",
        *,
        port: int = 0,
        seed: int = 1,
        slow: float = 1.0,
        error_rate: float = 0.0,
        stall: str | None = None,
        slots: int | None = None,
        pin: bool = False,
    ) -> None:
        self.service = service
        self.url = ""
        self._options = [service, f"--port={port}", f"--seed={seed}"]
        self._options += [f"--slow={slow}", f"--error-rate={error_rate}"]
        self._options += [f"--stall={stall}"] if stall is not None else []
        self._options += [f"--slots={slots}"] if slots is not None else []
        self._options += ["--pin"] if pin else []
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the server lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Of the server; None while it does not run."""
        return self._process.pid if self._process else None

    def launch(self) -> None:
        """Start the server's process, and do not wait for it; UsageError without its packages."""
        missing = [name for name in _needs(self.service) if find_spec(name) is None]
        if missing:
            raise UsageError(
                f"the demo needs {' and '.join(missing)}, install with pip install 'loadtui[demo]'"
            )
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed by stop)
        # A session of its own: Ctrl-C must reach the run alone, which needs its target to the end.
        self._process = subprocess.Popen(
            # -P: a file beside the caller may be called like a package of the target.
            [sys.executable, "-P", "-m", "loadtui.demo.server", "--lifeline", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        """Wait until a launched server listens; UsageError when it does not come to it."""
        assert self._process is not None
        self.url = json.loads(self._first_line(self._process))["url"]

    def __enter__(self) -> DemoTarget:
        """Launch the server and wait until it is ready."""
        self.launch()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout is not None
        deadline = time.monotonic() + TARGET_READY_S
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                raise UsageError(
                    f"the demo's target did not start within {TARGET_READY_S:g} s, try again "
                    "when this machine is less busy"
                )
            piece = process.stdout.read1(4096)  # type: ignore[attr-defined]
            if not piece:
                raise UsageError(f"the demo's target did not start: {self._last_complaint()}")
            line += piece
        return line

    def _last_complaint(self) -> str:
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def stop(self) -> None:
        """End the server, gracefully if it can; nothing happens when there is none."""
        process = self._process
        if process is None:
            return
        self._process = None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()  # the lifeline: it stops gracefully
        for end in (process.terminate, process.kill, lambda: None):
            try:
                process.wait(TARGET_STOP_S)
                break
            except subprocess.TimeoutExpired:
                end()
        process.stdout.close()
        if self._complaints is not None:
            self._complaints.close()


def _needs(service: str) -> tuple[str, ...]:
    """Packages of the extra `demo` that a service cannot do without."""
    web = ("starlette", "uvicorn")
    return (*web, "mcp") if service == "mcp" else web
