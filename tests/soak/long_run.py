"""A run against nginx that is measured from outside while it is running: the memory of its
processes, and at its end its counts against the target's own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtui.store.manifest_file import read_manifest
from loadtui.store.run_lock import is_held
from tests.soak.process_memory import Held, held_by
from tests.support.command import Document, command
from tests.support.project import Project, host_of, processes_about
from tests.support.servers import Nginx
from tests.support.waiting import wait_until

ENDS_S = 60.0
"""That a run takes from its last second to its files."""
JUDGING = b"loadtui.engine.host.judging"


class LongRun:
    """`run --detach` in a project of its own."""

    def __init__(self, project: Project, target: Nginx, *arguments: str) -> None:
        self._target = target
        target.reset()
        self.folder = project.detach("locustfile.py", "-H", target.url, *arguments)
        self._project = project
        host = host_of(self.folder)
        assert host is not None
        self.pids = {"host": host}
        for worker in read_manifest(self.folder).workers:
            self.pids[f"worker {worker.index}"] = worker.pid
        self.history: dict[str, list[tuple[float, Held]]] = {}
        """Of each process: seconds since the start, and what it held."""
        self._began = time.monotonic()
        self.judge_mb = 0.0
        """The most that was seen of the process that judges the run."""

    def watch(self, every_s: float, meanwhile: Callable[[float], object] = time.sleep) -> None:
        """Print what all processes hold, every so often, until the run is over; `meanwhile` passes
        so many seconds."""
        while self.running:
            self._note()
            until = time.monotonic() + every_s
            while self.running and time.monotonic() < until:
                meanwhile(min(max(until - time.monotonic(), 0), 1.0))

    @property
    def running(self) -> bool:
        """Whether users are at work."""
        return is_held(self.folder) and read_manifest(self.folder).state == "running"

    def _note(self) -> None:
        at = time.monotonic() - self._began
        parts = []
        for name, pid in self.pids.items():
            held = held_by(pid)
            if held.rss:
                self.history.setdefault(name, []).append((at, held))
                parts.append(f"{name} {held.rss:.1f} ({held.pss:.1f})")
        print(f"{at:7.0f} s  MB of memory, RSS (PSS): {', '.join(parts)}", flush=True)

    def end(self) -> Document:
        """Wait for its end, noting what its judge holds; the run as `runs show --json` has it."""

        def look() -> bool:
            judge = next(iter(processes_about(self.folder, JUDGING)), None)
            if judge is not None:
                self.judge_mb = max(self.judge_mb, _peak_mb(judge))
            return not is_held(self.folder)

        wait_until(look, "the end of the run", ENDS_S)
        shown = command(self._project.folder, "runs", "show", self.folder.name, "--json")
        assert shown.stdout, shown.stderr
        return shown.document

    def counts(self, document: Document) -> bool:
        """Print them; whether served is recorded + unfinished + lost, and those that were started
        after the end and are in no figure: a starved worker hears of the end late."""
        wait_until(lambda: self._target.connections() <= 0, "the target to read what was sent")
        served, totals = self._target.count(), document["totals"]
        late = document["late"] or 0
        parts = totals["requests"], document["unfinished"], totals["lost"], late
        told = [f"{part:,}".replace(",", " ") for part in (served, *parts)]
        even = served == sum(parts)
        print(
            f"served {told[0]} {'=' if even else 'IS NOT'} "
            f"recorded {told[1]} + unfinished {told[2]} + lost {told[3]} + late {told[4]}; "
            f"{served / max(document['duration_s'], 1):.0f}/s, {validity(document)}"
        )
        return even


def validity(document: Document) -> str:
    if document["valid"]:
        return "valid"
    return "invalid: " + "; ".join(document["invalid_reasons"])


@contextmanager
def project_with(folder: Path, locustfile: str, **environment: str) -> Iterator[Project]:
    """A project with this locustfile, and state of its own."""
    state = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    project = Project(folder / "project", **environment)
    project.write("locustfile.py", locustfile)
    try:
        yield project
    finally:
        project.close()
        if state is None:
            del os.environ["XDG_STATE_HOME"]
        else:
            os.environ["XDG_STATE_HOME"] = state


def _peak_mb(pid: int) -> float:
    """The most that a process has held so far."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line for line in lines if line.startswith("VmHWM")]
    return int(found[0].split()[1]) / 1024 if found else 0.0
