"""Bodies of requests as OpenAPI describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loadtui.new_project.schema_example import SchemaExamples
from loadtui.new_project.service_request import (
    FORM,
    PARTS,
    FilePart,
    ServiceRequest,
)


def request_body(
    request: ServiceRequest,
    operation: Mapping[str, Any],
    parameters: list[dict[str, Any]],
    document: Mapping[str, Any],
    examples: SchemaExamples,
) -> ServiceRequest:
    """The request with the body that its operation asks for, where it asks for one."""
    if "swagger" in document:
        return _swagger_body(request, operation, parameters, document, examples)
    content = examples.resolved(operation.get("requestBody")).get("content")
    if not isinstance(content, dict) or not content:
        return request
    kinds = {str(kind).partition(";")[0].strip().lower(): kind for kind in content}
    kind = _preferred(list(kinds))
    media = examples.resolved(content[kinds[kind]])
    own = {key: media[key] for key in ("example", "examples") if key in media}
    if isinstance(own.get("examples"), dict):
        own["examples"] = {k: examples.resolved(one) for k, one in own["examples"].items()}
    value = examples.example(own) if own else None
    schema = media.get("schema")
    return _with_body(
        request, kind, examples.example(schema) if value is None else value, schema, examples
    )


def _swagger_body(
    request: ServiceRequest,
    operation: Mapping[str, Any],
    parameters: list[dict[str, Any]],
    document: Mapping[str, Any],
    examples: SchemaExamples,
) -> ServiceRequest:
    consumes = operation.get("consumes") or document.get("consumes")
    named = consumes if isinstance(consumes, list) else []
    kinds = [one.partition(";")[0].lower() for one in named if isinstance(one, str)]
    for one in parameters:
        if one.get("in") == "body":
            kind = _preferred(kinds) if kinds else "application/json"
            kind = "application/json" if kind in (FORM, PARTS) else kind
            schema = one.get("schema")
            return _with_body(request, kind, examples.example(schema), schema, examples)
    form = [one for one in parameters if one.get("in") == "formData"]
    if not form:
        return request
    properties = {str(one.get("name")): _as_schema(one) for one in form}
    schema = {"type": "object", "properties": properties}
    has_files = any(one.get("type") == "file" for one in form)
    kind = PARTS if has_files or kinds == [PARTS] else FORM
    return _with_body(request, kind, examples.example(schema), schema, examples)


def _as_schema(parameter: dict[str, Any]) -> dict[str, Any]:
    if parameter.get("type") == "file":
        return {"type": "string", "format": "binary"}
    return {key: value for key, value in parameter.items() if key not in ("required", "name")}


def _preferred(kinds: list[str]) -> str:
    """JSON, else a form, else what is named first."""
    for kind in kinds:
        if _is_json(kind):
            return kind
    return next((kind for kind in kinds if kind in (FORM, PARTS)), kinds[0])


def _is_json(kind: str) -> bool:
    return kind in ("application/json", "*/*") or kind.endswith("+json")


def _with_body(
    request: ServiceRequest, kind: str, value: Any, schema: Any, examples: SchemaExamples
) -> ServiceRequest:
    if _is_json(kind):
        headers = dict(request.headers)
        if kind.endswith("+json"):
            headers["Content-Type"] = kind
        return replace(request, json={} if value is None else value, headers=headers)
    if kind in (FORM, PARTS):
        fields = value if isinstance(value, dict) else {}
        files = tuple(_files(schema, fields, examples)) if kind == PARTS else ()
        named = {one.field for one in files}
        texts = {key: _field(one) for key, one in fields.items() if key not in named}
        if kind == PARTS and not files:
            files = (FilePart("file", "test.txt"),)
        return replace(request, data=texts or None, files=files)
    text = value if isinstance(value, str) else json.dumps(value)
    return replace(request, data=text, headers={**request.headers, "Content-Type": kind})


def _files(schema: Any, fields: Mapping[str, Any], examples: SchemaExamples) -> list[FilePart]:
    properties = examples.resolved(schema).get("properties")
    found = []
    for name in fields:
        one = examples.resolved(properties.get(name)) if isinstance(properties, dict) else {}
        items = examples.resolved(one.get("items"))
        is_file = any(
            part.get("format") == "binary" or "contentMediaType" in part for part in (one, items)
        )
        if is_file:
            found.append(FilePart(name, "test.txt"))
    return found


def _field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
