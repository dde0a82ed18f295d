"""`loadtui issue`: a regression as an issue on GitHub, opened once and kept up to date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.kept import find_run
from loadtui.errors import UsageError
from loadtui.verdict.exitcode import INVALID

if TYPE_CHECKING:
    from loadtui.github.publish import Outcome
    from loadtui.github.wording import Wording
    from loadtui.report.subject import RunSubject


@click.command("issue", short_help="Open or update a GitHub issue for a regression.")
@click.argument("run", default="latest")
@click.option("--repo", metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY, else the remote.")
@click.option("--dry-run", is_flag=True, help="Print the issue; speak with nobody.")
@click.option(
    "--close-resolved",
    is_flag=True,
    help="After a run that passes, close the open issues of its plan with a comment.",
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
    from loadtui.report.issue import issue_of_run, resolved_comment
    from loadtui.report.subject import run_subject

    subject = run_subject(find_run(run), Path.cwd())
    _refuse(subject, allow_simulated)
    wording = issue_of_run(subject, os.environ)
    if wording is None:
        if not close_resolved:
            click.echo(f"run {subject.run.id} passes: no issue", err=True)
            return 0
        comment = resolved_comment(subject, os.environ)
        if dry_run:
            click.echo(f"would close the open issues of {subject.manifest.plan.name} with:\n")
            click.echo(comment, nl=False)
            return 0
        return _tell(_resolved(subject, repo, comment))
    if output is not None:
        _write(output, wording)
    if dry_run:
        click.echo(f"title:  {wording.title}\nlabels: {', '.join(wording.labels)}\n")
        click.echo(wording.body, nl=False)
        return 0
    try:
        outcome = _published(wording, repo)
    except UsageError as error:
        if output is None:
            output = _kept(subject, wording)
        raise UsageError(f"{error} (the issue's text is in {output})") from error
    return _tell(outcome)


def _refuse(subject: RunSubject, allow_simulated: bool) -> None:
    manifest = subject.manifest
    if not manifest.validity.valid:
        raise UsageError(
            f"run {manifest.run} is invalid and says nothing, so no issue is opened: "
            f"{'; '.join(manifest.validity.reasons)}",
            exit_code=INVALID,
        )
    if manifest.state != "finished":
        raise UsageError(f"run {manifest.run} is {manifest.state}, not finished; no issue of it")
    kind = manifest.provenance.kind
    if kind != "measured" and not allow_simulated:
        raise UsageError(
            f"run {manifest.run} is {kind}, not measured: --allow-simulated opens an issue all the "
            "same, marked in title and body"
        )


def _published(wording: Wording, repo: str | None) -> Outcome:
    from loadtui.github.access import access

    found = access(repo, Path.cwd())  # Before PyGithub is loaded: nothing to wait for without it.
    from loadtui.github.publish import publish
    from loadtui.github.tracker import Tracker

    return publish(Tracker(found, _say), wording)


def _resolved(subject: RunSubject, repo: str | None, comment: str) -> Outcome:
    from loadtui.github.access import access

    found = access(repo, Path.cwd())
    from loadtui.github.publish import resolve
    from loadtui.github.tracker import Tracker

    return resolve(Tracker(found, _say), subject.manifest.plan.name, comment)


def _tell(outcome: Outcome) -> int:
    if outcome.done == "nothing":
        click.echo("no open issue to close", err=True)
    for issue in outcome.issues:
        click.echo(f"{outcome.done} {issue.url}")
        if issue.unlabelled:
            _say("the token may not set labels, so a later run will not find this issue")
    return 0


def _say(text: str) -> None:
    click.echo(text, err=True)


def _write(path: Path, wording: Wording) -> None:
    try:
        path.write_text(f"# {wording.title}\n\n{wording.body}", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"-o {path}: {error.strerror}") from error


def _kept(subject: RunSubject, wording: Wording) -> Path:
    path = subject.run.folder / "issue.md"
    _write(path, wording)
    return path
