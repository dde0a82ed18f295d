"""What `loadtui locust --help` and `--version` print."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import textwrap
from pathlib import Path

from loadtui import __version__
from loadtui.cli.locust_options import GROUPS, LocustOption

_HEAD = """\
Usage: loadtui locust [options] [UserClass ...]

Takes what one would type after `locust`, with the same LOCUST_* variables, locust.conf and
[tool.locust] in pyproject.toml, and ends with Locust's exit code.  The run is made by loadtui, and
saved: `loadtui runs list`.  On a terminal, without --headless, it is shown live.
"""
_TAIL = """\
Options that the locustfile adds are taken as well.  `loadtui run --help` shows what else there is.
"""
_COLUMN = 30
_WIDTH = 100


def locust_version() -> str:
    """The first words are Locust's own, for scripts that read them."""
    version = importlib.metadata.version("locust")
    found = importlib.util.find_spec("locust")
    folder = Path(found.origin).parent if found is not None and found.origin else "?"
    python = platform.python_version()
    return f"locust {version} from {folder} (Python {python}), run by loadtui {__version__}"


def locust_help() -> str:
    """All options that Locust's help lists, those without effect marked."""
    lines = [_HEAD]
    for title, options in GROUPS.items():
        lines.append(f"{title}:")
        for option in options:
            if option.help:
                lines += _entry(option)
        lines.append("")
    return "\n".join([*lines, _TAIL])


def _entry(option: LocustOption) -> list[str]:
    names = ", ".join(option.strings)
    names += f" {option.metavar}" if option.metavar else ""
    text = textwrap.wrap(f"{option.help}{_remark(option)}", _WIDTH - _COLUMN)
    pad = " " * _COLUMN
    if len(names) > _COLUMN - 4:
        return [f"  {names}", *(pad + line for line in text)]
    return [f"  {names:<{_COLUMN - 2}}{text[0]}", *(pad + line for line in text[1:])]


def _remark(option: LocustOption) -> str:
    match option.effect:
        case "none":
            return f" No effect: {option.why}."
        case "refused":
            return f" Refused: {option.why}."
        case _:
            return f" ({option.why}.)" if option.why else ""
