"""The table of formats, and all that is derived from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from loadtui.cli.run import command as run_command
from loadtui.errors import UsageError
from loadtui.report.account.subject import run_subject
from loadtui.report.formats import (
    FILE_ENDINGS,
    FORMAT_NAMES,
    REPORT_FORMATS,
    ReportFormat,
    format_for,
    format_named,
)
from loadtui.store.manifest import Remark
from loadtui.store.stored_run import Run
from loadtui.tui.project.run_rows import EXPORT_FORMATS, LOCUST_CSV

DOCUMENTED = re.compile(r"^\| `(\w+)` \| (?:`(\.\w+)`)? ?\|", re.MULTILINE)
REPORTS = Path(__file__).parents[2] / "docs" / "reports.md"


def test_names_and_endings_are_of_one_format_each() -> None:
    endings = [suffix for known in REPORT_FORMATS for suffix in known.suffixes]
    assert len(set(endings)) == len(endings)
    assert len(set(FORMAT_NAMES)) == len(REPORT_FORMATS)


@pytest.mark.parametrize("known", REPORT_FORMATS, ids=FORMAT_NAMES)
def test_a_format_is_found_and_writes_a_run(known: ReportFormat, run: Run) -> None:
    assert format_named(known.name) is known
    for suffix in known.suffixes:
        assert format_for(Path(f"REPORT{suffix.upper()}")) is known
    subject = run_subject(run, run.folder.parent)
    assert b"gateway" in known.of_runs([subject], False)


@pytest.mark.parametrize("known", REPORT_FORMATS, ids=FORMAT_NAMES)
def test_every_format_tells_the_remarks(known: ReportFormat, run: Run) -> None:
    run.manifest.remarks = [Remark("odd values were left out", 12)]
    written = known.of_runs([run_subject(run, run.folder.parent)], False).decode()
    assert "odd values were left out" in written.replace("Odd", "odd")
    assert "12" in written


@pytest.mark.parametrize("known", REPORT_FORMATS, ids=FORMAT_NAMES)
def test_every_document_tells_custom_metrics_by_stage(known: ReportFormat, run: Run) -> None:
    """Of a Counter 2 in the 20 s of L1, of a Trend 5 values in each of two stages."""
    written = known.of_runs([run_subject(run, run.folder.parent)], False).decode()
    if known.name == "github":
        return  # Annotations are of judgements alone.
    if known.name == "json":
        [part] = json.loads(written)["metrics"]["violations"]["parts"]
        assert (part["stage"], part["count"], part["rate"]) == ("L1", 2, 0.1)
        whole = json.loads(written)["metrics"]["ttft"]["parts"][0]
        assert (whole["stage"], whole["mean"], whole["min"], whole["max"]) == ("L1", *[83.1] * 3)
        return
    assert "2 (0.05/s)" in written.replace("\\", "")
    assert "2 (0.10/s)" in written.replace("\\", "")
    assert written.count("max 83 ms  of 5 values") == 2


def test_the_refusal_names_every_ending() -> None:
    with pytest.raises(UsageError) as refused:
        format_for(Path("report.docx"))
    for known in REPORT_FORMATS:
        for suffix in known.suffixes:
            assert suffix in str(refused.value)


def test_run_has_an_option_for_each_format_with_one() -> None:
    options = {option for parameter in run_command.params for option in parameter.opts}
    named = [known for known in REPORT_FORMATS if known.option]
    assert named
    assert {f"--{known.option}" for known in named} <= options
    assert all(known.help for known in named)


def test_a_run_is_exported_in_every_format_with_an_ending() -> None:
    assert (*FILE_ENDINGS, LOCUST_CSV) == EXPORT_FORMATS
    assert len(FILE_ENDINGS) == sum(bool(known.suffixes) for known in REPORT_FORMATS)


def test_the_documentation_lists_every_format() -> None:
    documented = DOCUMENTED.findall(REPORTS.read_text())
    table = [(known.name, known.suffixes[0] if known.suffixes else "") for known in REPORT_FORMATS]
    assert sorted(documented) == sorted(table)
