"""`loadtui status`: what is known of each plan, the same in every document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import text_width
from loadtui.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from loadtui.store.plan_status import PlanStatus


@click.command("status", cls=DescribedCommand)
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as a Markdown table.",
)
@click.option(
    "--write",
    "documents",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the table into a Markdown file, between its two markers; may be repeated.",
)
@click.option(
    "--check",
    is_flag=True,
    help="With --write: write nothing, exit with 1 when a file is out of date.",
)
@runs_option
def command(as_: Literal["text", "json", "md"], documents: tuple[Path, ...], check: bool) -> int:
    """Show the status of every plan in this project: never executed, only simulated or measured,
    when and with what result, which baseline it has, and whether its locustfile changed since.

    The markers of --write are the lines `<!-- loadtui-status -->` and `<!-- /loadtui-status -->`.
    """
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.json.status_document import status_document
    from loadtui.report.markdown.status_markdown import status_markdown
    from loadtui.report.text.paint import wants_color
    from loadtui.report.text.status_text import status_text
    from loadtui.store.plan_status import project_status
    from loadtui.store.project_root import project_here

    if check and not documents:
        raise UsageError("--check needs a document: loadtui status --write README.md --check")
    plans = project_status(project_here())
    if documents:
        return _written(documents, plans, check)
    if as_ == "json":
        click.echo(to_json(status_document(plans)), nl=False)
    elif as_ == "md":
        click.echo(status_markdown(plans), nl=False)
    elif plans:
        click.echo(status_text(plans, text_width(), wants_color(sys.stdout)), nl=False, color=True)
    else:
        say("No plans here: none in scenarios/*.toml, and none beside it.")
    return 0


def _written(documents: tuple[Path, ...], plans: list[PlanStatus], check: bool) -> int:
    from loadtui.report.markdown.status_markdown import with_status
    from loadtui.store.run_files import write_bytes

    code = ExitCode.PASS
    texts = [(path, _read(path)) for path in documents]
    renewed = [(path, text, with_status(text, str(path), plans)) for path, text in texts]
    for path, before, after in renewed:
        if before == after:
            say(f"{path} is up to date")
        elif check:
            say(f"{path} is out of date: loadtui status --write {path}")
            code = ExitCode.FAIL
        else:
            try:
                write_bytes(path.resolve(), after.encode())
            except OSError as error:
                raise UsageError(f"{path} cannot be written: {error.strerror}") from error
            say(f"{path} written")
    return code


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text, so nothing is written into it") from None
