"""Examples fit the schemas that they are made of, and always end."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.new_project.schema_example import SchemaExamples


def example(schema: Any, document: dict[str, Any] | None = None) -> Any:
    return SchemaExamples(document or {}).example(schema)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "email"}, "user@example.com"),
        ({"type": "string", "enum": ["a", "b"]}, "a"),
        ({"type": "string", "example": "x", "default": "y"}, "x"),
        ({"const": 7}, 7),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "integer", "minimum": 18}, 18),
        ({"type": "integer", "minimum": 18, "exclusiveMinimum": True}, 19),
        ({"type": "integer", "exclusiveMinimum": 18}, 19),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"type": "integer", "multipleOf": 5}, 5),
        ({"type": "string", "minLength": 6}, "textte"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "boolean"}, True),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"items": {"type": "integer"}, "maxItems": 0}, []),
        ({"oneOf": [{"type": "null"}, {"type": "string"}]}, "text"),
        ({"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]},
         {"a": 1, "b": 2}),
        ({"properties": {"id": {"type": "integer", "readOnly": True}, "a": {"type": "string"}}},
         {"a": "text"}),
        ({}, None),
        (None, None),
        (True, None),
    ],
)  # fmt: skip
def test_an_example(schema: Any, value: Any) -> None:
    assert example(schema) == value


def test_schemas_that_contain_themselves_end() -> None:
    node: dict[str, Any] = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "next": {"$ref": "#/components/schemas/Node"},
            "all": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    }
    loop = {"$ref": "#/components/schemas/Loop"}
    document = {"components": {"schemas": {"Node": node, "Loop": loop}}}
    assert example({"$ref": "#/components/schemas/Node"}, document) == {"name": "text", "all": []}
    assert example({"$ref": "#/components/schemas/Loop"}, document) is None


def test_schemas_that_multiply_stay_small() -> None:
    schemas = {
        f"S{n}": {
            "type": "object",
            "properties": {f"p{i}": {"$ref": f"#/definitions/S{n + 1}"} for i in range(20)},
        }
        for n in range(20)
    }
    made = example({"$ref": "#/definitions/S0"}, {"definitions": schemas})
    assert len(json.dumps(made)) < 20_000


@pytest.mark.parametrize("reference", ["other.yaml#/A", "#/a/~1b/0", "#/none", "#/a/9", 7])
def test_references(reference: Any) -> None:
    found = example({"$ref": reference}, {"a": {"/b": [{"const": "found"}]}})
    assert found == ("found" if reference == "#/a/~1b/0" else None)


schemas_made = st.recursive(
    st.sampled_from(
        [
            {"type": "string"},
            {"type": "string", "minLength": 3, "maxLength": 8},
            {"type": "integer", "minimum": 3, "maximum": 9},
            {"type": "integer", "multipleOf": 4},
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            {"type": "boolean"},
            {"enum": ["a", 1]},
            {"type": ["string", "null"]},
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda one: {"type": "array", "items": one}, inner),
        st.builds(lambda ones: {"anyOf": ones}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda ones: {"type": "object", "properties": ones, "required": list(ones)},
            st.dictionaries(st.text(max_size=5), inner, max_size=4),
        ),
    ),
    max_leaves=8,
)


@given(schemas_made)
def test_an_example_fits_its_schema(schema: dict[str, Any]) -> None:
    if json.dumps(schema).count('"items"') + json.dumps(schema).count('"anyOf"') < 5:
        jsonschema.validate(example(schema), schema)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "properties", "items", "allOf", "oneOf", "enum", "minimum", "$ref",
             "required", "example", "examples", "minLength", "multipleOf", "maximum"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


@given(anything)
def test_whatever_is_called_a_schema_has_an_example_or_none(schema: Any) -> None:
    json.dumps(example(schema))


def test_schemas_inside_schemas_end_at_some_depth() -> None:
    schemas = {
        f"S{n}": {"properties": {"in": {"$ref": f"#/definitions/S{n + 1}"}}} for n in range(100)
    }
    made = example({"$ref": "#/definitions/S0"}, {"definitions": schemas})
    depth = 0
    while made:
        made, depth = made["in"], depth + 1
    assert 3 < depth < 10
