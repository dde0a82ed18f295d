"""No screen of an imported run shows what its source does not say."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from loadtui.store.run_folder import baselines_root
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.workbench import project_access
from loadtui.verdict.promotion import promote
from tests.support.imported_runs import INVENTED, TwoRuns, two_runs, unknown_numbers
from tests.support.imported_sources import imported_sources
from tests.support.workbench_fakes import settled

SOURCES = imported_sources()
NARROW, USUAL, WIDE = (80, 24), (120, 40), (200, 60)
ALWAYS = [("figures alone", NARROW), ("all that can be given", USUAL)]
"""The sources that give least and most, with every run of the tests."""
OTHERS = [
    ("figures alone", USUAL), ("figures alone", WIDE),
    ("all that can be given", NARROW), ("some of each service", USUAL), ("k6, flat", USUAL),
    ("Locust's statistics", USUAL), ("Locust's JSON", USUAL),
]  # fmt: skip
SEEN = [*ALWAYS, *(pytest.param(*other, marks=pytest.mark.thorough) for other in OTHERS)]
LOOKS = {
    "plans": ("1",),
    "runs": ("2", "home"),
    "replay": ("enter",),
    "more columns": ("c",),
    "errors": ("e",),
    "start of the replay": ("escape", "home"),
    "history": ("backspace", "h", "a"),
    "runs of the history": ("i",),
    "compared with the baseline": ("escape", "backspace", "home", "c", "a"),
    "facts": ("i",),
    "next chart": ("escape", "v"),
    "two runs": ("2", "space", "down", "space", "c"),
}
"""Keys, one look after the other."""
NO_FIGURES = re.compile(
    r"[\d.]+(?: ms| s)?┤|^(?:\s*\d*:?\d\d:\d\d)+\s*$"
    r"|\b7 users(?: · 07:00| 7m)|(?<=pass|FAIL) .* 2$",
    re.MULTILINE,
)
"""Values beside an axis, and times below it; the load that a plan asks for, and how many runs of it
there are."""


def seen(app: LoadtuiApp) -> str:
    """The screen without its last line, which names keys."""
    strips = app.screen._compositor.render_strips()[:-1]
    return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)


async def looks(runs: TwoRuns, size: tuple[int, int]) -> dict[str, str]:
    app = LoadtuiApp(project=project_access(runs.project), connect=lambda folder: None)  # type: ignore[arg-type,return-value]
    screens = {}
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        for look, keys in LOOKS.items():
            for key in keys:
                await pilot.press(key)
                await settled(app, pilot)
            screens[look] = seen(app)
    return screens


@pytest.mark.parametrize(("name", "size"), SEEN)
def test_no_screen_shows_a_number_that_is_not_in_the_source(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    runs = two_runs(SOURCES[name], tmp_path)
    promote(runs.base, baselines_root(tmp_path), force=True)
    screens = asyncio.run(asyncio.wait_for(looks(runs, size), 120))
    unknown = {}
    for look, screen in screens.items():
        assert "imported" in screen.casefold(), look
        assert not INVENTED.search(screen), (look, INVENTED.search(screen))
        if not runs.source.seconds:
            assert "┤" not in screen, f"{look}: a chart without anything in it"
        if numbers := unknown_numbers(runs, NO_FIGURES.sub("", screen)):
            unknown[look] = numbers
        if not runs.source.length:
            assert not re.search(r"\d\d:\d\d(?!Z)", NO_FIGURES.sub("", screen)), look
    assert unknown == {}
