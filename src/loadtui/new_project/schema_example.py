"""Values that fit a JSON schema, as OpenAPI describes bodies and parameters with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

_DEEPEST = 6
_MOST_VALUES = 200
"""Of one example."""
_MOST_KEYS = 30
_LONGEST_CHAIN = 50
"""References to references."""
_LONGEST_TEXT = 1_000
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "user@example.com",
    "idn-email": "user@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "byte": "dGV4dA==",
    "binary": "text",
    "password": "not-a-password",
}
_NOTHING = object()


class SchemaExamples:
    """Makes examples of the schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def resolved(self, value: Any) -> dict[str, Any]:
        """What an object with a `$ref` leads to in the document; an empty one when to nothing."""
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(value, dict):
                break
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        return {}

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            return None
        value: Any = self._document
        for part in reference[2:].split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and key.isdecimal() and len(key) < 6:
                value = value[int(key)] if int(key) < len(value) else None
            else:
                return None
        return value

    def example(self, schema: Any) -> Any:
        """A value that the schema allows as far as it is understood: given ones first, then made
        ones.  Schemas that contain themselves end where they begin again."""
        return _Example(self).of(schema, ())


class _Example:
    """One example and how much of it there is so far."""

    def __init__(self, examples: SchemaExamples) -> None:
        self._examples = examples
        self._values = 0

    def of(self, schema: Any, inside: tuple[int, ...]) -> Any:
        self._values += 1
        schema = self._examples.resolved(schema)
        if not schema or id(schema) in inside:
            return None
        if (given := _given(schema)) is not _NOTHING:
            return _plain(given)
        inside = (*inside, id(schema))
        if len(inside) > _DEEPEST or self._values > _MOST_VALUES:
            return _empty(_kind(schema))
        for key in ("oneOf", "anyOf"):
            for one in _listed(schema.get(key)):
                if _kind(self._examples.resolved(one)) != "null":
                    merged = {k: v for k, v in schema.items() if k not in ("oneOf", "anyOf")}
                    return self._together([merged, one], inside)
        if _listed(schema.get("allOf")):
            own = {key: value for key, value in schema.items() if key != "allOf"}
            return self._together([own, *_listed(schema["allOf"])], inside)
        return self._made(schema, inside)

    def _together(self, schemas: list[Any], inside: tuple[int, ...]) -> Any:
        """Of objects all keys, else the first value that one of them says."""
        value: Any = None
        for schema in schemas[:_MOST_KEYS]:
            one = self.of(schema, inside)
            if isinstance(one, dict) and (isinstance(value, dict) or value is None):
                value = {**(value or {}), **one}
            elif value is None:
                value = one
        return value

    def _made(self, schema: dict[str, Any], inside: tuple[int, ...]) -> Any:
        kind = _kind(schema)
        if kind == "object":
            return dict(self._properties(schema, inside))
        if kind == "array":
            if schema.get("maxItems") == 0:
                return []
            item = self.of(schema.get("items"), inside)
            # A list of what it lies in itself ends empty.
            return [] if item is None else [item]
        if kind == "string":
            return _text(schema)
        if kind in ("integer", "number"):
            return _number(schema, kind == "integer")
        return True if kind == "boolean" else None

    def _properties(
        self, schema: dict[str, Any], inside: tuple[int, ...]
    ) -> Iterator[tuple[str, Any]]:
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return
        required = [name for name in _listed(schema.get("required")) if isinstance(name, str)]
        names = [name for name in required if name in properties]
        names += [name for name in properties if name not in required]
        for name in names[:_MOST_KEYS]:
            one = self._examples.resolved(properties[name])
            if one.get("readOnly") is True or (self._values > _MOST_VALUES):
                continue
            value = self.of(properties[name], inside)
            if value is not None or name in required:
                yield str(name), value


def _given(schema: dict[str, Any]) -> Any:
    """A value that the schema itself names."""
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("examples", "enum"):
        values = schema.get(key)
        if isinstance(values, dict):  # of OpenAPI 3, name -> {value: ...}
            values = [one["value"] for one in values.values() if _has_value(one)]
        for value in _listed(values):
            if value is not None:
                return value
    return _NOTHING


def _has_value(one: Any) -> bool:
    return isinstance(one, dict) and "value" in one


def _kind(schema: dict[str, Any]) -> str:
    """Its type; of several the first that is not null."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else ""


def _empty(kind: str) -> Any:
    return {"object": {}, "array": [], "string": "text", "integer": 1, "number": 1}.get(kind)


def _text(schema: dict[str, Any]) -> str:
    text = _FORMATS.get(str(schema.get("format")), "text")
    least, most = _bound(schema.get("minLength")), _bound(schema.get("maxLength"))
    if least is not None and len(text) < least:
        text = (text * _LONGEST_TEXT)[: min(int(least), _LONGEST_TEXT)]
    if most is not None and len(text) > most >= 0:
        text = text[: int(most)]
    return text


def _number(schema: dict[str, Any], whole: bool) -> int | float:
    least, most = _bound(schema.get("minimum")), _bound(schema.get("maximum"))
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = 1 if whole else 0.5
    if over is True and least is not None:
        least += step
    elif (bound := _bound(over)) is not None:
        least = bound + step
    if under is True and most is not None:
        most -= step
    elif (bound := _bound(under)) is not None:
        most = bound - step
    value: int | float = 1
    if least is not None and value < least:
        value = least
    if most is not None and value > most:
        value = most
    multiple = _bound(schema.get("multipleOf"))
    if multiple is not None and multiple > 0 and abs(value / multiple) < 1e15:
        value = math.ceil(value / multiple) * multiple
    return math.ceil(value) if whole else value


def _bound(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 1e15 else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(value: Any, depth: int = 0) -> Any:
    """Of a given value what JSON and a short file can hold."""
    if isinstance(value, dict):
        if depth > _DEEPEST:
            return {}
        pairs = list(value.items())[:_MOST_KEYS]
        return {str(key): _plain(one, depth + 1) for key, one in pairs}
    if isinstance(value, list):
        return [] if depth > _DEEPEST else [_plain(one, depth + 1) for one in value[:_MOST_KEYS]]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value
