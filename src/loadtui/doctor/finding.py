"""What a check found: a value, what it means for a measurement, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from loadtui.doctor.examined_machine import ExaminedMachine

Level = Literal["ok", "note", "problem"]
"""`note`: figures may suffer, or something is less comfortable; `problem`: figures will suffer, or
a run will fail."""


class Finding(msgspec.Struct, frozen=True):
    """One line of what was found."""

    noun: str
    """What it is about: `terminal`, `processor`, `memory` and so on."""
    name: str
    """Which check: `colours`, `steal time`."""
    level: Level
    found: str
    """The value, in words."""
    remedy: str = ""
    """What to do, in words; empty where there is nothing to do."""
    command: str = ""
    """A command to type for it; empty where there is none."""


class Check(Protocol):
    """Looks at one thing of a machine; a file holds those about one noun.

    A check says nothing of what it cannot find out, and raises nothing.
    """

    def __call__(self, machine: ExaminedMachine) -> Iterator[Finding]: ...
