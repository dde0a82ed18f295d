"""A single flipped bit in any file of a run or a baseline: no figure changes without a word."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.report.account.subject import run_subject
from loadtui.report.formats import format_named
from loadtui.store.baseline_drawing import read_drawing
from loadtui.store.baseline_file import read_baseline
from loadtui.store.run_files import HOST_LOG, MANIFEST, TABLES
from loadtui.store.run_list import BrokenRun, list_runs
from loadtui.store.stored_run import Run, verify_checksums
from loadtui.tui.project.replay_moments import ReplayMoments
from tests.support.judged_runs import baseline, compared
from tests.support.stored_runs import Traffic

TRAFFIC = {"GET /a": Traffic(us=100_000, count=30), "POST /b": Traffic(us=10_000)}


class Stored:
    """A project with a baseline and a run that was compared with it."""

    def __init__(self, project: Path) -> None:
        self.project = project / "project"
        self.baseline = baseline(self.project, TRAFFIC)
        self.run = compared(self.project, TRAFFIC).folder
        self.files = [
            *sorted(path for path in self.run.iterdir() if path.name != HOST_LOG),
            *sorted(self.baseline.parent.iterdir()),
        ]

    def of_run(self) -> list[object]:
        """What is shown of the run; UsageError when it cannot be read."""
        subject = run_subject(Run.open(self.run), self.project)
        replay = ReplayMoments(Run.open(self.run), self.project)
        snapshots = [repr(replay.moment(second)) for second in (5, replay.length)]
        return [format_named(name).of_runs([subject], False) for name in ("json", "md")] + snapshots

    def of_baseline(self) -> list[object]:
        """What is known of the baseline; UsageError when it cannot be read."""
        known = read_baseline(self.baseline)
        drawing = read_drawing(self.baseline, known)
        if drawing is None:
            raise UsageError("there is no drawing")
        return [known, drawing.rows()]


@pytest.mark.parametrize("flips", [40, pytest.param(1000, marks=pytest.mark.thorough)])
def test_flipped_bits(tmp_path: Path, flips: int) -> None:
    stored, draw, told = Stored(tmp_path), random.Random(11), 0
    of_run, of_baseline = stored.of_run(), stored.of_baseline()
    for _ in range(flips):
        path = draw.choice(stored.files)
        whole = path.read_bytes()
        damaged, bit = bytearray(whole), draw.randrange(len(whole) * 8)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        in_run = path.parent == stored.run
        try:
            shown = stored.of_run() if in_run else stored.of_baseline()
            assert shown == (of_run if in_run else of_baseline), (path.name, bit)
        except UsageError:
            told += 1
        path.write_bytes(whole)
    assert told > flips / 2


@pytest.mark.parametrize("name", TABLES[:-1])
def test_a_report_tells_of_each_table_that_its_judgements_are_of(tmp_path: Path, name: str) -> None:
    stored = Stored(tmp_path)
    path = stored.run / name
    path.write_bytes(path.read_bytes()[:-9] + bytes(9))
    with pytest.raises(UsageError, match=f"{name} is damaged"):
        run_subject(Run.open(stored.run), stored.project)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(b'{"format": 1, "run": ' + b"[" * 10**6), "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.symlink_to("/etc/passwd"), "it is a symbolic link"),
        (lambda path: path.mkdir(), "it is no plain file"),
        (os.mkfifo, "it is no plain file"),
    ],
    ids=["nested", "empty", "link", "folder", "pipe"],
)
def test_one_that_cannot_be_read_takes_no_list_down(
    tmp_path: Path, harm: Callable[[Path], object], said: str
) -> None:
    stored = Stored(tmp_path)
    manifest = stored.run / MANIFEST
    manifest.unlink()
    harm(manifest)
    base, broken = sorted(list_runs(stored.project), key=lambda run: run.folder.name)
    assert isinstance(base, Run)
    assert verify_checksums(base) == []
    assert isinstance(broken, BrokenRun)
    assert said in broken.error
