from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadtui.web_api.swarm_form import SwarmForm, SwarmRefused
from loadtui.web_api.swarmed_runs import SwarmedRuns
from loadtui.wire.http_exchange import HttpQuestion
from loadtui.wire.swarm import Swarm
from tests.support.waiting import wait_until

FORM = SwarmForm(2, 1.0)
CHANGE = Swarm(2, 1.0)
QUESTION = HttpQuestion("GET", "/mine")

Aside = Callable[[Callable[[], object]], Callable[[], object]]


@pytest.fixture
def runs() -> SwarmedRuns:
    return SwarmedRuns()


def test_whoever_asks_for_a_run_waits_until_it_is_running(
    runs: SwarmedRuns, host: Any, aside: Aside
) -> None:
    assert runs.next_form(0) is None
    asked = aside(lambda: runs.begin(FORM, CHANGE))
    assert runs.next_form(30) is FORM
    assert runs.ask(QUESTION) is None
    runs.run_began(host.folder)
    assert asked() is None
    answer = runs.ask(QUESTION)
    assert answer is not None
    assert answer.body == b"GET /mine"


def test_whoever_asks_hears_why_it_cannot_run(runs: SwarmedRuns, aside: Aside) -> None:
    asked = aside(lambda: runs.begin(FORM, CHANGE))
    runs.next_form(30)
    runs.run_refused("no such file")
    with pytest.raises(SwarmRefused, match="no such file"):
        asked()


def test_a_run_that_is_running_has_other_users(runs: SwarmedRuns, host: Any) -> None:
    runs.run_began(host.folder)
    runs.begin(FORM, CHANGE)
    assert [command.swarm for command in host.heard if command.do == "swarm"] == [CHANGE]
    runs.begin(FORM, None)
    assert len([command for command in host.heard if command.do == "swarm"]) == 1
    host.refuses = "too many"
    with pytest.raises(SwarmRefused, match="too many"):
        runs.begin(FORM, CHANGE)


def test_one_that_is_ending_is_waited_for(runs: SwarmedRuns, host: Any, aside: Aside) -> None:
    host.refuses, host.state = "the run is stopping", "stopping"
    runs.run_began(host.folder)
    asked = aside(lambda: runs.begin(FORM, CHANGE))
    wait_until(lambda: any(c.do == "snapshot" for c in host.heard), "the question for its state")
    assert runs.next_form(0) is None
    host.ends()
    assert runs.next_form(30) is FORM
    runs.close()
    with pytest.raises(SwarmRefused, match="loadtui is ending"):
        asked()


def test_a_stop_waits_for_the_last_answers(runs: SwarmedRuns, host: Any) -> None:
    runs.stop()
    assert runs.last == {}
    runs.run_began(host.folder)
    runs.stop()
    assert runs.last["/stats/requests"].body == b'{"last": 1}'
    assert runs.ask(QUESTION) is None


def test_a_host_that_dies_leaves_what_was_said_before(runs: SwarmedRuns, host: Any) -> None:
    runs.run_began(host.folder)
    wait_until(lambda: any(c.do == "last_http" for c in host.heard), "the question")
    host.dies()
    wait_until(lambda: runs.ask(QUESTION) is None, "the end")
    assert runs.last == {}


def test_nothing_begins_after_the_end(runs: SwarmedRuns, aside: Aside) -> None:
    waiting = aside(lambda: runs.begin(FORM, CHANGE))
    runs.next_form(30)
    runs.close()
    with pytest.raises(SwarmRefused):
        waiting()
    with pytest.raises(SwarmRefused):
        runs.begin(FORM, CHANGE)
