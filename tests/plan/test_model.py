"""A plan as plain values: what it says of itself."""

from __future__ import annotations

import pytest

from loadtui.plan.model import Plan

A, B = "http://a", "http://b"


@pytest.mark.parametrize(
    ("host", "hosts", "user_classes", "target"),
    [
        (None, {}, (), ""),
        (A, {}, (), A),
        (None, {"X": A, "Y": A}, (), A),
        (None, {"X": A, "Y": B}, (), "several"),
        (A, {"X": B}, (), "several"),
        (A, {"X": A}, (), A),
        (None, {"X": B}, (), B),
        (A, {"X": B}, ("X", "Y"), "several"),
        (A, {"X": B}, ("X",), B),
        (A, {"X": B, "Y": B}, ("X", "Y"), B),
        (A, {"X": B}, ("Y",), A),
        (None, {"X": B}, ("X", "Y"), B),
        (None, {}, ("X",), ""),
    ],
)
def test_target(
    host: str | None, hosts: dict[str, str], user_classes: tuple[str, ...], target: str
) -> None:
    plan = Plan("p", (), host=host, hosts=hosts, user_classes=user_classes)
    assert plan.target == target
