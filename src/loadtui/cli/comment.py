"""`loadtui comment`: what runs found, as one comment of a pull request that is kept up to date."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import find_run, project_of
from loadtui.printable_text import visible_text


@click.command("comment", cls=DescribedCommand)
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("--repo", metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY, else the remote.")
@click.option(
    "--pull-request",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Default: that of the GitHub job.",
)
@click.option("--dry-run", is_flag=True, help="Print the comment; send nothing.")
@runs_option
def command(
    runs: tuple[str, ...], repo: str | None, pull_request: int | None, dry_run: bool
) -> int:
    """Comment on a pull request with the report of one or more saved runs.

    RUN is a run's id, the beginning of one, the path of its folder, or `latest`, which is also what
    is taken without one.  The next job with the same plans replaces the comment.  The token is
    GITHUB_TOKEN, or that of `gh auth login`; it must be allowed to write to pull requests.
    """
    from loadtui.issues.pull_request_report import (
        pull_request_of,
        pull_request_report,
        put_pull_request_report,
    )
    from loadtui.report.account.subject import run_subject

    found = [*{run.id: run for run in map(find_run, runs or ("latest",))}.values()]
    report = pull_request_report([run_subject(run, project_of(run)) for run in found])
    if dry_run:
        click.echo(f"{report.marker}\n{report.text}", nl=False)
        return 0
    number = pull_request or pull_request_of()
    done = put_pull_request_report(report, number, repo, project_of(found[0]), say)
    click.echo(visible_text(done))
    return 0
