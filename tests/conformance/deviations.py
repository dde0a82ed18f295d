"""What differs on purpose: the table in deviations.toml, and what of a case is not in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")


def expected() -> dict[str, list[str]]:
    """Case -> patterns of the differences that it has."""
    document = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: told["differences"] for name, told in document.items()}


def not_in_the_table(name: str, found: list[str]) -> list[str]:
    """What of the differences of a case is not expected, and what is expected and was not found."""
    patterns = expected().get(name, [])
    surprises = [line for line in found if not any(re.search(p, line) for p in patterns)]
    gone = [p for p in patterns if not any(re.search(p, line) for line in found)]
    return [*surprises, *(f"differs no more, take it off the list: {p}" for p in gone)]
