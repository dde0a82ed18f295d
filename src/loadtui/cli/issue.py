"""`loadtui issue`: a regression as an issue on GitHub, opened once and kept up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import find_run, project_of
from loadtui.errors import UsageError
from loadtui.printable_text import visible_text

if TYPE_CHECKING:
    from loadtui.issues.issue_draft import IssueDraft


@click.command("issue", cls=DescribedCommand)
@click.argument("run", default="latest")
@click.option("--repo", metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY, else the remote.")
@click.option("--dry-run", is_flag=True, help="Print the issue; send nothing.")
@click.option(
    "--close-resolved",
    is_flag=True,
    help="After a run that passes, close the open issues of its plan that it proves resolved.",
)
@click.option(
    "--allow-simulated",
    is_flag=True,
    help="Also for simulated or imported numbers, which the issue says in title and body.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the issue's text to a Markdown file, before GitHub is asked.",
)
@runs_option
def command(
    run: str,
    repo: str | None,
    dry_run: bool,
    close_resolved: bool,
    allow_simulated: bool,
    output: Path | None,
) -> int:
    """Open an issue for what failed in RUN, or comment on the open one of the same regression.

    RUN is a run's id, the beginning of one, the path of its folder, or `latest`.  Anything that
    failed makes a critical issue, warnings alone one without that label; a run that passes makes
    none.  The token is GITHUB_TOKEN, or that of `gh auth login`; GITHUB_API_URL names a GitHub
    Enterprise.
    """
    from loadtui.issues.issue_draft import draft_issue, publish_draft

    found = find_run(run)
    draft = draft_issue(found, project_of(found))
    if draft.unmeasured and not allow_simulated:
        raise UsageError(
            f"{draft.unmeasured}: --allow-simulated opens an issue all the same, marked in title "
            "and body"
        )
    if draft.wording is None and not close_resolved:
        say(draft.passes)
        return 0
    if draft.wording is None:
        output = None
    elif output is not None:
        _write(draft, output)
    if dry_run:
        click.echo(draft.text(), nl=False)
        return 0
    outcome = publish_draft(draft, repo, project_of(found), say, written=output)
    for line in outcome.lines():
        click.echo(visible_text(line))
    for remark in outcome.remarks():
        say(remark)
    return 0


def _write(draft: IssueDraft, path: Path) -> None:
    try:
        draft.write(path)
    except OSError as error:
        raise UsageError(f"-o {path}: {error.strerror}") from error
