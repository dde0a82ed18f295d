"""The JSON schema of plan files, made from the types that their reader converts them to."""

from __future__ import annotations

from typing import Any

from loadtui.document_schema import DIALECT, schema_parts
from loadtui.plan.file_shape import PlanFile


def plan_schema() -> dict[str, Any]:
    """Everything that a plan may hold, as draft 2020-12.

    It refuses nothing that the reader takes.  The reader refuses more: what one key says of
    another, such as a threshold for a stage that does not exist, and files that are not there.
    """
    _, parts = schema_parts(PlanFile)
    for part in parts.values():
        part["additionalProperties"] = False
        for its in part["properties"].values():
            _take_off_null(its)
            for ours, theirs in (("alternatives", "anyOf"), ("each", "items")):
                if ours in its:
                    its[theirs] = its.pop(ours)
    whole = parts.pop(PlanFile.__name__)
    return {
        "$schema": DIALECT,
        **whole,
        "title": "A loadtui plan",
        "oneOf": [{"required": ["locustfile"]}, {"required": ["locustfiles"]}],
        "$defs": parts,
    }


def _take_off_null(schema: dict[str, Any]) -> None:
    """TOML has no null: a key without a value is not written."""
    if schema.get("default", ...) is None:
        del schema["default"]
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
    elif kinds:
        schema["anyOf"] = kinds
