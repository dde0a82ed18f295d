"""The JSON schemas of the documents, made from their types.

`python -m loadtui.report.json.json_schemas docs/schema` writes the files that are published.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from loadtui.document_schema import document_schema
from loadtui.errors import UsageError
from loadtui.plan.plan_schema import plan_schema
from loadtui.report.json.comparison_document import ComparisonDocument
from loadtui.report.json.run_document_shape import RunDocument

RUN_FILE, COMPARISON_FILE = "run.schema.json", "comparison.schema.json"
PLAN_FILE = "plan.schema.json"


def run_schema() -> dict[str, Any]:
    """Of what `--json` writes: a run's document, or an array of those of several runs."""
    return document_schema(RunDocument | list[RunDocument], "A loadtui run, or an array of several")


def comparison_schema() -> dict[str, Any]:
    """Of what `loadtui compare --format json` writes."""
    return document_schema(ComparisonDocument, "A loadtui comparison")


def schema_files() -> dict[str, bytes]:
    """Name -> content of each published file."""
    schemas = {
        RUN_FILE: run_schema(),
        COMPARISON_FILE: comparison_schema(),
        PLAN_FILE: plan_schema(),
    }
    return {name: schema_bytes(schema) for name, schema in schemas.items()}


def schema_bytes(schema: dict[str, Any]) -> bytes:
    """As it is published."""
    return json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"


def write_schemas(arguments: list[str]) -> int:
    """Write the files into the folder that is given."""
    if len(arguments) != 1:
        raise UsageError("give the folder: python -m loadtui.report.json.json_schemas docs/schema")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in schema_files().items():
        (folder / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(write_schemas(sys.argv[1:]))
