"""The list of markers, and all that has to agree with it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest

from loadtui.tui.chart.markers import MARKER_SHAPES, MARKERS, curve_symbol

WORKBENCH_PAGE = Path(__file__).parents[3] / "docs" / "workbench.md"


def test_each_marker_has_a_shape():
    assert tuple(MARKER_SHAPES) == MARKERS


def test_curves_differ_by_their_characters_where_there_is_no_colour():
    assert len({curve_symbol("ascii", number) for number in range(5)}) == 5
    assert all(curve_symbol("ascii", number).isascii() for number in range(20))


@pytest.mark.parametrize(
    ("module", "command"),
    [("run", "command"), ("attach", "command"), ("group", "loadtui")],
)
def test_the_options_offer_all_of_them(module, command):
    found = getattr(importlib.import_module(f"loadtui.cli.{module}"), command)
    option = next(param for param in found.params if param.name == "marker")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == MARKERS


def test_the_documentation_names_all_of_them():
    assert f"`--marker {'|'.join(MARKERS)}`" in WORKBENCH_PAGE.read_text(encoding="utf-8")


def test_the_list_can_be_read_without_textual_and_plotext():
    code = (
        "import sys, loadtui.tui.chart.markers as m\n"
        "print(*sorted({'textual', 'plotext', 'rich', 'asyncio'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
