"""`loadtui schema`: what is printed is what is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from loadtui.__main__ import run
from loadtui.cli.schema import SCHEMAS

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "schema"


@pytest.mark.newest  # before 0.22, msgspec lists `null` elsewhere among the alternatives
@pytest.mark.parametrize("name", SCHEMAS)
def test_it_prints_what_is_published(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["schema", name]) == 0
    printed = capfdbinary.readouterr().out
    Draft202012Validator.check_schema(json.loads(printed))
    path = PUBLISHED / f"{name}.schema.json"
    assert path.read_bytes() == printed, f"write it again: loadtui schema {name} > {path.name}"


def test_every_published_schema_can_be_printed() -> None:
    assert {f"{name}.schema.json" for name in SCHEMAS} == {p.name for p in PUBLISHED.iterdir()}


def test_another_name_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "plans"]) == 2
    assert "'plan'" in capfd.readouterr().err
