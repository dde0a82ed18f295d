"""Think time: what may be written, and one argument for all scenarios."""

from __future__ import annotations

import argparse
from types import SimpleNamespace

import pytest

from loadtui.users.think import Thinking, add_think_argument, think_range


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2-5", (2, 5)), (" 0.1-0.3 ", (0.1, 0.3)), ("1-1", (1, 1)), ("0-0", (0, 0))],
)
def test_ranges(text: str, seconds: tuple[float, float]) -> None:
    assert think_range(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "2-", "-1-2", "5-2", "a-b", "1-2-3", "1e1-2e1"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        think_range(text)


def test_scenarios_share_the_argument() -> None:
    parser = argparse.ArgumentParser()
    add_think_argument(parser)
    add_think_argument(parser)
    assert parser.parse_args(["--think", "2-5"]).think == "2-5"
    assert parser.parse_args([]).think is None


def test_somebody_elses_argument_of_that_name_is_not_taken_over() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--think")
    with pytest.raises(argparse.ArgumentError):
        add_think_argument(parser)


class Base:
    def __init__(self, environment: object) -> None:
        self.environment = environment


class Slow(Thinking, Base):
    think = "7-7"


@pytest.mark.parametrize(
    ("options", "wait_s"),
    [
        (SimpleNamespace(think="0.5-0.5"), 0.5),
        (SimpleNamespace(think=None), 7),
        (SimpleNamespace(), 7),
        (None, 7),
    ],
)
def test_each_scenario_has_its_own_default(options: object, wait_s: float) -> None:
    assert Slow(SimpleNamespace(parsed_options=options)).wait_time() == wait_s
