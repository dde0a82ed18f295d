"""What was found, as people see it."""

from __future__ import annotations

from loadtui.doctor.doctor_document import worst_level
from loadtui.doctor.doctor_text import doctor_text
from loadtui.doctor.finding import Finding

FINDINGS = [
    Finding("processor", "cores", "ok", "8 usable of 8; a run starts 7 workers"),
    Finding(
        "processor",
        "governor",
        "note",
        "powersave",
        "cores that slow down between requests answer the next one late",
        "sudo cpupower frequency-set -g performance",
    ),
    Finding("memory", "free", "problem", "100 MB of 8.0 GB\x1b[2J", "close something"),
]
SHOWN = """\
processor
  ok       cores     8 usable of 8; a run starts 7 workers
  note     governor  powersave
                     -> cores that slow down between requests answer the
                        next one late
                        $ sudo cpupower frequency-set -g performance

memory
  problem  free      100 MB of 8.0 GB\\x1b[2J
                     -> close something

1 problem, 1 note.
"""


def test_a_line_a_check_and_below_it_what_to_do() -> None:
    assert doctor_text(FINDINGS, 72, color=False) == SHOWN


def test_colour_adds_only_colour() -> None:
    shown = doctor_text(FINDINGS, 72, color=True)
    assert "\x1b[31mproblem\x1b[0m  free" in shown
    for code in ("0", "1", "31", "32", "33"):
        shown = shown.replace(f"\x1b[{code}m", "")
    assert shown == SHOWN


def test_the_worst_of_all_decides() -> None:
    assert [worst_level(FINDINGS[:end]) for end in (0, 1, 2, 3)] == ["ok", "ok", "note", "problem"]
