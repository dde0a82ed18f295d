"""The exit code of `loadtui locust`, and its one line on our verdict."""

from __future__ import annotations

from typing import Any

import pytest

from loadtui.cli.locust.locust_outcome import locust_exit_code, verdict_line
from loadtui.plan.model import Plan
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import Manifest, Provenance, Validity

OF_A_TASK = '  File "/x/locust/user/task.py", line 1, in run\n    self.execute_next_task()\n'
OF_A_LISTENER = (
    "Traceback (most recent call last):\n"
    '  File "/x/loadtui/engine/user_code.py", line 9, in _called\n    handler(**kwargs)\n'
)
OF_ON_STOP = (
    "Traceback (most recent call last):\n"
    '  File "/x/locust/user/task.py", line 9, in run\n    self.user.on_stop()\n'
)
OF_A_GREENLET = '  File "src/gevent/greenlet.py", line 1, in run\n  File "/my/file.py", line 3\n'


def manifest(**fields: Any) -> Manifest:
    given: dict[str, Any] = {
        "format": 1, "run": "20261127-a-1234", "state": "finished", "exit_code": 0,
        "provenance": Provenance("measured"), "plan": Plan("a", ("/a.py",)), "fingerprint": "",
        "started": "2026-11-27T10:00:00Z",
    }  # fmt: skip
    return Manifest(**{**given, **fields})


def code(failures: int = 0, traceback: str | None = None, **fields: Any) -> int:
    raised = [] if traceback is None else [StoredException("E", traceback, 1, 0.0, 0.0)]
    return locust_exit_code(manifest(**fields), failures, raised, fields.pop("on_error", 1))


def test_failures() -> None:
    assert (code(), code(failures=3)) == (0, 1)
    assert locust_exit_code(manifest(), 3, [], 0) == 0
    assert locust_exit_code(manifest(), 3, [], 7) == 7


@pytest.mark.parametrize(
    ("traceback", "expected"),
    [(OF_A_TASK, 1), (OF_A_LISTENER, 2), (OF_ON_STOP, 0), (OF_A_GREENLET, 0), ("", 1)],
)
def test_exceptions(traceback: str, expected: int) -> None:
    assert code(traceback=traceback) == expected


def test_failures_go_before_listeners() -> None:
    assert code(failures=1, traceback=OF_A_LISTENER) == 1


@pytest.mark.parametrize(("asked", "expected"), [(0, 0), (7, 7), (-1, 255), (256, 0)])
def test_what_the_locustfile_set(asked: int, expected: int) -> None:
    assert code(failures=1, process_exit_code=asked) == expected


def test_our_own_judgement_counts_for_nothing() -> None:
    assert code(exit_code=3, validity=Validity(valid=False, reasons=["slow"])) == 0
    assert code(exit_code=130, state="interrupted") == 0


def test_a_run_that_broke_off() -> None:
    assert code(exit_code=3, state="failed") == 3
    assert code(exit_code=None, state="interrupted") == 3


def test_the_line() -> None:
    assert verdict_line(manifest()) == "saved as run 20261127-a-1234"
    said = verdict_line(
        manifest(
            validity=Validity(valid=False, reasons=["the load generator was the bottleneck"]),
            not_compared="not compared: baselines/a.json is damaged",
        )
    )
    assert said == (
        "saved as run 20261127-a-1234; INVALID: the load generator was the bottleneck; "
        "not compared: baselines/a.json is damaged"
    )
