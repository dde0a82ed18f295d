"""Files that run under Locust run here: each case under both programs, compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.case import Case, all_cases
from tests.conformance.comparison import differences, unheard
from tests.conformance.deviations import expected, not_in_the_table
from tests.conformance.programs import observe
from tests.conformance.script import SCRIPT
from tests.support.scripted_server import ScriptedServer
from tests.support.starved_machine import compare_again_if_starved

CASES = all_cases()
MOST_DEVIATIONS = 3
MOST_ALWAYS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=() if case.always else pytest.mark.thorough)
        for case in CASES
    ],
)
def test_a_file_does_the_same_under_both(
    case: Case, server: ScriptedServer, tmp_path: Path
) -> None:
    def compare(attempt: int) -> None:
        folder = tmp_path / str(attempt)
        folder.mkdir()
        locust, loadtui = observe(case, server, SCRIPT, folder)
        silent = [f"not on the terminal: {line}" for line in unheard(locust, loadtui)]
        found = [*differences(case, locust, loadtui), *silent]
        told = f"\n---- Locust\n{locust.terminal}\n---- loadtui\n{loadtui.terminal}"
        assert not_in_the_table(case.name, found) == [], told

    compare_again_if_starved(compare)


def test_the_list_of_deviations_is_short_and_of_cases() -> None:
    assert len(expected()) <= MOST_DEVIATIONS
    assert expected().keys() <= {case.name for case in CASES}


def test_there_are_sixty_cases_and_each_says_what_it_is_about() -> None:
    assert len(CASES) >= 60
    assert [case.name for case in CASES if not case.behaviour] == []
    assert 0 < sum(case.always for case in CASES) <= MOST_ALWAYS
