"""The workbench of a made-up project."""

from __future__ import annotations

import pytest

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.watched.moment import Moment
from tests.support.workbench_fakes import fake_project, settled


@pytest.fixture
def project(story):
    def moment(second):
        snapshot = story.finished("fail", 1) if second >= 300 else story.snapshot(max(1, second))
        return Moment(snapshot, story.points(300), cursor=float(second))

    return fake_project(moment)


@pytest.fixture
def visit(project, feed, run):
    """Open the workbench, press keys, and see what comes of it."""

    def visited(*keys, then=None, size=(80, 24), project=project, **options):
        async def steps():
            app = LoadtuiApp(project=project, connect=lambda folder: feed, **options)
            async with app.run_test(size=size) as pilot:
                await settled(app, pilot)
                for key in keys:
                    await pilot.press(key)
                    await settled(app, pilot)
                return (await then(pilot, app) if then else None), app

        return run(steps())

    return visited
