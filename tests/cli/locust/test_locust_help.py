"""What `--help` and `--version` print, and what docs/locust.md says of every option."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from loadtui import __version__
from loadtui.cli.locust.locust_help import locust_help, locust_version
from loadtui.cli.locust_options import GROUPS, LOCUST_OPTIONS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "locust.md"
BEGIN, END = "<!-- options -->\n", "<!-- /options -->"
WORDS = {"done": "done", "none": "no effect", "refused": "refused"}


def table() -> str:
    """The options as the page has them."""
    lines = ["| option | | in what it differs, or why |", "|---|---|---|"]
    for option in LOCUST_OPTIONS:
        names = ", ".join(f"`{name}`" for name in option.strings)
        lines.append(f"| {names} | {WORDS[option.effect]} | {option.why} |")
    return "\n".join(lines) + "\n"


def test_the_page_says_of_every_option_what_becomes_of_it() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    assert rest.partition(END)[0] == table(), f"put this between the marks:\n{table()}"


def test_what_has_no_effect_or_is_refused_has_a_reason() -> None:
    assert [o.longest for o in LOCUST_OPTIONS if o.effect != "done" and not o.why] == []


def test_the_help_lists_what_locust_lists() -> None:
    text = locust_help()
    assert text.startswith("Usage: loadtui locust [options] [UserClass ...]\n")
    for title, options in GROUPS.items():
        assert f"\n{title}:\n" in text
        for option in options:
            assert (", ".join(option.strings) in text) == bool(option.help)
    assert all(len(line) <= 100 for line in text.splitlines())
    squeezed = " ".join(text.split())
    assert "--web-login Login of Locust's page. No effect: there is no web page" in squeezed
    assert "--master Wait for workers on other machines. Refused: load from" in squeezed


def test_the_version_begins_with_locusts() -> None:
    found = re.fullmatch(
        r"locust (\S+) from (\S+) \(Python \S+\), run by loadtui (\S+)", locust_version()
    )
    assert found is not None
    assert (found[1], found[3]) == (version("locust"), __version__)
    assert (Path(found[2]) / "argument_parser.py").is_file()
