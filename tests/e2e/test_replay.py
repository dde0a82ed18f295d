"""A run that is over, looked at in the workbench: Trends over time and exceptions are there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.watched.feed import SocketFeed
from loadtui.tui.widgets.board import Board
from loadtui.tui.widgets.chart import Chart
from loadtui.tui.workbench import project_access
from tests.support.command import Write, load
from tests.support.workbench_fakes import settled

pytestmark = pytest.mark.thorough

SCENARIO = """
    from itertools import count

    from locust import User, constant, task

    from loadtui import Trend

    ttft = Trend("ttft", unit="ms")

    class Someone(User):
        wait_time = constant(0.05)

        def on_start(self):
            self.turns = count(1)

        @task
        def say(self):
            turn = next(self.turns)
            ttft.add(80.0, endpoint="SAY hello")
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=turn, response_length=0,
                exception=None, context=None,
            )
            if turn == 10:
                raise ValueError("the tenth turn")
"""
WIDE = (160, 45)
"""Where three charts stand side by side."""


def test_a_replay_draws_trends_and_shows_exceptions(project: Path, write: Write) -> None:
    outcome = load(project, write(SCENARIO), "-u", "1", "-r", "1", "-t", "3s")
    assert outcome.run.manifest.totals.exceptions == 1
    asyncio.run(_look(project))


async def _look(project: Path) -> None:
    """Open the newest run in the workbench, and look at its end."""
    app = LoadtuiApp(project=project_access(project), connect=SocketFeed)
    async with app.run_test(size=WIDE) as pilot:
        await settled(app, pilot)
        for key in ("2", "enter"):
            await pilot.press(key)
            await settled(app, pilot)
        await pilot.pause()
        board = app.screen.query_one(Board)
        chart = board.query_one("#trend", Chart)
        assert chart.display
        values = [value for value in chart._data.series[0].values if value is not None]
        assert len(values) >= 3
        assert all(abs(value - 80) < 0.4 for value in values)
        assert board.moment is not None
        snapshot = board.moment.snapshot
        assert snapshot.exceptions == 1
        assert "raise ValueError" in snapshot.exception_rows[0].traceback
        lines = app.screen._compositor.render_strips()
        text = "\n".join(line.text for line in lines)
        assert "ttft" in text
        assert "ValueError: the tenth turn" in text
