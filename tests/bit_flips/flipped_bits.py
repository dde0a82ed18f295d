"""A project with runs, a baseline and an archive, bits of their files flipped, and what commands
say then: the same, or a word about it."""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from loadtui.__main__ import run
from loadtui.errors import UsageError
from loadtui.report.formats import FORMAT_NAMES
from loadtui.store.run_files import HOST_LOG
from loadtui.store.stored_run import Run
from loadtui.tui.project.replay_moments import ReplayMoments
from tests.support.judged_runs import BROKEN, GOOD, baseline, compared

NOW, BEFORE = "run-now", "run-before"
ARCHIVE = "runs.tar"
LISTS = (
    ("runs", "list"),
    ("runs", "list", "--json"),
    ("status",),
    ("status", "--format", "json"),
    ("baseline", "list"),
)
OF_RUN = (
    ("runs", "show", NOW),
    ("runs", "show", NOW, "--json"),
    ("runs", "show", NOW, "--history"),
    ("runs", "verify", NOW),
    ("runs", "export", NOW, "-o", "exported.tar"),
    *(("report", NOW, "--format", name) for name in FORMAT_NAMES),
    ("report", NOW, "--csv", "report"),
    ("compare", BEFORE, NOW),
    ("compare", BEFORE, NOW, "--format", "json"),
    ("issue", NOW, "--dry-run", "--repo", "a/b"),
    ("replay", NOW),
)
"""`replay` is what its screen shows, at two moments."""
OF_BASELINE = (
    ("baseline", "show", "gateway"),
    ("baseline", "show", "gateway", "--json"),
    ("compare", "gateway", NOW, "--format", "json"),
    ("report", NOW, "--baseline", "gateway", "--format", "md"),
    ("report", NOW, "--format", "md"),
    ("replay", NOW),
)
OF_ARCHIVE = (("import",),)
"""Into a project of its own, and shown there."""
TOLD = re.compile(
    r"damaged|checksum|cannot be read|no run|no archive|cut off|not what|is there already|"
    r"has format|no file of|no plain file|no baseline|by its own account|conflict|"
    r"not saved one by one"
)
PANIC = re.compile(r"Traceback|internal error|panicked|RUST_BACKTRACE|^  File ", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    code: int
    shown: str
    """On stdout, and what was written."""
    told: str
    """On stderr."""


@dataclass
class Tally:
    flips: int = 0
    commands: int = 0
    told: int = 0
    """Commands that had something to say about it."""
    files: int = 0


class FlippedProject:
    """Its folder has to be the current one."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._runs = project / ".loadtui" / "runs"
        self._runs.mkdir(parents=True)
        baseline(project, GOOD)
        compared(project, GOOD, f".loadtui/runs/{BEFORE}", started="2026-11-23T10:10:02Z")
        compared(project, BROKEN, f".loadtui/runs/{NOW}")
        assert self.said(("runs", "export", NOW, "-o", ARCHIVE)).code == 0
        of_run = sorted(path for path in (self._runs / NOW).iterdir() if path.name != HOST_LOG)
        of_baseline = sorted((project / "baselines").iterdir())
        self._commands = {
            **dict.fromkeys(of_run, (*LISTS, *OF_RUN)),
            **dict.fromkeys(of_baseline, (*LISTS, *OF_BASELINE)),
            project / ARCHIVE: OF_ARCHIVE,
        }
        self._known: dict[tuple[str, ...], Said] = {}

    def try_flips(self, flips: int, each: int, seed: int = 11) -> Iterator[str]:
        """What was wrong, after so many flips, each seen by so many commands (0: all)."""
        draw, self.tally = Random(seed), Tally(files=len(self._commands))
        for number in range(flips):
            path = list(self._commands)[number % len(self._commands)]
            commands = self._commands[path]
            some = draw.sample(commands, min(each or len(commands), len(commands)))
            for words in some:
                self._known.setdefault(words, self.said(words))
            whole = path.read_bytes()
            bit = draw.randrange(len(whole) * 8)
            damaged = bytearray(whole)
            damaged[bit // 8] ^= 1 << bit % 8
            path.write_bytes(damaged)
            self.tally.flips += 1
            for words in some:
                self.tally.commands += 1
                if wrong := self._wrong(words):
                    yield f"bit {bit} of {path.name}, {' '.join(words)}: {wrong}"
            path.write_bytes(whole)
            if self.tally.flips % 100 == 0:
                print(self.tally, file=sys.stderr, flush=True)

    def _wrong(self, words: tuple[str, ...]) -> str:
        before, now = self._known[words], self.said(words)
        everything = now.shown + now.told
        if PANIC.search(everything):
            return everything[:2000]
        if now.code not in (before.code, 1, 2, 3):
            return f"exit code {now.code}"
        if (now.code, now.shown) == (before.code, before.shown):
            self.tally.told += now.told != before.told
            return ""
        lines = before.shown.splitlines(), now.shown.splitlines()
        other = "\n".join(difflib.unified_diff(*lines, n=0, lineterm=""))
        new = [line for line in other.splitlines() if line.startswith("+")]
        if not TOLD.search("\n".join((now.told, *new))):
            return f"says something else without a word: {other[:2000]} {now.told[:300]}"
        self.tally.told += 1
        return ""

    def said(self, words: tuple[str, ...]) -> Said:
        """In this process, with what it has written, which is removed."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            match words[0]:
                case "replay":
                    code = self._replay(words[1])
                case "import":
                    code = self._import()
                case _:
                    code = run([*words])
        out.flush()
        shown = out.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]
        for path in sorted(self._project.glob("report*.csv")):
            shown += path.read_text()
            path.unlink()
        (self._project / "exported.tar").unlink(missing_ok=True)
        return Said(code, shown, err.getvalue())

    def _replay(self, run_id: str) -> int:
        try:
            replay = ReplayMoments(Run.open(self._runs / run_id), self._project)
            for second in (5, replay.length):
                moment = replay.moment(second)
                if moment.reference is not None:  # its screen says when there is no drawing
                    moment = replace(moment, reference=replace(moment.reference, curves={}))
                print(repr(moment).replace("(", "(\n"))
        except UsageError as error:
            print(f"loadtui: error: {error}", file=sys.stderr)
            return error.exit_code
        return 0

    def _import(self) -> int:
        """Into another project, where the run is shown."""
        elsewhere = self._project / "elsewhere"
        elsewhere.mkdir()
        with contextlib.chdir(elsewhere):
            code = run(["runs", "import", f"../{ARCHIVE}"])
            if code == 0:
                code = run(["runs", "show", NOW, "--json"])
        shutil.rmtree(elsewhere)
        return code
