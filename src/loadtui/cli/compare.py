"""`loadtui compare`: did anything change?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from loadtui.cli.kept import find_base, find_run, text_width


@click.command("compare", short_help="Compare runs with a baseline or another run.")
@click.argument("base")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@click.option("--all", "everything", is_flag=True, help="Show what did not change as well.")
@click.option("--strict", is_flag=True, help="Exit with 4 when anything is inconclusive.")
@click.option(
    "--any-load",
    is_flag=True,
    help="Compare although locustfile, stages or arguments differ (another fingerprint).",
)
def command(
    base: str,
    runs: tuple[str, ...],
    as_: Literal["text", "json"],
    everything: bool,
    strict: bool,
    any_load: bool,
) -> int:
    """Compare one or more runs, judged all together, with BASE.

    BASE is the name of a baseline or a run; RUN a run's id, the beginning of one, the path of its
    folder, or `latest`.  The thresholds and tolerances are those of the last run's plan.
    """
    from loadtui.report.comparison_document import comparison_document
    from loadtui.report.comparison_text import render_comparison
    from loadtui.report.document import to_json
    from loadtui.report.style import wants_color
    from loadtui.verdict.comparison import compare, priors_for
    from loadtui.verdict.exitcode import comparison_code
    from loadtui.verdict.sides import side_of_runs

    found = list({run.id: run for run in map(find_run, runs)}.values())
    base_side, current = find_base(base), side_of_runs(found)
    last = found[-1].manifest
    comparison = compare(
        base_side,
        current,
        last.plan,
        priors=priors_for(Path.cwd(), last),
        any_fingerprint=any_load,
    )
    code = comparison_code(comparison, strict=strict)
    if as_ == "json":
        click.echo(to_json(comparison_document(comparison, code)), nl=False)
    else:
        text = render_comparison(
            comparison, text_width(), wants_color(sys.stdout), everything=everything
        )
        click.echo(text, nl=False, color=True)
    return code
