"""What is said of a name that is missing or has another shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadtui.engine.http.private_names import Dependency, PrivateName, first_problem

HERE = __name__


class Library:
    """Stands for a class of a dependency."""

    attribute: int
    closed = 0

    def __init__(self) -> None:
        self._items: list[int] = []

    def _method(self, first: int, *, second: int = 0) -> None: ...

    def close(self) -> None:
        Library.closed += 1


def name(what: str, owner: str = f"{HERE}:Library", **fields: Any) -> PrivateName:
    return PrivateName(owner, what, "for a test", **fields)


def broken(owner: Any) -> Any:
    raise ValueError("not today")


@pytest.mark.parametrize(
    ("private", "problem"),
    [
        (name("_method"), None),
        (name("_method", arguments=("first",)), None),
        (name("_method", arguments=("first", "second=")), None),
        (name("_method", arguments=("first",), example=lambda library: library()), None),
        (name("_items", example=lambda library: library(), members=("append", "pop")), None),
        (name("attribute", in_class_body=True), None),
        (name("Library", owner=HERE), None),
        (name("_gone"), "Library._gone is missing"),
        (name("_items"), "Library._items is missing"),
        (name("_gone", example=lambda library: library()), "Library._gone is missing"),
        (name("gone", in_class_body=True), "Library.gone is missing"),
        (name("x", owner=f"{HERE}:Gone"), f"{HERE}:Gone is missing"),
        (name("x", owner="no_such_package:Class"), "no_such_package:Class is missing"),
        (name("_method", arguments=()), "Library._method does not take no arguments"),
        (name("_method", arguments=("a", "b")), "Library._method does not take a, b"),
        (name("_method", arguments=("a", "third=")), "Library._method does not take a, third="),
        (name("closed", arguments=()), "Library.closed does not take no arguments"),
        (
            name("_items", example=lambda library: library(), members=("append", "push")),
            "Library._items is without push",
        ),
        (name("x", example=broken), "Library.x cannot be looked for (ValueError: not today)"),
    ],
)
def test_problem(private: PrivateName, problem: str | None) -> None:
    assert private.problem() == problem


@pytest.mark.parametrize("what", ["_items", "_gone"])
def test_examples_are_closed(what: str) -> None:
    before = Library.closed
    name(what, example=lambda library: library()).problem()
    assert Library.closed == before + 1


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("pytest", lambda: pytest.__version__),
        ("no-such-package", lambda: "of an unknown version"),
    ],
)
def test_the_first_problem(package: str, version: Callable[[], str]) -> None:
    fine = Dependency("Python", (name("_method"),))
    assert first_problem([fine]) is None
    assert fine.version()[0].isdigit()
    lacking = Dependency(package, (name("_method"), name("_gone"), name("_other")))
    problem = first_problem([fine, lacking])
    assert problem == f"{package} {version()}: Library._gone is missing"
