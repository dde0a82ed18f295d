"""Two imported runs of a project, and which numbers that a view tells are in their source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from loadtui.importing.imported_run import store_imported_run
from loadtui.importing.run_sources import read_files
from loadtui.store.removal import remove_run
from loadtui.store.stored_run import Run
from tests.support.imported_sources import ImportedSource
from tests.support.told_numbers import KnownNumbers, ToldNumber, told_numbers

INVENTED = re.compile(
    r"No request failed|Nothing has failed|Nothing speaks against|\bVALID\b|✓ valid\b|\bis valid\b"
    r"|\b0 users|in flight|\bNaN\b|errors +✓ none|nothing was measured|^\s*valid$"
    r"|validity \| valid|1970-01-01T00:00:00Z",
    re.MULTILINE,
)
"""What views say of a run that was measured, and none of an imported one."""
PLAN = 'locustfile = "m.py"\n[[stage]]\nname = "a"\nusers = 7\nspawn_rate = 7\nduration = "7m"\n'
PLACEHOLDERS = (
    'timestamp="1970-01-01T00:00:00"', 'time="0.000"', 'time="0"', 'id="0"',
    re.compile(r'(tests|failures|errors|skipped)="\d+"'), re.compile(r"<!-- loadtui:.* -->"),
    re.compile(r"<\?xml.*\?>"), re.compile(r'<property name="exit code" value="\d" />'),
)  # fmt: skip
"""JUnit's schema has no suite without a time, which is none here, and counts judgements; what an
issue says to this program is not shown."""


class TwoRuns(NamedTuple):
    source: ImportedSource
    base: Run
    run: Run
    project: Path
    known: KnownNumbers


def two_runs(source: ImportedSource, project: Path) -> TwoRuns:
    """Saved in a project with a plan of their name, which was never run."""
    (project / "scenarios").mkdir(parents=True)
    (project / "scenarios" / "m.toml").write_text(PLAN)
    (project / "scenarios" / "m.py").write_text("from locust import User\n\nclass U(User): ...\n")
    base = _stored(project, "base", source.name, source.base)
    run = _stored(project, "run", source.name, source.run)
    while run.id < base.id:
        # Of the same second, where chance says which is listed as the later one.
        remove_run(run.folder.parent, run.folder)
        run = _stored(project, "run", source.name, source.run)
    return TwoRuns(source, base, run, project, source.known())


def _stored(project: Path, folder: str, name: str, text: str) -> Run:
    path = project / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    (read,) = read_files([path])
    return store_imported_run(read, project=project, name="m")


def times_of_import(runs: TwoRuns) -> re.Pattern[str]:
    """When the runs were imported, and when one was promoted, where that is told as such."""
    moments = [run.manifest.imported.at for run in (runs.base, runs.run) if run.manifest.imported]
    imported = "|".join(map(re.escape, moments))
    moment, day = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", r"\d{4}-\d\d-\d\d"
    return re.compile(
        rf"imported\W+(?:{imported})|(?:promoted|imported\s+1)\W+{moment}"
        rf"|(?:imported|\b\d+ runs?), {day}|imported\s+\d+ \w{{3}} \d{{4}}, \d\d:\d\d UTC",
        re.IGNORECASE,
    )


def shown_figures(runs: TwoRuns, text: str) -> str:
    """A view without what it says of itself: times of the import, names and files."""
    left = text.replace(str(runs.project), "")
    for placeholder in PLACEHOLDERS:
        if isinstance(placeholder, str):
            left = left.replace(placeholder, "")
        else:
            left = placeholder.sub("", left)
    left = times_of_import(runs).sub(" ", left)
    left = re.sub(r"(\d+) B, sha256 \w+", "", left).replace("%25", "%")
    began = runs.source.started
    if began:
        left = left.replace(began, "").replace(began.rstrip("Z"), "")
        day = f"{int(began[8:10])} {'Oct' if began[5:7] == '10' else 'Nov'} {began[:4]}"
        left = re.sub(rf"{began[:10]}[ T]\d\d:\d\d|{day}, {began[11:16]} UTC", "", left)
    return left


def unknown_numbers(runs: TwoRuns, text: str) -> list[ToldNumber]:
    """Numbers of a text that are not in the source of the runs, and do not follow from it."""
    found = told_numbers(shown_figures(runs, text))
    return [number for number in found if not number.is_known(runs.known)]
