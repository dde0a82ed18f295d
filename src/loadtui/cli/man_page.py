"""All commands as a man page, made of what their help is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from loadtui import __version__
from loadtui.errors import ExitCode

EXIT_STATUS: dict[ExitCode, str] = {
    ExitCode.PASS: "Passed, or done.",
    ExitCode.FAIL: "A threshold failed, something got worse than its baseline allows, or user code "
    "raised.",
    ExitCode.USAGE: "Bad usage or bad input.",
    ExitCode.INVALID: "The run is invalid: the load generator was the limit, or it broke off.",
    ExitCode.INCONCLUSIVE: "Not decided against the baseline; only with --strict.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C or SIGTERM.",
    ExitCode.PIPE_CLOSED: "Nobody read the output any more.",
}
ENVIRONMENT = {
    "LOADTUI_RUNS": "Folder of runs, as --runs.",
    "LOADTUI_BASELINES": "Folder of baselines, as --baselines.",
    "LOADTUI_DEBUG": "Show tracebacks, as --debug.",
    "NO_COLOR": "Print without colours.",
}
_WIDTH = 72
FILES = {
    "pyproject.toml": "Settings of a project under [tool.loadtui].",
    ".loadtui/runs": "Saved runs of a project.",
    "baselines": "Baselines of a project.",
}


def man_page(root: click.Context) -> str:
    """The page in the language of man(7), of all commands below the context of the program."""
    name = root.info_name or "loadtui"
    return "\n".join([*_head(root, name), *_commands(root), *_tail()]) + "\n"


def _head(root: click.Context, name: str) -> Iterator[str]:
    short = (root.command.help or "").strip().splitlines()[0].rstrip(".")
    yield f'.TH {name.upper()} 1 "" "{name} {__version__}" "User Commands"'
    yield from (".SH NAME", f"{name} \\- {_escaped(short[:1].lower() + short[1:])}")
    yield from (".SH SYNOPSIS", *_usage(root))
    yield from (
        ".SH DESCRIPTION",
        *_paragraphs(root.command.help),
        *_epilog(root),
    )
    yield from (".SH OPTIONS", *_options(root))
    yield ".SH COMMANDS"


def _commands(context: click.Context) -> Iterator[str]:
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context, **command.context_settings)
        yield f'.SS "{_escaped(inner.command_path)}"'
        yield from _usage(inner)
        yield from _paragraphs(command.help or command.short_help)
        yield from _options(inner)
        yield from _epilog(inner)
        if isinstance(command, click.Group):
            yield from _commands(inner)


def _tail() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, meaning in EXIT_STATUS.items():
        yield from _item(str(int(code)), meaning)
    for title, terms in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        yield f".SH {title}"
        for term, meaning in terms.items():
            yield from _item(term, meaning)


def _usage(context: click.Context) -> Iterator[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    yield ".PP"
    yield f"\\fB{_escaped(context.command_path)}\\fR {_escaped(pieces)}"


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        # Newer versions of click tell of arguments too, of which the usage line says all there is.
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield from _item(*record)


def _epilog(context: click.Context) -> Iterator[str]:
    """What stands at the end of the help, line by line: it may be examples."""
    formatter = click.HelpFormatter(width=_WIDTH)
    context.command.format_epilog(context, formatter)
    lines = formatter.getvalue().strip().splitlines()
    if lines:
        yield from (".PP", ".nf", *(_escaped(line) for line in lines), ".fi")


def _item(term: str, meaning: str) -> Iterator[str]:
    yield from (".TP", f"\\fB{_escaped(term)}\\fR", _escaped(" ".join(meaning.split())))


def _paragraphs(text: str | None) -> Iterator[str]:
    """What is between empty lines; a paragraph after \\b keeps its lines, as in the help."""
    for paragraph in re.split(r"\n\s*\n", (text or "").strip()):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        if lines[:1] == ["\b"]:
            yield from (".PP", ".nf", *map(_escaped, lines[1:]), ".fi")
        elif lines:
            yield from (".PP", _escaped(" ".join(lines)))


def _escaped(text: str) -> str:
    """As it is to be seen: with neither escapes nor requests in it."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{text}" if text.startswith((".", "'")) else text
