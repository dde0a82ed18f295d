"""Commands that hand on what stands after `--` to the locustfile."""

from __future__ import annotations

import click

_KEY = "loadtui.own_arguments"


class WithOwnArguments(click.Command):
    """A command whose arguments after the first `--` are not parsed; see `own_arguments`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        ctx.meta[_KEY] = args[end + 1 :]
        return super().parse_args(ctx, args[:end])


def own_arguments(ctx: click.Context) -> list[str]:
    """The locustfile's own arguments, as given after `--`."""
    arguments: list[str] = ctx.meta.get(_KEY, [])
    return arguments
