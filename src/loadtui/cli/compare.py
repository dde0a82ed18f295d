"""`loadtui compare`: did anything change?"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.baseline_options import baselines_option
from loadtui.cli.described import DescribedCommand
from loadtui.cli.outputs import (
    STDOUT,
    OutputFile,
    add_to_step_summary,
    chosen_outputs,
    do_all,
    form_options,
    put_text,
)
from loadtui.cli.percentiles import percentiles_option, showing
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import find_base, find_run, project_of, text_width

if TYPE_CHECKING:
    from loadtui.report.account.subject import ComparisonSubject


@click.command("compare", cls=DescribedCommand)
@click.argument("base")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@form_options("text")
@click.option("--all", "everything", is_flag=True, help="Show what did not change as well.")
@click.option("--strict", is_flag=True, help="Exit with 4 when anything is inconclusive.")
@click.option(
    "--any-load",
    is_flag=True,
    help="Compare although locustfile, stages, arguments or users differ.",
)
@baselines_option
@percentiles_option
@runs_option
def command(
    base: str,
    runs: tuple[str, ...],
    as_: str | None,
    paths: tuple[Path, ...],
    everything: bool,
    strict: bool,
    any_load: bool,
    percentiles: tuple[str, ...],
) -> int:
    """Compare one or more runs, judged all together, with BASE.

    BASE is the name of a baseline or a run; RUN a run's id, the beginning of one, the path of its
    folder, or `latest`.  The thresholds and tolerances are those of the last run's plan.
    """
    from loadtui.report.account.subject import ComparisonSubject
    from loadtui.verdict.compare_sides import compare_sides, priors_for
    from loadtui.verdict.exit_codes import comparison_exit_code
    from loadtui.verdict.sides import both_sides

    wanted = chosen_outputs(as_, paths, default="text")
    found = list({run.id: showing(run, percentiles) for run in map(find_run, runs)}.values())
    against = find_base(base, found[-1])
    base_side, current = both_sides(against, found)
    last = found[-1].manifest
    comparison = compare_sides(
        base_side,
        current,
        last.plan,
        priors=priors_for(project_of(found[-1]), last),
        any_fingerprint=any_load,
    )
    code = comparison_exit_code(comparison, strict=strict)
    subject = ComparisonSubject(comparison, code, found, against, everything)
    do_all([partial(_write, subject, output) for output in wanted])
    return code


def _write(subject: ComparisonSubject, output: OutputFile) -> None:
    from loadtui.report.formats import format_named
    from loadtui.report.text.comparison_text import render_comparison
    from loadtui.report.text.paint import wants_color

    if output.format == "text" and output.path == STDOUT:
        color = wants_color(sys.stdout)
        text = render_comparison(
            subject.comparison, text_width(), color, everything=subject.everything
        )
        click.echo(text, nl=False, color=True)
        return
    put_text(format_named(output.format).of_comparison(subject), output.path, output.option)
    if output.format == "github":
        from loadtui.report.account.account import account_of_comparison
        from loadtui.report.markdown.verdict_markdown import comparison_markdown

        add_to_step_summary(comparison_markdown(subject), [account_of_comparison(subject)])
