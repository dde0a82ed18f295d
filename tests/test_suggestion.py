"""What is said of a name that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadtui.suggestion import did_you_mean

SOURCE = Path(__file__).resolve().parents[1] / "src" / "loadtui"


@pytest.mark.parametrize(
    ("name", "otherwise", "hint"),
    [
        ("hsot", None, "did you mean host?"),
        ("hsot", "", "did you mean host?"),
        ("zzz", None, "known are host, users"),
        ("zzz", "see the help", "see the help"),
        ("zzz", "", ""),
        ("", None, "known are host, users"),
    ],
)
def test_the_nearest_name_or_where_they_are_listed(
    name: str, otherwise: str | None, hint: str
) -> None:
    assert did_you_mean(name, iter(["host", "users"]), otherwise) == hint


def test_how_near_it_has_to_be() -> None:
    assert did_you_mean("hsot", ["host"], "", close=0.85) == ""


def test_it_is_worded_nowhere_else() -> None:
    words = re.compile(r"did you mean|get_close_matches")
    wording = [path.name for path in SOURCE.rglob("*.py") if words.search(path.read_text())]
    assert wording == ["suggestion.py"]
