"""JSON schemas made from types: what the keys of a document or a file are."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema(type_: Any, title: str) -> dict[str, Any]:
    """Of documents that we write: they hold every key, also those whose value is a default."""
    root, parts = schema_parts(type_)
    for part in parts.values():
        if "properties" in part:
            part["required"] = list(part["properties"])
            for its in part["properties"].values():
                its.pop("default", None)
    return {"$schema": DIALECT, "title": title, **root, "$defs": parts}


def schema_parts(type_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a type, and those of the types that it names, which lie in `$defs`."""
    (root,), parts = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    for part in parts.values():
        if "description" in part:  # Python 3.13 takes a docstring's indentation off, others do not
            part["description"] = cleandoc(part["description"])
    return root, parts
