"""A project folder in which a test gives commands, each as a process of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from pathlib import Path

from loadtui.launch.running_runs import wait_until_over
from loadtui.store import run_lock
from loadtui.store.stored_run import Run
from loadtui.wire.messages import Command, Snapshot
from loadtui.wire.single_command import call
from tests.support.waiting import TIMEOUT_S, wait_until

LONGEST_S = 2 * TIMEOUT_S
"""That a command takes to say something, or to end."""


class Followed:
    """A command that shows its progress on a terminal (its standard error); with `keys` it is
    also typed at there.  What it says is read all the time: else it would wait for a reader."""

    def __init__(
        self, command: list[str], folder: Path, env: dict[str, str], *, keys: bool = False
    ) -> None:
        self._terminal, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=end if keys else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=end,
            start_new_session=True,
        )
        os.close(end)
        assert self.process.stdout is not None
        self._parts: list[bytes] = []
        self._printed: list[bytes] = []
        self._readers = [
            threading.Thread(target=self._read, args=(source, into), daemon=True)
            for source, into in (
                (self._terminal, self._parts),
                (self.process.stdout.fileno(), self._printed),
            )
        ]
        for reader in self._readers:
            reader.start()

    @property
    def said(self) -> str:
        """On its terminal, so far."""
        return b"".join(self._parts).decode(errors="replace")

    @property
    def printed(self) -> str:
        """On its standard output, so far."""
        return b"".join(self._printed).decode(errors="replace")

    def wait_for(self, pattern: str) -> None:
        """Return once the progress says this."""

        def look() -> bool:
            ended = not self._readers[0].is_alive()
            if re.search(pattern, self.said):
                return True
            assert not ended, f"ended without saying {pattern!r}: {self.said}"
            return False

        wait_until(look, pattern, LONGEST_S)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def end(self) -> int:
        """Wait for the command to end by itself; its exit code."""
        code = self.process.wait(LONGEST_S)
        for reader in self._readers:
            reader.join(TIMEOUT_S)
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join(TIMEOUT_S)
            assert not reader.is_alive(), "somebody still holds the command's terminal or output"
        assert self.process.stdout is not None
        self.process.stdout.close()
        os.close(self._terminal)

    @staticmethod
    def _read(source: int, into: list[bytes]) -> None:
        with contextlib.suppress(OSError):  # nobody holds the other end any more
            while part := os.read(source, 65536):
                into.append(part)


class Project:
    """A folder with files in it, and the runs that were started there."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._env = {**os.environ, "TERM": "xterm", **environment}
        self._followed: list[Followed] = []

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def give(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Give a command and wait for its end."""
        return subprocess.run(
            [sys.executable, "-m", "loadtui", *arguments],
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=2 * TIMEOUT_S,
            check=False,
        )

    def follow(self, *arguments: str, keys: bool = False) -> Followed:
        """Give a command that goes on; it is killed with the test if need be."""
        command = [sys.executable, "-m", "loadtui", *arguments]
        followed = Followed(command, self.folder, self._env, keys=keys)
        self._followed.append(followed)
        return followed

    def detach(self, *arguments: str) -> Path:
        """Start a run that goes on by itself; its folder, once users are at work."""
        given = self.give("run", "--detach", *arguments)
        assert given.returncode == 0, given.stderr
        folder = self.runs / given.stdout.strip()
        snapshot(folder, lambda s: s.users > 0 and s.totals.requests > 0)
        return folder

    @property
    def runs(self) -> Path:
        return self.folder / ".loadtui" / "runs"

    def only_run(self) -> Path:
        """Folder of the project's one run, as soon as it is there."""

        def look() -> Path | None:
            found = list(self.runs.iterdir()) if self.runs.is_dir() else []
            return found[0] if len(found) == 1 else None

        return wait_until(look, "a run folder")

    def saved(self, folder: Path) -> Run:
        """The run once its host has ended."""
        assert wait_until_over(folder, TIMEOUT_S), (folder / "host.log").read_text()
        return Run.open(folder)

    def close(self) -> None:
        """End what a failed test left behind."""
        for followed in self._followed:
            followed.close()
        if self.runs.is_dir():
            for folder in self.runs.iterdir():
                if run_lock.is_held(folder) and (host := host_of(folder)) is not None:
                    os.kill(host, signal.SIGKILL)


def snapshot(folder: Path, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot of a run that is as wanted."""

    def look() -> Snapshot | None:
        found = call(folder, Command(1, "snapshot")).snapshot
        return found if found is not None and wanted(found) else None

    return wait_until(look, f"such a snapshot of {folder.name}")


def host_of(folder: Path) -> int | None:
    """Pid of the host of the run in `folder`."""
    return next(iter(processes_about(folder, b"loadtui.engine")), None)


def processes_about(folder: Path, *words: bytes) -> list[int]:
    """Pids of processes whose command line has the run's folder, and these words."""
    wanted = {os.fsencode(folder), *words}
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                given = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted <= set(given):
                found.append(int(entry.name))
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
