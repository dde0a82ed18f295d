"""The private names of Textual: each is there, has the shape relied on, and can be done without."""

from __future__ import annotations

import inspect
import io
import logging
import re
import types
from pathlib import Path

import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from textual import keys
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from loadtui.tui.app import LoadtuiApp
from loadtui.tui.keys.remapping import key_map_from
from loadtui.tui.terminal import textual_internals
from loadtui.tui.terminal.driver import StderrDriver
from loadtui.tui.terminal.output import OutputThread
from loadtui.tui.terminal.painter import PaintedFrame, Painter
from loadtui.tui.terminal.textual_internals import INTERNAL_NAMES, SET_AT_START
from loadtui.tui.widgets.board import Board
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.time_bar import TimeBar
from loadtui.tui.widgets.too_small import TooSmall
from tests.support.viewer import PYTHON, Viewer

SOURCES = Path(inspect.getfile(LoadtuiApp)).parent


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("internal", INTERNAL_NAMES, ids=lambda internal: internal.name)
def test_the_name_is_there(internal):
    assert internal.exists()
    assert internal.reason
    assert internal.without


@pytest.mark.parametrize("internal", SET_AT_START, ids=lambda internal: internal.name)
def test_the_attribute_is_set_by_its_class(internal):
    module, _, cls = internal.owner.partition(":")
    owner = getattr(__import__(module, fromlist=[cls]), cls)
    set_in = "".join(inspect.getsource(base) for base in owner.__mro__[:-1])
    assert re.search(rf"self\.{internal.name}\b.*=", set_in)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (App._display, ["self", "screen", "renderable"]),
        (App._set_pointer_shape, ["self", "shape"]),
        (LinuxDriver._enable_mouse_support, ["self"]),
        (LinuxDriver._disable_mouse_support, ["self"]),
        (LinuxDriver._get_terminal_size, ["self"]),
        (linux_driver.WriterThread, ["file"]),
        (ChopsUpdate, ["chops", "spans", "chop_ends"]),
        (LayoutUpdate, ["strips", "region"]),
        (CompositorUpdate.render_segments, ["self", "console"]),
        (keys._character_to_key, ["character"]),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_the_name_is_called_as_we_call_it(function, expected):
    assert parameters(function) == expected


def test_the_rest_has_the_shape_relied_on():
    assert isinstance(App._background_screens, property)
    assert callable(StylesCache.get_inner_outer.cache_clear)
    assert {"full", "screen_stack"} <= set(
        parameters(Screen()._compositor.render_update)
    )  # fmt: skip
    assert keys._character_to_key("?") == "question_mark"


def test_private_names_are_spoken_in_one_file():
    spoken = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if re.search(r"(from|import) (textual|rich|plotext)\S*\._", path.read_text("utf-8"))
        or any(
            re.search(rf"\b{internal.name}\b", path.read_text("utf-8"))
            for internal in (*INTERNAL_NAMES, *SET_AT_START)
            if internal.name.startswith("_") and internal.name != "_driver"
        )
    }
    assert spoken == {"terminal/textual_internals.py"}


def test_no_attribute_of_ours_is_one_of_textuals_by_accident():
    """A private name that both use would be shared."""

    def private(widget: Widget, package: str, pattern: str) -> set[str]:
        classes = [cls for cls in type(widget).__mro__ if cls.__module__.startswith(package)]
        return {name for cls in classes for name in re.findall(pattern, inspect.getsource(cls))}

    for widget in (TooSmall(running=True), Footer("live"), Board(), TimeBar(plain=False)):
        ours = private(widget, "loadtui", r"self\.(_[a-z]\w*)(?:: .*)? =")
        assert ours
        assert ours & private(widget, "textual", r"self\.(_[a-z]\w*)") == set()


@pytest.mark.parametrize("internal", INTERNAL_NAMES, ids=lambda internal: internal.name)
def test_a_missing_name_is_told_in_the_log(internal, monkeypatch, caplog):
    gone = internal._replace(name=f"{internal.name}_of_another_version")
    monkeypatch.setattr(textual_internals, "INTERNAL_NAMES", (gone,))
    with caplog.at_level(logging.WARNING):
        textual_internals.log_missing_internals()
    (record,) = caplog.records
    assert gone.name in record.getMessage()
    assert internal.without in record.getMessage()


def test_nothing_is_told_of_this_version(caplog):
    with caplog.at_level(logging.WARNING):
        textual_internals.log_missing_internals()
    assert caplog.records == []


FRAMES = {
    "ChopsUpdate": ChopsUpdate([{0: Strip([Segment("a")])}], [(0, 0, 1)], [[1]]),
    "LayoutUpdate": LayoutUpdate([[Strip([Segment("a")])]], Region(0, 0, 1, 1)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_without_a_kind_of_frame_textual_writes_it_itself(kind, monkeypatch):
    frame = FRAMES[kind]
    assert isinstance(Painter().painted(frame), PaintedFrame)
    monkeypatch.setattr(textual_internals, kind, textual_internals._NoSuchUpdate)
    assert Painter().painted(frame) is frame


@pytest.mark.parametrize(("kind", "field"), [("ChopsUpdate", "spans"), ("LayoutUpdate", "strips")])
def test_a_frame_of_another_shape_is_left_to_textual(kind, field):
    frame = FRAMES[kind]
    value = vars(frame).pop(field)
    try:
        assert Painter().painted(frame) is frame
    finally:
        setattr(frame, field, value)


def test_colours_are_asked_by_the_public_name():
    console = Console(file=io.StringIO(), force_terminal=True, color_system="256")
    assert console.color_system == "256"
    frame = LayoutUpdate(
        [[Strip([Segment("a", console.get_style("#ff0000"))])]], Region(0, 0, 1, 1)
    )
    painted = Painter().painted(frame)
    assert isinstance(painted, PaintedFrame)
    assert painted.render_segments(console) == Painter().whole(frame, ColorSystem.EIGHT_BIT)


@pytest.mark.parametrize("name", ["_compositor", "_background_screens"])
def test_without_a_whole_frame_the_screen_is_refreshed_by_textual(name, feed, run, monkeypatch):
    refreshed = []

    async def caught_up():
        app = LoadtuiApp(feed=feed)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert app.whole_frame() is not None
            monkeypatch.setattr(app, "refresh", lambda *_, **__: refreshed.append(True))
            stand_in = types.SimpleNamespace(screen=app.screen, refresh=app.refresh)
            if name == "_compositor":
                stand_in.screen, stand_in._background_screens = types.SimpleNamespace(), []
            return textual_internals.HookedApp.whole_frame(stand_in)  # type: ignore[arg-type]

    assert run(caught_up()) is None
    assert refreshed == [True]


def test_without_the_driver_and_its_writer_the_terminal_is_never_behind():
    assert textual_internals.HookedApp.terminal_driver.fget(object()) is None
    writer = textual_internals.HookedDriver.writer.fget(object())
    assert writer is None
    assert not StderrDriver.behind(types.SimpleNamespace(writer=writer))  # type: ignore[arg-type]
    assert textual_internals.HookedDriver.takes_mouse.fget(object()) is True


def test_without_textuals_writer_there_is_nothing_to_replace(monkeypatch):
    monkeypatch.delattr(linux_driver, "WriterThread")
    textual_internals.write_with(OutputThread)
    assert not hasattr(linux_driver, "WriterThread")


def test_our_writer_has_all_that_the_driver_asks_of_textuals():
    theirs = {name for name in vars(linux_driver.WriterThread) if not name.startswith("_")}
    assert theirs <= {name for name in dir(OutputThread) if not name.startswith("_")}


def test_without_the_cache_of_styles_nothing_is_cleared(monkeypatch):
    monkeypatch.delattr(StylesCache, "get_inner_outer")
    textual_internals.clear_style_cache()


def test_without_names_of_signs_keys_are_remapped_by_their_own_names(monkeypatch):
    monkeypatch.delattr(keys, "_character_to_key")
    assert key_map_from({"stop": "x"}, "keys").keymap == {"stop": "x"}
    assert textual_internals.key_of_character("?") == "?"


WITHOUT_FRAMES = """
import sys
from pathlib import Path

# What Textual imports from itself it has by then: only we do not find the names any more.
import textual._compositor as frames, textual.app, textual.keys, textual.drivers.linux_driver

kept = frames.ChopsUpdate, frames.LayoutUpdate
del frames.ChopsUpdate, frames.LayoutUpdate, textual.keys._character_to_key
import loadtui.tui.terminal.textual_internals

frames.ChopsUpdate, frames.LayoutUpdate = kept
from loadtui.tui.watch_run import watch_run

print("left:", watch_run(Path(sys.argv[1])).reason.name)
"""


def test_a_viewer_without_our_painting_shows_the_same(tmp_path):
    with Viewer([PYTHON, "-c", WITHOUT_FRAMES, str(tmp_path)], tmp_path) as viewer:
        viewer.wait_for(r"(?s)no running load test answers.*quit")
        viewer.press("q")
        assert viewer.end() == "left: LOST\n"
