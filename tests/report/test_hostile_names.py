"""Names, errors and marks that try to drive whatever shows them: no output has one raw."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from loadtui.printable_text import visible_text
from loadtui.report.account.subject import RunSubject, run_subject
from loadtui.report.formats import REPORT_FORMATS
from loadtui.report.json.json_bytes import to_json
from loadtui.report.locust_csv.locust_csv_writer import locust_csv
from loadtui.report.text.run_list_text import runs_text
from loadtui.store.stored_run import Run
from tests.support.judged_runs import baseline, compared
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
