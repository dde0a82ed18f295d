"""`loadtui help`: the help of a command, or all of it as a man page."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand
from loadtui.errors import UsageError
from loadtui.suggestion import did_you_mean


@click.command("help", cls=DescribedCommand)
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.option("--man", is_flag=True, help="Print everything as a man page, for `man -l -`.")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...], man: bool) -> int:
    """Show the help of a command: `loadtui help runs list` is `loadtui runs list --help`."""
    root = ctx.find_root()
    if man:
        from loadtui.cli.man_page import man_page

        if words:
            raise UsageError("--man is about all commands: leave out the command")
        click.echo(man_page(root), nl=False)
        return 0
    found = _context_of(root, words)
    click.echo(found.command.get_help(found))
    return 0


def _context_of(context: click.Context, words: tuple[str, ...]) -> click.Context:
    """The context that a command named by these words would have; UsageError without it."""
    for word in words:
        command, path = context.command, context.command_path
        if not isinstance(command, click.Group):
            raise UsageError(f"`{path}` has no commands of its own: `loadtui help` lists all")
        inner = command.get_command(context, word)
        if inner is None:
            known = command.list_commands(context)
            hint = did_you_mean(word, known, f"`{path} --help` lists its commands")
            raise UsageError(f"{path} has no command {word!r}; {hint}")
        context = click.Context(inner, info_name=word, parent=context, **inner.context_settings)
    return context
