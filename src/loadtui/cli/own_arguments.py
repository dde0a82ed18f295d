"""Commands that hand on what stands after `--` to the locustfile, and what was typed before it."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.core import ParameterSource

from loadtui.cli.described import DescribedCommand
from loadtui.errors import UsageError

_KEY = "loadtui.own_arguments"


class WithOwnArguments(DescribedCommand):
    """A command whose arguments after the first `--` are not parsed; see `own_arguments`.

    Of an option that it does not have it says where that one may belong.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        ctx.meta[_KEY] = args[end + 1 :]
        try:
            return super().parse_args(ctx, args[:end])
        except click.NoSuchOption as error:
            from loadtui.cli.unknown_option import unknown_option

            raise UsageError(unknown_option(error.option_name, ctx)) from None


def own_arguments(ctx: click.Context) -> list[str]:
    """The locustfile's own arguments, as given after `--`."""
    arguments: list[str] = ctx.meta.get(_KEY, [])
    return arguments


def typed_options(ctx: click.Context, names: Sequence[str]) -> list[str]:
    """The options of these names that were typed, as words to type again."""
    words: list[str] = []
    for option in ctx.command.params:
        if option.name not in names or not isinstance(option, click.Option):
            continue
        if ctx.get_parameter_source(option.name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params[option.name]
        for single in value if option.multiple else [value]:
            words += [option.opts[0]] if option.is_flag else [option.opts[0], f"{single}"]
    return words
