"""Values of a plan's arguments that come from the environment."""

from __future__ import annotations

import pytest

from loadtui.engine.locustfile.plan_arguments import plan_argument, says_nothing
from loadtui.errors import UsageError
from loadtui.plan.model import Plan

PLAN = Plan("p", ("/p.py",), source="/project/p.toml")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "sk-${HOME}")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("MISSING", raising=False)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${API_KEY}", "sk-${HOME}"),
        ("Bearer ${API_KEY}!", "Bearer sk-${HOME}!"),
        ("${EMPTY}${EMPTY}", ""),
        ("$${API_KEY}", "${API_KEY}"),
        ("$API_KEY {API_KEY} $$ ${} ${1} ${a b}", "$API_KEY {API_KEY} $$ ${} ${1} ${a b}"),
        (5, 5),
        (True, True),
    ],
)
def test_values(written: str | int | bool, value: str | int | bool) -> None:
    assert plan_argument(PLAN, "key", written) == value


def test_a_variable_that_is_not_set() -> None:
    with pytest.raises(UsageError) as caught:
        plan_argument(PLAN, "key", "x${MISSING}")
    assert str(caught.value) == (
        "/project/p.toml: args.key: the environment variable MISSING is not set; set it, or write "
        "$${MISSING} for these very characters"
    )


@pytest.mark.parametrize(
    ("value", "nothing"),
    [
        ("${A}", True),
        ("${A}${B}", True),
        ("x${A}", False),
        ("secret", False),
        ("", False),
        (1, False),
    ],
)
def test_what_everybody_may_read(value: str | int, nothing: bool) -> None:
    assert says_nothing(value) is nothing
