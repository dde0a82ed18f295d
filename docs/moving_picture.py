"""One animated SVG out of several pictures of the screen, as Textual exports them.

What several frames share is written once, so that a frame costs what it changes.  The animation is
CSS within the file: it plays wherever an SVG does, in an `<img>` as well.  A reader who asked for
less motion, and a viewer that knows no animation, sees the last frame.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_STYLE = re.compile(r"\.(terminal-\d+-r\d+) \{ ([^}]*?) \}")
_BODY = re.compile(
    r'<g transform="translate\(([\d.]+), ([\d.]+)\)"[^>]*>(.*)</g>\s*</svg>', re.DOTALL
)
_RECT = re.compile(
    r'<rect fill="(#\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_TEXT = re.compile(
    r'<text class="(terminal-\d+-r\d+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"'
    r"[^>]*>([^<]*)</text>"
)

MARGIN = 8
"""Above the first line, in the picture's own units."""


@dataclass(frozen=True)
class Frame:
    """A picture of the screen, as `App.export_screenshot` makes it, and how long it is shown."""

    svg: str
    seconds: float


def animated(frames: Sequence[Frame]) -> str:
    """All frames in turn, for ever.  They must be of one size."""
    size = {_found(_VIEW, frame.svg).groups() for frame in frames}
    if len(size) != 1:
        raise ValueError(f"frames of several sizes: {sorted(size)}")
    [(width, height)] = size
    left, top, _ = _found(_BODY, frames[0].svg).groups()
    height = f"{float(height) - float(top) + MARGIN:g}"  # no title bar of a window
    names: dict[str, str] = {}  # style -> class
    shown_in: dict[str, list[int]] = defaultdict(list)  # element -> its frames
    for number, frame in enumerate(frames):
        for element in dict.fromkeys(_elements(frame.svg, names)):
            shown_in[element].append(number)
    groups: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for element, where in shown_in.items():
        groups[tuple(where)].append(element)
    styles = [f".{name}{{{style}}}" for style, name in names.items()]
    backgrounds, texts = [], []
    for number, (where, elements) in enumerate(groups.items()):
        name = f"g{number}"
        if len(where) < len(frames):
            styles += _timing(name, where, [frame.seconds for frame in frames])
        for kind, into in (("<rect", backgrounds), ("<text", texts)):
            if own := "".join(element for element in elements if element.startswith(kind)):
                into.append(f'<g class="{name}">{own}</g>')
    return (
        f'<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">\n'
        "<style>\ntext{font:20px monospace;white-space:pre}\n"
        + "\n".join(styles)
        + "\n@media (prefers-reduced-motion: reduce){g{animation:none!important}}\n</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{_background(frames[0].svg)}"/>\n'
        f'<g transform="translate({left},{MARGIN})">\n'
        + "\n".join([*backgrounds, *texts])
        + "\n</g>\n</svg>\n"
    )


def _elements(svg: str, names: dict[str, str]) -> list[str]:
    """Backgrounds and texts of a frame; a style that is new gets a name."""
    style_of = dict(_STYLE.findall(svg))
    body = _found(_BODY, svg)[3]
    usual = _background(svg)
    elements = [
        f'<rect fill="{fill}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        for fill, x, y, width, height in _RECT.findall(body)
        if fill != usual
    ]
    for style, x, y, length, text in _TEXT.findall(body):
        if not text.replace("&#160;", "").strip():
            continue
        rule = style_of[style].replace(": ", ":")
        name = names.setdefault(rule, f"c{len(names)}")
        shown = text.replace("&#160;", " ")
        elements.append(
            f'<text class="{name}" x="{x}" y="{y}" textLength="{length}">{shown}</text>'
        )
    return elements


def _timing(name: str, where: tuple[int, ...], seconds: Sequence[float]) -> list[str]:
    """Rules that show a group in its frames only."""
    whole = sum(seconds)
    last = len(seconds) - 1
    steps = []
    for number, _ in enumerate(seconds):
        at = 100 * sum(seconds[:number]) / whole
        steps.append(f"{at:.4g}%{{visibility:{'visible' if number in where else 'hidden'}}}")
    rest = "visible" if last in where else "hidden"
    return [
        f".{name}{{visibility:{rest};animation:k{name} {whole:g}s step-end infinite}}",
        f"@keyframes k{name}{{{''.join(steps)}}}",
    ]


def _background(svg: str) -> str:
    """The colour that takes most of the screen."""
    area: dict[str, float] = defaultdict(float)
    for fill, _, _, width, _ in _RECT.findall(_found(_BODY, svg)[3]):
        area[fill] += float(width)
    return max(area, key=lambda fill: area[fill], default="#000000")


def _found(pattern: re.Pattern[str], svg: str) -> re.Match[str]:
    match = pattern.search(svg)
    if match is None:
        raise ValueError(f"no picture of a screen: {svg[:60]!r}")
    return match
