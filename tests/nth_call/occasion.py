"""What loadtui is doing when a call fails, and what has to hold of it afterwards."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loadtui.store.baseline_file import read_baseline
from loadtui.store.run_list import BrokenRun, list_runs
from loadtui.store.stored_run import Run, verify_checksums
from tests.support.command import Outcome, command
from tests.support.project import Project
from tests.support.run_writer import RunWriter
from tests.support.servers import Nginx
from tests.support.stored_runs import Traffic, keep_run

LOCUSTFILE = """
from locust import FastHttpUser, constant_pacing, task

class Visitor(FastHttpUser):
    wait_time = constant_pacing(0.02)

    @task
    def get(self):
        self.client.get("/")
"""
RUN = ["run", "locustfile.py", "--no-ui", "--processes", "1", "-u", "2", "-r", "100"]
PROMOTE = ["baseline", "promote", "latest"]
EXPORT = ["runs", "export", "latest"]
TRAFFIC = {"GET /a": Traffic(count=5), "POST /b": Traffic(count=2)}
OLD = "what lay there before"
ENDS = (0, 1, 2, 3, 130)
"""Exit codes of a run."""


@dataclass(frozen=True)
class Occasion:
    """A command, given in a copy of a project that has two runs and a baseline."""

    name: str
    arguments: list[str]
    roles: tuple[str, ...] = ("command",)
    codes: tuple[int, ...] = (0, 2)
    """Exit codes that may be."""
    written: list[str] = field(default_factory=list)
    """Files that hold OLD before, and afterwards that or what is to be there."""
    recovers: bool = False
    """Whether the newest run's host was killed."""
    wrong: Callable[[Path, Outcome, Nginx], list[str]] = lambda *_: []
    """What else is wrong afterwards in the project's folder."""


def _accounted(folder: Path, outcome: Outcome, target: Nginx) -> list[str]:
    """Whether every request that the target served is in the run's numbers."""
    served = target.count()
    if outcome.stdout.strip():
        try:
            document = json.loads(outcome.stdout)
            totals = document["totals"]
        except ValueError:
            return [f"its document is no JSON: {outcome.stdout[-200:]!r}"]
        told = totals["requests"] + document["unfinished"] + (totals.get("lost") or 0)
        where = "its document"
    elif new := [run for run in _runs(folder) if run.id not in _template_ids(folder)]:
        totals = new[0].manifest.totals
        told = (totals.requests or 0) + totals.unfinished + getattr(totals, "lost", 0)
        where = "its folder"
    else:
        told, where = 0, "nothing"
    return [] if told == served else [f"{served} requests were served, and {where} has {told}"]


def _runs(folder: Path) -> list[Run]:
    runs = list_runs(folder / ".loadtui" / "runs")
    return [run for run in runs if not isinstance(run, BrokenRun)]


def _template_ids(folder: Path) -> list[str]:
    return json.loads((folder / "template.json").read_text())  # type: ignore[no-any-return]


def _baseline_is_whole(folder: Path, _outcome: Outcome, _target: Nginx) -> list[str]:
    for path in (folder / "baselines").glob("*.json"):
        read_baseline(path)
    return []


def _archive_is_whole(folder: Path, outcome: Outcome, _target: Nginx) -> list[str]:
    path = folder / "new.tar"
    if outcome.code != 0:
        return [f"it failed, and {path.name} is there"] if path.exists() else []
    with tarfile.open(path) as archive:
        return [] if len(archive.getnames()) > 5 else [f"{path.name} is not whole"]


OCCASIONS = [
    Occasion(
        "run",
        [*RUN, "-t", "1s", "--json", "-"],
        ("command", "host", "worker", "judge"),
        ENDS,
        wrong=_accounted,
    ),
    Occasion("report", ["report", "-o", "out.html", "--exit-zero"], written=["out.html"]),
    Occasion("csv", ["report", "--csv", "out", "--exit-zero"], written=["out_stats.csv"]),
    Occasion("promote", PROMOTE, wrong=_baseline_is_whole),
    Occasion("export", [*EXPORT, "-o", "new.tar"], wrong=_archive_is_whole),
    Occasion("import", ["runs", "import", "saved.tar"]),
    Occasion("recover", ["runs", "show", "latest"], recovers=True, codes=(*ENDS, 4)),
    Occasion("note", ["runs", "note", "latest", "slow disk"]),
    Occasion("remove", ["runs", "rm", "latest", "-y"]),
    Occasion("compare", ["compare", "latest"], codes=(*ENDS, 4)),
]


def template(folder: Path) -> Path:
    """A project with two runs, the older of them in a baseline and in an archive; in the folder
    `killed` beside it another one, the host of whose newest run was killed."""
    project = Project(folder / "template")
    project.write("locustfile.py", LOCUSTFILE)
    env = {"XDG_STATE_HOME": str(folder / "state of the template")}
    for number in (1, 2):
        keep_run(project.runs / f"20261101-10000{number}-gateway-000{number}", TRAFFIC, seed=number)
        if number == 1:
            for words in (PROMOTE, [*EXPORT, "-o", "saved.tar"]):
                outcome = command(project.folder, *words, env=env)
                assert outcome.code == 0, outcome
    shutil.copytree(project.folder, folder / "killed")
    killed = RunWriter(folder / "killed" / ".loadtui" / "runs" / "20261101-110000-gateway-0003")
    killed.stage("L1", 0)
    for second in range(20):
        killed.delta(
            endpoints=[(0, "GET", "/a")] if second == 0 else [],
            cells=[0, 1, second, 300, 5],
            windows=[0, 1, second, 5, 5000, 1000, 1000, 0],
        )
        killed.second(second)
    killed.manifest("running")
    for made in (project.folder, folder / "killed"):
        ids = [one.name for one in (made / ".loadtui" / "runs").iterdir()]
        (made / "template.json").write_text(json.dumps(ids))
    return project.folder


def unreadable(folder: Path, *, but: str = "") -> list[str]:
    """What is wrong with the runs that were there before."""
    runs = {run.id: run for run in list_runs(folder / ".loadtui" / "runs")}
    found = []
    for name in _template_ids(folder):
        if name == but:
            continue
        run = runs.get(name)
        if not isinstance(run, Run):
            found.append(f"{name} cannot be read: {run.error if run else 'it is gone'}")
        else:
            found += verify_checksums(run)
    return found
