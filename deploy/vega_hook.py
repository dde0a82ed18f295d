"""Puts Vega, which draws the charts of HTML reports, into one script while a package is built.

The script is made from what the wheel of vl-convert-python carries, so that nothing is fetched, no
generated file lies in the repository, and no user installs more than the half megabyte that counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vl_convert
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path(__file__).parent.parent / "src" / "loadtui" / "report" / "html" / "page"
INTERPRETER = "2.0.0"
"""Of vega-interpreter, which vl-convert-python carries but does not tell of."""

SNIPPET = """
import {{ View, parse }} from "https://cdn.jsdelivr.net/npm/vega@{vega}/+esm";
import {{ expressionInterpreter }} from "https://cdn.jsdelivr.net/npm/vega-interpreter@{own}/+esm";
window.vega = {{ View, parse, expressionInterpreter }};
"""
"""What reports use of Vega: no compiler of Vega-Lite, and no `eval`, which their pages forbid.  The
addresses are names of what the wheel holds."""


class VegaHook(BuildHookInterface):  # type: ignore[misc]
    """Writes page/vega.js, for wheels, source distributions and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        write(PAGE / "vega.js")


def write(path: Path) -> None:
    """Write the script, unless the very same versions are there."""
    vega = vl_convert.get_vega_version()
    head = f"/*! Vega {vega}, vega-interpreter {INTERPRETER}, by way of "
    head += f"vl-convert-python {vl_convert.__version__}.\n\n"
    head += (PAGE / "vega-licenses.txt").read_text(encoding="utf-8") + "*/\n"
    if path.is_file() and path.read_text(encoding="utf-8").startswith(head):
        return
    script = vl_convert.javascript_bundle(SNIPPET.format(vega=vega, own=INTERPRETER))
    if "</script" in script or "<!--" in script:
        raise ValueError("the script cannot stand inside a page")
    # Its own scope: a module's names would otherwise all become global.
    path.write_text(f"{head}(() => {{{script}}})();\n", encoding="utf-8")
