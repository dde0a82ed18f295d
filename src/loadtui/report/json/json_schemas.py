"""The JSON schemas of the documents, made from their types.

`python -m loadtui.report.json.json_schemas docs/schema` writes the files that are published.
"""

from __future__ import annotations

import json
import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import UsageError
from loadtui.report.json.comparison_document import ComparisonDocument
from loadtui.report.json.run_document_shape import RunDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RUN_FILE, COMPARISON_FILE = "run.schema.json", "comparison.schema.json"


def run_schema() -> dict[str, Any]:
    """Of what `--json` writes: a run's document, or an array of those of several runs."""
    return _schema(RunDocument | list[RunDocument], "A loadtui run, or an array of several")


def comparison_schema() -> dict[str, Any]:
    """Of what `loadtui compare --format json` writes."""
    return _schema(ComparisonDocument, "A loadtui comparison")


def schema_files() -> dict[str, bytes]:
    """Name -> content of each published file."""
    schemas = {RUN_FILE: run_schema(), COMPARISON_FILE: comparison_schema()}
    return {
        name: json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"
        for name, schema in schemas.items()
    }


def _schema(type_: Any, title: str) -> dict[str, Any]:
    (root,), parts = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    for part in parts.values():
        if "description" in part:  # Python 3.13 takes a docstring's indentation off, others do not
            part["description"] = cleandoc(part["description"])
        if "properties" in part:
            _always_there(part)
    return {"$schema": DIALECT, "title": title, **root, "$defs": parts}


def _always_there(part: dict[str, Any]) -> None:
    """Documents hold every key, also those whose value is a type's default."""
    part["required"] = list(part["properties"])
    for its in part["properties"].values():
        its.pop("default", None)


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
