"""docs/moving_picture.py: several pictures of the screen as one that moves."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCREEN = """<svg viewBox="0 0 100 60" xmlns="http://www.w3.org/2000/svg">
<style>.terminal-7-r1 {{ fill: #fff;font-weight: bold }}
.terminal-7-r2 {{ fill: {colour} }}</style>
<g transform="translate(9, 41)" clip-path="url(#c)">
<rect fill="#111" x="0" y="1" width="90" height="9"/>
<rect fill="#333" x="0" y="11" width="9" height="9"/>
<text class="terminal-7-r1" x="0" y="20" textLength="30" clip-path="url(#l)">same</text>
<text class="terminal-7-r2" x="40" y="20" textLength="30" clip-path="url(#l)">{text}</text>
</g>
</svg>"""


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    path = ROOT / "docs" / "moving_picture.py"
    spec = importlib.util.spec_from_file_location("moving_picture", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["moving_picture"] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def test_what_frames_share_is_written_once(pictures: ModuleType) -> None:
    frames = [
        pictures.Frame(SCREEN.format(text="one&#160;", colour="#f00"), 1.0),
        pictures.Frame(SCREEN.format(text="two", colour="#0f0"), 3.0),
    ]
    svg = pictures.animated(frames)
    ElementTree.fromstring(svg)
    assert svg.count(">same<") == 1
    assert svg.count('<rect fill="#333"') == 1
    assert '<rect fill="#111" x' not in svg, "the background is drawn as one"
    assert svg.index("<text") > svg.rindex("<rect"), "texts lie above all backgrounds"
    assert ">one <" in svg


def test_the_last_frame_is_shown_without_animation(pictures: ModuleType) -> None:
    frames = [
        pictures.Frame(SCREEN.format(text="one", colour="#f00"), 1.0),
        pictures.Frame(SCREEN.format(text="two", colour="#f00"), 3.0),
    ]
    svg = pictures.animated(frames)
    first, second = (
        re.findall(r'<g class="(g\d+)">', svg[: svg.index(f">{text}<")])[-1]
        for text in ("one", "two")
    )
    assert f".{first}{{visibility:hidden;animation:k{first} 4s step-end infinite}}" in svg
    assert f".{second}{{visibility:visible;" in svg
    assert f"@keyframes k{first}{{0%{{visibility:visible}}25%{{visibility:hidden}}}}" in svg


def test_frames_of_two_sizes_are_refused(pictures: ModuleType) -> None:
    small = SCREEN.format(text="one", colour="#f00")
    with pytest.raises(ValueError, match="several sizes"):
        pictures.animated(
            [pictures.Frame(small, 1), pictures.Frame(small.replace("0 0 100", "0 0 90"), 1)]
        )


def test_the_picture_of_the_readme_is_small_and_asks_for_nothing() -> None:
    svg = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert len(svg) < 400_000
    assert "url(" not in svg
    assert svg.count("http") - svg.count("http://127.0.0.1") == 1, "its namespace alone"
