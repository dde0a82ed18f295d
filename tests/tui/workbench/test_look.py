"""How the screens beside the live one look, at three sizes."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.support.workbench_fakes import settled

SIZES = ((80, 24), (120, 40), (200, 60))

# One app a screen: keys that lead to a look, and those that lead back.
LOOKS = {
    "plans": {
        "as it opens": ((), ()),
        "help": (("question_mark",), ("escape",)),
        "checked": (("c",), ()),
        "start with changes": (("s",), ("escape",)),
        "start a locustfile with changes": (("end", "s"), ("escape",)),
        "broken": (("up",), ("home",)),
    },
    "runs": {
        "as it opens": (("2",), ()),
        "selected": (
            ("down", "space", "down", "down", "space"),
            ("space", "home", "down", "space"),
        ),
        "promote": (("p",), ("escape",)),
        "export": (("e",), ("escape",)),
        "delete": (("X",), ("escape",)),
        "filter": (("slash",), ("escape",)),
        "issue": (("home", "down", "i"), ("escape",)),
        "issue of a run that passes": (("down", "down", "i"), ("escape", "home")),
        "issue of a simulated run": (("down", "down", "i"), ("escape", "home")),
        "copy": (("down", "y"), ("escape", "home")),
        "theme": (("T",), ("escape",)),
        "palette": (("ctrl+p",), ("escape",)),
    },
    "compare": {
        "as it opens": (("4",), ()),
        "everything": (("a",), ("a",)),
        "charts": (("v", "z"), ("z", "z", "v", "v")),
        "pick": (("b",), ("escape",)),
        "pick a run": (("n",), ("escape",)),
        "filter": (("slash",), ("escape",)),
        "facts": (("i",), ("escape",)),
        "help": (("question_mark",), ("escape",)),
    },
    "history": {
        "as it opens": (("2", "down", "h"), ()),
        "all endpoints": (("a", "end"), ("home", "a")),
        "runs": (("i",), ("escape",)),
        "help": (("question_mark",), ("escape", "backspace", "home")),
    },
    "replay": {
        "at the end": (("2", "down", "enter"), ()),
        "earlier": (("comma", "left"), ("backspace", "home")),
    },
}


@pytest.mark.parametrize("screen", LOOKS)
@pytest.mark.parametrize(
    "size",
    [SIZES[0], *(pytest.param(size, marks=pytest.mark.thorough) for size in SIZES[1:])],
    ids=lambda size: f"{size[0]}x{size[1]}",
)
def test_looks(visit, see, screen, size, snapshot):
    async def then(pilot, app):
        await pilot.resize_terminal(*size)
        await settled(app, pilot)
        seen = {}
        for look, (to, back) in LOOKS[screen].items():
            for key in to:
                await pilot.press(key)
                await settled(app, pilot)
            seen[look] = see(app)
            for key in back:
                await pilot.press(key)
                await settled(app, pilot)
        return seen

    for look, text in visit(then=then)[0].items():
        assert max(map(cell_len, text.split("\n"))) <= size[0], look
        assert text == snapshot(name=look)


def test_look_of_an_empty_project(visit, project, see, snapshot):
    async def then(pilot, app):
        seen = []
        for key in ("1", "2", "4"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(see(app))
        return "\n".join(seen)

    project.plans.entries, project.runs.entries, project.comparer.nothing = [], [], True
    assert visit(then=then)[0] == snapshot


def test_ascii_only(visit, see):
    async def then(pilot, app):
        seen = [see(app)]
        for key in ("s", "escape", "2", "down", "i", "escape", "h", "4", "b", "escape"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(see(app))
        return seen

    for seen in visit(then=then, marker="ascii", ascii_only=True)[0]:
        assert "".join(character for character in seen if not character.isascii()) == ""
