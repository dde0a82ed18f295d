"""The help of every command: examples that can be given, a text for each option, its default, and
lines that fit."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from loadtui.cli.described import HELP_WIDTH, DescribedCommand, DescribedGroup
from loadtui.cli.group import loadtui
from loadtui.cli.help_pages import HELP_PAGES
from loadtui.errors import UsageError

ROOT = Path(__file__).parents[2]
OTHER_HELP = {"locust"}
"""Commands whose help is Locust's."""


def contexts(context: click.Context) -> Iterator[click.Context]:
    """Of a command and all below it."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            if name not in OTHER_HELP:
                # Its own settings too: a command remembers the help option that it has first.
                made = click.Context(command, context, name, **command.context_settings)
                yield from contexts(made)


def root() -> click.Context:
    return click.Context(loadtui, info_name="loadtui", **loadtui.context_settings)


ALL = {context.command_path.partition(" ")[2]: context for context in contexts(root())}


@pytest.fixture(params=ALL, ids=lambda path: path or "loadtui")
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def options_of(context: click.Context) -> list[click.Option]:
    return [p for p in context.command.get_params(context) if isinstance(p, click.Option)]


def test_a_command_shows_examples(path: str) -> None:
    assert isinstance(ALL[path].command, DescribedCommand | DescribedGroup)
    assert HELP_PAGES[path].examples
    help_page = ALL[path].get_help()
    for example in HELP_PAGES[path].examples:
        assert f"\n  {example}\n" in f"{help_page}\n"
        assert (
            shlex.split(example)[: len(path.split()) + 1] == ["loadtui", *path.split()] or not path
        )


def test_there_is_no_page_of_a_command_that_does_not_exist() -> None:
    assert HELP_PAGES.keys() == ALL.keys()


def give(example: str) -> None:
    """Parse it as far as a command does before it begins."""
    command: click.Command = loadtui
    name, words, parent = "loadtui", shlex.split(example)[1:], None
    while True:
        context = command.make_context(name, words, parent)
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        if not isinstance(command, click.Group) or not rest:
            return
        found, below, words = command.resolve_command(context, rest)
        assert found is not None
        assert below is not None
        name, command, parent = found, below, context


def test_examples_are_accepted(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for example in HELP_PAGES[path].examples:
        give(example)


@pytest.mark.parametrize("example", ["loadtui run --nope", "loadtui runs shwo", "loadtui mark"])
def test_what_is_no_example_is_refused(example: str) -> None:
    with pytest.raises((UsageError, click.UsageError)):
        give(example)


def test_every_option_has_a_text_and_shows_its_default(path: str) -> None:
    context = ALL[path]
    for option in options_of(context):
        record = option.get_help_record(context)
        assert record is not None, option.name
        assert option.help, option.name
        default = option.get_default(context, call=False)
        if isinstance(default, int | float | str) and default not in (False, ""):
            assert "[default: " in record[1], option.name


def test_every_option_stands_once_and_in_a_group_that_has_it(path: str) -> None:
    context = ALL[path]
    grouped = [name for _, names in HELP_PAGES[path].groups for name in names]
    known = {o.removeprefix("--") for option in options_of(context) for o in option.opts}
    assert set(grouped) <= known
    assert len(grouped) == len(set(grouped))
    lines = context.get_help().splitlines()
    for option in options_of(context):
        heads = [line for line in lines if line.startswith(f"  {', '.join(option.opts)}")]
        assert heads, option.opts


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_longer_than_the_terminal(
    path: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = ALL[path].get_help().splitlines()
    assert [line for line in lines if len(line) > columns] == []


def test_a_wide_terminal_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = []
    for columns in (80, HELP_WIDTH, 400):
        monkeypatch.setenv("COLUMNS", str(columns))
        longest.append(max(map(len, ALL["run"].get_help().splitlines())))
    assert 60 < longest[0] <= 80 < longest[1] == longest[2] <= HELP_WIDTH
