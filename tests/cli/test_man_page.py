"""The man page: all commands, and nothing that groff stumbles over."""

from __future__ import annotations

import subprocess

import click
import pytest

from loadtui.cli.group import loadtui
from loadtui.cli.man_page import EXIT_STATUS, man_page
from loadtui.errors import ExitCode
from tests.support.tools import need_tool


@pytest.fixture(scope="module")
def page() -> str:
    return man_page(click.Context(loadtui, info_name="loadtui", **loadtui.context_settings))


def commands(group: click.Group, path: str) -> list[str]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found.append(f"{path} {name}")
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
    return found


def test_every_command_is_in_it_and_every_exit_code(page: str) -> None:
    titles = [line for line in page.splitlines() if line.startswith(".SS ")]
    assert titles == [f'.SS "{path}"' for path in commands(loadtui, "loadtui")]
    assert "loadtui runs prune" in page
    assert set(EXIT_STATUS) == set(ExitCode)


def test_text_is_not_taken_for_requests() -> None:
    @click.command(
        "x", help="First.\n\n.TH is no request here, \\fB nor is this.\n\n\b\nkept\nlines"
    )
    @click.option("--two-words", help="'quoted'")
    def inner() -> None: ...

    group = click.Group("x", commands={"x": inner}, help="A program.")
    text = man_page(click.Context(group, info_name="x"))
    assert "\n\\&.TH is no request here, \\efB nor is this.\n" in text
    assert ".nf\nkept\nlines\n.fi" in text
    assert "\\fB\\-\\-two\\-words TEXT\\fR\n\\&'quoted'" in text


def test_it_renders(page: str) -> None:
    ran = subprocess.run(
        [need_tool("groff"), "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou", "-rLL=100n"],
        input=page.encode(),
        capture_output=True,
        check=True,
    )
    assert ran.stderr.decode() == ""
    shown = " ".join(ran.stdout.decode().split())
    for dash in "‐−":
        shown = shown.replace(dash, "-")
    assert "NAME loadtui - the terminal workbench for load tests" in shown
    assert "--no-self-test" in shown
