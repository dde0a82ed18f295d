"""Exit codes: one table in the program, told in the documents as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadtui.errors import ExitCode, UsageError

ROOT = Path(__file__).resolve().parents[1]


def _table(document: str) -> set[int]:
    """Codes of the table whose head says `code` and `means`."""
    text = (ROOT / document).read_text(encoding="utf-8")
    table = re.search(
        r"^\| (?:exit )?code \| means \|\n\|---\|---\|\n((?:\| \d+ \|.*\n)+)", text, re.M
    )
    assert table is not None, document
    return {int(code) for code in re.findall(r"^\| (\d+) \|", table[1], re.M)}


def test_the_reference_lists_every_exit_code() -> None:
    assert _table("docs/run.md") == set(ExitCode)


def test_the_readme_lists_those_that_say_something_of_a_run() -> None:
    assert _table("README.md") == set(ExitCode) - {ExitCode.PIPE_CLOSED}


def test_exit_codes_are_written_nowhere_else() -> None:
    """No other module gives a name to an exit code."""
    named = re.compile(
        r"^_?[A-Z_, ]+ = (?:130|141)\b|^_?[A-Z_]*(?:INTERRUPTED|EXIT)[A-Z_, ]* = \d", re.M
    )
    source = ROOT / "src" / "loadtui"
    naming = [path.name for path in source.rglob("*.py") if named.search(path.read_text())]
    assert naming == ["errors.py"]


@pytest.mark.parametrize("code", [None, ExitCode.INVALID])
def test_a_usage_error_ends_with_2_unless_it_says_otherwise(code: ExitCode | None) -> None:
    error = UsageError("x") if code is None else UsageError("x", exit_code=code)
    assert error.exit_code == (code or ExitCode.USAGE)
