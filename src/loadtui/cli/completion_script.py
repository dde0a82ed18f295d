"""`loadtui completion`: the script that has a shell complete what is typed after `loadtui`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from loadtui.cli.described import DescribedCommand
from loadtui.cli.shell_names import COMPLETE_VARIABLE, PROGRAM, SHELLS


@click.command("completion", cls=DescribedCommand)
@click.argument("shell", type=click.Choice(SHELLS), metavar="|".join(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script with which a shell completes commands, options, runs, baselines and plans.

    \b
    bash: ... > ~/.local/share/bash-completion/completions/loadtui
    zsh:  ... > ~/.zfunc/_loadtui   (~/.zfunc in fpath, before compinit)
    fish: ... > ~/.config/fish/completions/loadtui.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None, shell
    program = ctx.find_root().command
    click.echo(kind(program, {}, PROGRAM, COMPLETE_VARIABLE).source())
    return 0
