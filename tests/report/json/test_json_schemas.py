"""The published schemas: current, and true of the documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from loadtui.errors import UsageError
from loadtui.report.json import json_schemas
from loadtui.report.json.comparison_document import comparison_document
from loadtui.report.json.run_document import run_document
from loadtui.store.stored_run import Run
from tests.support.judged_runs import SLOW, baseline, compared, invalid

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "schema"


def closed(found: dict[str, Any]) -> Draft202012Validator:
    """A schema that allows no key it does not name, as the documents keep it today."""
    for part in found["$defs"].values():
        if "properties" in part:
            part["additionalProperties"] = False
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.mark.newest  # before 0.22, msgspec lists `null` elsewhere among the alternatives
@pytest.mark.parametrize("name", [json_schemas.RUN_FILE, json_schemas.COMPARISON_FILE])
def test_the_published_files_are_current(name: str) -> None:
    current = json_schemas.schema_files()[name]
    assert (FOLDER / name).read_bytes() == current, (
        "write them again: python -m loadtui.report.json.json_schemas docs/schema"
    )


def test_the_command_writes_them(tmp_path: Path) -> None:
    assert json_schemas.main([str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(json_schemas.schema_files())
    with pytest.raises(UsageError, match="give the folder"):
        json_schemas.main([])


def test_a_run_with_something_of_everything(run: Run) -> None:
    closed(json_schemas.run_schema()).validate(run_document(run))


def test_a_run_with_a_comparison_and_an_invalid_one(tmp_path: Path) -> None:
    baseline(tmp_path)
    slower = compared(tmp_path, SLOW)
    documents = [run_document(slower), run_document(invalid(tmp_path))]
    closed(json_schemas.run_schema()).validate(documents)
    assert slower.manifest.comparison is not None
    closed(json_schemas.comparison_schema()).validate(
        comparison_document(slower.manifest.comparison, 1)
    )


@pytest.mark.parametrize(
    "change",
    [{"state": "done"}, {"exit_code": None}, {"totals": {}}, {"metrics": {"x": {"kind": "gauge"}}}],
)
def test_it_can_refuse(run: Run, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        closed(json_schemas.run_schema()).validate({**run_document(run), **change})


def test_every_key_is_required(run: Run) -> None:
    found = json.loads(json.dumps(run_document(run)))
    del found["steered"]
    with pytest.raises(ValidationError, match="steered"):
        # Of the two branches (a document, an array) the message names the better one.
        Draft202012Validator(
            json_schemas.run_schema()["$defs"]["RunDocument"]
            | {"$defs": json_schemas.run_schema()["$defs"]}
        ).validate(found)
