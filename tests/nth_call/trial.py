"""One try: a command whose n-th call of a kind fails, and what is wrong with what comes of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.nth_call.fault import Fault
from tests.nth_call.occasion import OLD, Occasion, unreadable
from tests.support.command import Outcome, Running
from tests.support.servers import Nginx

LONGEST_S = 90.0
"""That a command takes whose call fails; without a failure none takes five seconds; a
worker that the host hears no more of is waited for, for thirty."""
LINGERS_S = 10.0
"""That a process may live on after its command."""
NEVER = re.compile(r"Traceback \(most recent call last\)|internal error|panicked at")


@dataclass(frozen=True)
class Trial:
    fault: Fault | None
    outcome: Outcome | None
    """None: it did not end."""
    failed: str
    """The call that failed, in a word or two; empty where there was none."""
    counts: Counter[tuple[str, str]]
    """(role, kind of call) -> how many."""
    wrong: list[str]


class Bench:
    """Where trials are made, in copies of one project."""

    def __init__(self, folder: Path, library: Path, template: Path, target: Nginx) -> None:
        self._folder = folder
        self._library = library
        self._template = template
        self._target = target
        self._made = 0

    def trial(self, occasion: Occasion, fault: Fault | None = None) -> Trial:
        """Give the command, with that call failing, if any."""
        self._made += 1
        own = self._folder / f"{os.getpid()}-{self._made}"
        project = own / "project"
        template = self._template.with_name("killed") if occasion.recovers else self._template
        shutil.copytree(template, project)
        for name in occasion.written:
            (project / name).write_text(OLD)
        newest = max((project / ".loadtui" / "runs").iterdir()).name
        log = own / "calls"
        env = {
            "LD_PRELOAD": str(self._library),
            "FAULT_FOLDERS": f"{project}:{own / 'state'}",
            "FAULT_LOG": str(log),
            "XDG_STATE_HOME": str(own / "state"),
            "TMPDIR": str(own),
            **(fault.environment() if fault is not None else {}),
        }
        words = [*occasion.arguments]
        if occasion.name == "run":
            self._target.reset()
            words += ["-H", self._target.url]
        outcome = None
        try:
            with Running(project, *words, env=env) as running:
                outcome = running.wait(LONGEST_S)
        except AssertionError as error:
            wrong = [f"it does not end: {error}"]
        else:
            wrong = self._wrong(occasion, project, outcome)
        wrong += _left_behind(str(log))
        before = os.environ.get("XDG_STATE_HOME")
        os.environ["XDG_STATE_HOME"] = str(own / "state")
        try:
            if outcome is not None:
                wrong += occasion.wrong(project, outcome, self._target)
            changes = occasion.recovers or occasion.name in ("remove", "note")
            wrong += unreadable(project, but=newest if changes else "")
        except Exception as error:
            wrong.append(f"what was there cannot be read any more: {error!r}")
        finally:
            if before is None:
                del os.environ["XDG_STATE_HOME"]
            else:
                os.environ["XDG_STATE_HOME"] = before
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        hits = [line for line in lines if line.startswith("failed ")]
        counted = Counter(
            (role, call)
            for role, call, *_ in (line.removeprefix("failed ").split(" ", 3) for line in lines)
            if role in occasion.roles
        )
        shutil.rmtree(own, ignore_errors=True)
        return Trial(fault, outcome, hits[0].rsplit("/", 1)[-1] if hits else "", counted, wrong)

    @staticmethod
    def _wrong(occasion: Occasion, project: Path, outcome: Outcome) -> list[str]:
        wrong = []
        if outcome.code not in occasion.codes:
            wrong.append(f"exit code {outcome.code}")
        if NEVER.search(outcome.stderr):
            wrong.append("it fails with a traceback or an internal error")
        if outcome.code == 2 and "loadtui: error: " not in outcome.stderr:
            wrong.append("exit code 2 without a sentence")
        for name in occasion.written:
            path = project / name
            old = path.exists() and path.read_bytes() == OLD.encode()
            if old and outcome.code == 0:
                wrong.append(f"{name} was not written, and the exit code is 0")
            if not old and outcome.code != 0:
                wrong.append(f"{name} is not what it was, and the exit code is {outcome.code}")
        return wrong


def _left_behind(mark: str) -> list[str]:
    """Processes with this in their environment that live on; they are ended."""
    until = time.monotonic() + LINGERS_S
    while (found := _marked(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return [f"{len(found)} of its processes live on"] if found else []


def _marked(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                marked = mark.encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if marked:
                found.append(int(entry.name))
    return found
