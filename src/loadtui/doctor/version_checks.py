"""Versions of Python and of what this program stands on, against the ranges that it declares."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from loadtui._version import __version__
from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding

_NOUN = "versions"
NAMED = ("locust", "gevent", "textual", "polars")
_DISTRIBUTION = "loadtui"
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(?P<range>[^;]*)(?P<marker>;.*)?"
)
_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|<|>)\s*([0-9][0-9A-Za-z.*+!-]*)\s*")


def python(machine: ExaminedMachine) -> Iterator[Finding]:
    yield Finding(_NOUN, "loadtui", "ok", __version__)
    wanted = _python_range()
    found = platform.python_version()
    if wanted and not within(found, wanted):
        remedy = f"this program is for Python {wanted}"
        yield Finding(_NOUN, "Python", "problem", found, remedy)
    else:
        yield Finding(_NOUN, "Python", "ok", found + (f" ({wanted})" if wanted else ""))


def packages(machine: ExaminedMachine) -> Iterator[Finding]:
    """Those that matter most by name, and of the others those that are out of their range."""
    others = 0
    for name, wanted in _declared():
        finding = _package(name, wanted)
        if name in NAMED or finding.level != "ok":
            yield finding
        else:
            others += 1
    if others:
        yield Finding(_NOUN, "others", "ok", f"{others} packages, all within their ranges")


def _package(name: str, wanted: str) -> Finding:
    install = f"pip install '{name}{wanted}'"
    try:
        found = version(name)
    except PackageNotFoundError:
        return Finding(_NOUN, name, "problem", "not installed", f"{wanted} is needed", install)
    if within(found, wanted):
        return Finding(_NOUN, name, "ok", f"{found} ({wanted})")
    return Finding(_NOUN, name, "problem", found, f"{wanted} is what this was made for", install)


def within(found: str, wanted: str) -> bool:
    """Whether a version lies in a range such as `>=2.47,<3`; a pre-release is as its release."""
    here = _numbers(found)
    for clause in wanted.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            continue  # nothing that we declare
        operator, there = match[1], _numbers(match[2])
        width = max(len(here), len(there))
        one, other = (numbers + (0,) * (width - len(numbers)) for numbers in (here, there))
        holds = {
            ">=": one >= other,
            "<=": one <= other,
            "==": one == other,
            "!=": one != other,
            "<": one < other,
            ">": one > other,
        }
        if not holds[operator]:
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    match = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _declared() -> Iterator[tuple[str, str]]:
    """Name and range of each package that is always needed; none when this is run from its sources
    without being installed."""
    try:
        texts = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return
    for text in texts:
        match = _REQUIREMENT.fullmatch(text)
        if match is not None and "extra" not in (match["marker"] or ""):
            yield (
                match["name"],
                ",".join(sorted(match["range"].strip(" ()").split(","), reverse=True)),
            )


def _python_range() -> str:
    try:
        return str(metadata(_DISTRIBUTION).json.get("requires_python", ""))
    except PackageNotFoundError:
        return ""


VERSION_CHECKS = (python, packages)
