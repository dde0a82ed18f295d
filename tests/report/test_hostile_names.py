"""Names, errors and marks that try to drive whatever shows them: no output has one raw."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from loadtui.plan.model import Plan, Threshold
from loadtui.printable_text import visible_text
from loadtui.report.account.subject import RunSubject, run_subject
from loadtui.report.formats import REPORT_FORMATS
from loadtui.report.json.json_bytes import to_json
from loadtui.report.locust_csv.locust_csv_writer import locust_csv
from loadtui.report.text.run_list_text import runs_text
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import CounterAdd, ErrorCount, ExceptionCount, RateAdd, TrendInfo
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import (
    CpuUser,
    GeneratorLoad,
    Imported,
    ImportedFile,
    Invocation,
    LateRequests,
    Mark,
    Provenance,
    Remark,
    WorkerRecord,
)
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds
from tests.support.imported_views import all_views, project_views, run_views
from tests.support.judged_runs import baseline, compared
from tests.support.run_writer import RunWriter, trend_add
from tests.support.stored_runs import Traffic, plan

HOSTILE = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "c1": "\x9b31m\x9d0;title\x9c",
    "bidi": "\u202egnp.exe\u2066",
    "controls": "a\x00b\rc\x08d\x7f",
    "line": "a\n::error::b\u2028c",
    "github": "::error file=x::gotcha",
    "legacy": "##[set-env name=PATH;]/tmp",
    "formula": "=HYPERLINK(1)",
}
TRAFFIC = {f"GET {text}": Traffic(us=10_000) for text in HOSTILE.values()}
TRAFFIC |= {f"{text.replace(' ', '')} /a": Traffic(us=10_000) for text in HOSTILE.values()}
RAW = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|##\["
    r"|^\s*::[a-z](?!.*loadtui)",
    re.MULTILINE,
)
OWN_COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> RunSubject:
    project = tmp_path_factory.mktemp("project")
    traffic = {name.replace("\n", " "): kind for name, kind in TRAFFIC.items()}
    baseline(project, traffic)
    hostile = plan(name="gateway")
    run = compared(project, traffic, plan=hostile, note=HOSTILE["escape"], tags=[HOSTILE["c1"]])
    return run_subject(run, project)


def raw(text: str) -> list[str]:
    return RAW.findall(OWN_COLOUR.sub("", text))


ALL = " ".join(HOSTILE.values())
NAME = ALL.replace("\n", " ")


IMPORTED = {
    "provenance": Provenance("imported", NAME),
    "imported": Imported(
        ALL, [ImportedFile(ALL, 5, "")], "2026-11-23T10:15:02Z", [ALL], [ALL], [ALL], [ALL]
    ),
}

INVALID = {"workers": [WorkerRecord(0, 1, ALL, lost=ALL)]}


def _hostile_run(folder: Path, *, count: int, **fields: Any) -> Run:
    """A run in which whatever others may have written is hostile."""
    writer = RunWriter(folder)
    writer.stage(NAME, 0, users=10, ramp_s=2.0, planned_s=20.0)
    cells: list[int] = []
    windows: list[int] = []
    for second in range(20):
        for number in range(len(HOSTILE)):
            cells += (number, 1, second, bin_of(10_000), count)
            windows += (number, 1, second, count, 10_000 * count, 10_000, 10_000, 5)
        cells += (0, 0, second, bin_of(90_000), count)
        windows += (0, 0, second, count, 90_000 * count, 90_000, 90_000, 5)
        writer.second(second, users=10, stage=0, workers=[])
    names = [text.replace("\n", " ") for text in HOSTILE.values()]
    writer.delta(
        endpoints=[(number, name, name) for number, name in enumerate(names)],
        cells=cells,
        windows=windows,
        errors=[ErrorCount(names[0], names[0], ALL, 20 * count, 1.0, 19.0)],
        exceptions=[ExceptionCount(ALL, f"Traceback:\n{ALL}\n", 3, 1.0, 2.0)],
        counters=[CounterAdd(NAME, names[0], second, 1) for second in range(20)],
        rates=[RateAdd(f"rate {NAME}", "", second, 1, 8) for second in range(20)],
        trends=[trend_add(f"trend {NAME}", "", second, 9.0) for second in range(20)],
        trend_infos=[TrendInfo(f"trend {NAME}", NAME[:12], "lower")],
        final=True,
    )
    manifest = writer.manifest(
        "finished",
        plan=Plan(
            name="gateway",
            locustfiles=(f"/project/{NAME}.py",),
            host=f"http://{NAME}",
            args={NAME: NAME},
            tags=(NAME,),
            user_classes=(NAME,),
            thresholds=(Threshold("p95 < 1ms", endpoint=NAME), Threshold("p95 < 1s", stage=NAME)),
        ),
        duration_s=20.0,
        ended_because=ALL,
        machine={"cpu": ALL, "system": ALL, "hostname": ALL},
        versions={ALL: ALL},
        marks=[Mark(3.0, "note", ALL), Mark(4.0, ALL, ALL)],
        note=ALL,
        tags=[ALL],
        ignored_options=[ALL],
        invocation=Invocation(ALL, [ALL], [ALL], [ALL], [ALL]),
        remarks=[Remark(ALL, 2)],
        late=[LateRequests(NAME, NAME, 3)],
        generator=GeneratorLoad(2, 20.0, 0.5, 0.1, [CpuUser(ALL, 0.4)]),
        **{"workers": [WorkerRecord(0, 1, ALL)], **fields},
    )
    run = Run(folder, write_final_files(folder, manifest, end_second=20))
    run.manifest = judge_run(run.manifest, load_tallies(run), run_seconds(run.timeline()))
    write_manifest(folder, run.manifest)
    return Run.open(folder)


def _own(view: str, text: str) -> str:
    """What the view has of others: without commands, styles and ends of lines of its own."""
    if "github" in view:
        return "\n".join(line.partition("::")[2].partition("::")[2] for line in text.split("\n"))
    if "html" in view:
        return text.partition("<body")[2]
    return text.replace("\r\n", "\n") if view.startswith("csv") else text


@pytest.mark.parametrize("fields", [{}, IMPORTED, INVALID], ids=["measured", "imported", "invalid"])
def test_everything_that_is_written(tmp_path: Path, fields: dict[str, Any]) -> None:
    base = _hostile_run(tmp_path / "base", count=20, **fields)
    run = _hostile_run(tmp_path / "now", count=10, **fields)
    views = run_views(run, tmp_path) | project_views(run, tmp_path)
    if fields is not INVALID:
        views = dict(all_views(base, run, tmp_path))
    for view in ("text", "md", "html", "json", "junit", "github", "csv _stats.csv"):
        assert view in views, list(views)
    found = {view: raw(_own(view, text))[:3] for view, text in views.items()}
    assert {view: some for view, some in found.items() if some} == {}
    for view, text in views.items():
        for row in csv.reader(io.StringIO(text, newline="")) if view.startswith("csv") else ():
            assert not [cell for cell in row if cell[:1] in set("=@+")], view


@pytest.mark.parametrize("format_", REPORT_FORMATS, ids=lambda known: known.name)
def test_reports(subject: RunSubject, format_) -> None:  # type: ignore[no-untyped-def]
    text = format_.of_runs([subject], False).decode()
    if format_.name == "github":
        text = "\n".join(line.partition("::")[2].partition("::")[2] for line in text.split("\n"))
    if format_.name == "html":
        text = text.partition("<body")[2]
    assert raw(text) == []


def test_lists(subject: RunSubject) -> None:
    assert raw(runs_text([Run.open(subject.run.folder)], 200, False)) == []


def test_csv(subject: RunSubject) -> None:
    for content in locust_csv(Run.open(subject.run.folder)).values():
        for row in csv.reader(io.StringIO(content.decode(), newline="")):
            assert not [cell for cell in row if cell[:1] in "=@+" and cell], row


def test_json_says_the_same_string() -> None:
    everything = "".join(HOSTILE.values())
    written = to_json({"name": everything})
    assert json.loads(written) == {"name": everything}
    assert not re.search("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]", written.decode())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_gate(text: str) -> None:
    assert raw(visible_text(text)) == []
    assert "\n" not in visible_text(text)
    assert raw(visible_text(f"checkout {text}")) == []
