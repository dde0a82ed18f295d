"""Writes what `docs/architecture.md` shows of the code itself: floors and folders.

The floors are drawn from the import contracts in pyproject.toml, which the tests hold; the line of
a folder is the first sentence of its package's docstring.  `python docs/architecture.py` brings the
page up to date, `--check` only tells whether it is (exit code 1 where not).
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = ROOT / "src" / "loadtui"
WIDTH = 76
"""Columns between the walls of the drawing."""


def contracts() -> list[dict[str, Any]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tables: list[dict[str, Any]] = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return tables


def floors(contract: dict[str, Any]) -> list[str]:
    """A contract of layers as a house: whoever stands above may import what is below."""
    containers = contract.get("containers", [])
    prefix = f"{containers[0]}." if containers else "loadtui."
    lines = [f"┌{'─' * WIDTH}┐"]
    for number, layer in enumerate(contract["layers"]):
        if number:
            lines.append(f"├{'─' * WIDTH}┤")
        apart = "   |   " if "|" in layer else "   ·   "
        names = layer.replace("|", ":").split(":")
        rooms = [name.strip(" ()\n").removeprefix(prefix) for name in names]
        line = ""
        for room in rooms:
            longer = f"{line}{apart}{room}" if line else room
            if len(longer) > WIDTH - 2:
                lines.append(f"│ {line:{WIDTH - 2}} │")
                longer = room
            line = longer
        lines.append(f"│ {line:{WIDTH - 2}} │")
    return [*lines, f"└{'─' * WIDTH}┘"]


def drawn_contracts() -> Iterator[str]:
    for contract in contracts():
        if contract["type"] == "layers":
            yield from (f"{contract['name']}:", "", "```", *floors(contract), "```", "")
    yield "And, held by the same test:"
    yield ""
    yield from (f"- {one['name']}." for one in contracts() if one["type"] != "layers")


def sentence_of(package: Path) -> str:
    """What a package holds, as its docstring says first."""
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    paragraph = " ".join((docstring or "").split("\n\n")[0].split())
    return paragraph.rstrip(".")


def folders() -> Iterator[str]:
    for file in sorted(PACKAGE.rglob("__init__.py")):
        package = file.parent
        if package == PACKAGE:
            continue
        inside = package.relative_to(PACKAGE)
        indent = "  " * (len(inside.parts) - 1)
        yield f"{indent}- `{inside.as_posix()}/` - {sentence_of(package)}."


def filled(page: str, name: str, lines: Iterator[str]) -> str:
    """The page with what stands between two markers replaced.

    Raises ValueError when the page lacks the markers.
    """
    begin, end = f"<!-- {name}: written by docs/architecture.py -->", f"<!-- end of {name} -->"
    before, found, rest = page.partition(begin)
    if not found or end not in rest:
        raise ValueError(f"{PAGE.name} has no block between {begin!r} and {end!r}")
    after = rest.partition(end)[2]
    body = "\n".join(lines)
    return f"{before}{begin}\n\n{body}\n\n{end}{after}"


def current(page: str) -> str:
    """The page as it should be."""
    return filled(filled(page, "floors", drawn_contracts()), "folders", folders())


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    wanted = current(page)
    if "--check" in arguments:
        return 0 if page == wanted else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
