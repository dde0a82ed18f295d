"""All checks, in the order in which they are told."""

from __future__ import annotations

from pathlib import Path

from loadtui.doctor.clock_checks import CLOCK_CHECKS
from loadtui.doctor.disk_checks import DISK_CHECKS
from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Check, Finding
from loadtui.doctor.memory_checks import MEMORY_CHECKS
from loadtui.doctor.network_checks import NETWORK_CHECKS
from loadtui.doctor.processor_checks import PROCESSOR_CHECKS
from loadtui.doctor.sampled_second import sampled_second
from loadtui.doctor.surroundings_checks import SURROUNDINGS_CHECKS
from loadtui.doctor.terminal_checks import TERMINAL_CHECKS
from loadtui.doctor.version_checks import VERSION_CHECKS
from loadtui.store.projects import state_home
from loadtui.store.run_folder import runs_root

CHECKS: tuple[Check, ...] = (
    *PROCESSOR_CHECKS,
    *MEMORY_CHECKS,
    *NETWORK_CHECKS,
    *DISK_CHECKS,
    *CLOCK_CHECKS,
    *SURROUNDINGS_CHECKS,
    *VERSION_CHECKS,
    *TERMINAL_CHECKS,
)
"""To add one, add it to the checks of its noun."""


def this_machine(project: Path) -> ExaminedMachine:
    """The real one, looked at for a second.  Raises UsageError as `runs_root`."""
    try:
        state = state_home()
    except OSError:
        state = None
    return ExaminedMachine(runs=runs_root(project), state=state, second=sampled_second())


def examined(machine: ExaminedMachine) -> list[Finding]:
    """What every check found."""
    return [finding for check in CHECKS for finding in check(machine)]
