"""Commands whose help has examples and groups of options, and that know near names."""

from __future__ import annotations

from collections.abc import Iterable

import click

from loadtui.cli.help_pages import HELP_PAGES, HelpPage
from loadtui.errors import UsageError
from loadtui.suggestion import did_you_mean

CLOSE_NAMES = 0.65
"""How alike a word and the name of a command are before it is taken for a slip."""
HELP_WIDTH = 120
"""Cells that a help page takes at most, on a terminal that has as many."""


class DescribedCommand(click.Command):
    """A command that `HELP_PAGES` tells more of."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(ctx, formatter)
        super().format_epilog(ctx, formatter)


class DescribedGroup(click.Group):
    """A group of such commands."""

    command_class = DescribedCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(ctx, formatter)
        super().format_epilog(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-"):
            hint = did_you_mean(
                args[0], names, f"see `{ctx.command_path} --help`", close=CLOSE_NAMES
            )
            raise UsageError(f"`{ctx.command_path}` has no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


def write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """The options in their groups, those of no group last."""
    page = _page_of(ctx)
    titles = {name: title for title, names in page.groups for name in names}
    rows: dict[str, list[tuple[str, str]]] = {title: [] for title, _ in page.groups}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if isinstance(parameter, click.Option) and record is not None:
            title = next(filter(None, map(titles.get, _names(parameter.opts))), "Options")
            rows.setdefault(title, []).append(record)
    for title, records in rows.items():
        with formatter.section(title):
            formatter.write_dl(records)


def _names(options: Iterable[str]) -> list[str]:
    return [option.removeprefix("--") for option in options]


def _page_of(ctx: click.Context) -> HelpPage:
    return HELP_PAGES.get(ctx.command_path.partition(" ")[2], HelpPage(()))


def _write_examples(ctx: click.Context, formatter: click.HelpFormatter) -> None:
    examples = _page_of(ctx).examples
    if examples:
        with formatter.section("Examples"):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
