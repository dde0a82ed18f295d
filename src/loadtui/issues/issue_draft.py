"""A run's issue before and while it is published: the text, and publishing it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loadtui.errors import ExitCode, UsageError
from loadtui.github.issue_wording import IssueWording
from loadtui.github.run_proof import RunProof
from loadtui.report.account.verdict_words import INVALID_RUN
from loadtui.store.manifest import Manifest
from loadtui.store.output_file import write_output
from loadtui.store.run_files import write_bytes
from loadtui.store.stored_run import Run

if TYPE_CHECKING:
    from loadtui.github.issue_tracker import IssueTracker
    from loadtui.github.publish import PublishOutcome

UNSENT_FILE = "issue.md"
"""File of a run's folder that holds the text of an issue that GitHub did not take."""


class IssueDraft(NamedTuple):
    """What is to be published of a run."""

    run: str
    plan: str
    folder: Path
    kind: str
    """Where its numbers come from: measured, simulated, imported."""
    wording: IssueWording | None
    """None for a run that passes."""
    resolved: str
    """The comment that closes the plan's open issues after a pass; else empty."""
    proof: RunProof | None = None
    """What a run that passes proves; None for one that does not."""

    @property
    def unmeasured(self) -> str:
        """Why it takes a word more to open an issue; empty for a measured run."""
        return "" if self.kind == "measured" else f"run {self.run} is {self.kind}, not measured"

    @property
    def passes(self) -> str:
        """Why there is no issue to open; empty for a run that makes one."""
        return "" if self.wording else f"run {self.run} passes: no issue"

    def text(self) -> str:
        """All that would be published, for people to read before."""
        if self.wording is None:
            which = f"those open issues of {self.plan} that it proves resolved"
            return f"would close {which}, with:\n\n{self.resolved}"
        title, labels = self.wording.title, ", ".join(self.wording.labels)
        return f"title:  {title}\nlabels: {labels}\n\n{self.wording.body}"

    def write(self, path: Path) -> None:
        """Write the issue's title and body as Markdown; OSError when that fails."""
        if self.wording is not None:
            write_output(path, _markdown(self.wording))

    def save(self) -> Path:
        """Write them into the run's folder, in place of what lies there; OSError when that
        fails."""
        path = self.folder / UNSENT_FILE
        if self.wording is not None:
            write_bytes(path, _markdown(self.wording))
        return path


def _markdown(wording: IssueWording) -> bytes:
    return f"# {wording.title}\n\n{wording.body}".encode()


def draft_issue(run: Run, project: Path, environ: Mapping[str, str] = os.environ) -> IssueDraft:
    """The issue of a run of a project, read and judged as by `run_subject`.

    Raises UsageError for a run whose numbers cannot be trusted: an invalid one (exit code 3), and
    one that is not finished.
    """
    from loadtui.issues.judged_items import proof_of
    from loadtui.issues.regression_issue import issue_of_run, resolved_comment
    from loadtui.report.account.subject import run_subject

    subject = run_subject(run, project)
    manifest = subject.manifest
    _refuse(manifest)
    wording = issue_of_run(subject, project, environ)
    if wording is None and manifest.verdict == "fail":
        why = manifest.comparison_error or manifest.uncompared
        raise UsageError(f"run {manifest.run} shows no regression, so no issue is opened: {why}")
    return IssueDraft(
        run=manifest.run,
        plan=manifest.plan.name,
        folder=run.folder,
        kind=manifest.provenance.kind,
        wording=wording,
        resolved=resolved_comment(subject, environ) if wording is None else "",
        proof=proof_of(subject) if wording is None else None,
    )


def publish_draft(
    draft: IssueDraft,
    repository: str | None,
    project: Path,
    tell: Callable[[str], None],
    *,
    written: Path | None = None,
    longest_wait_s: float | None = None,
) -> PublishOutcome:
    """Open or update the issue of a run that failed, close those of the plan that one which passed
    proves resolved.

    `tell` hears of waits, which are no longer than `longest_wait_s`.  Raises UsageError for what is
    missing and what GitHub refuses; the issue's text is then in the file `written`, or if there is
    none, in the run's folder.
    """
    try:
        tracker = issue_tracker(repository, project, tell, longest_wait_s)
        from loadtui.github.publish import close_resolved, publish_issue

        if draft.wording is None:
            assert draft.proof is not None, "a run that passes proves something"
            return close_resolved(tracker, draft.plan, draft.resolved, draft.proof)
        return publish_issue(tracker, draft.wording)
    except UsageError as error:
        if draft.wording is None:
            raise
        raise UsageError(f"{error} ({_whereabouts(draft, written)})") from error


def _refuse(manifest: Manifest) -> None:
    if not manifest.validity.valid:
        raise UsageError(
            f"run {manifest.run} is {INVALID_RUN.word} and {INVALID_RUN.sentence}, "
            f"so no issue is opened: {'; '.join(manifest.validity.reasons)}",
            exit_code=ExitCode.INVALID,
        )
    if manifest.state != "finished":
        raise UsageError(f"run {manifest.run} is {manifest.state}, not finished; no issue of it")


def issue_tracker(
    repository: str | None,
    project: Path,
    tell: Callable[[str], None],
    longest_wait_s: float | None = None,
) -> IssueTracker:
    """The issues of a repository, which are its pull requests as well.

    `tell` hears of waits.  Raises UsageError for what is missing, PyGithub included.
    """
    from loadtui.github.access import github_access

    # Before PyGithub is loaded, which takes time for nothing when there is no access.
    access = github_access(repository, project)
    try:
        from loadtui.github.issue_tracker import IssueTracker
        from loadtui.github.rate_limits import LONGEST_WAIT_S
    except ModuleNotFoundError as error:
        raise UsageError(
            f"issues on GitHub need PyGithub, and {error.name} is not installed: "
            "pip install 'loadtui[github]'"
        ) from error

    return IssueTracker(access, tell, longest_wait_s=longest_wait_s or LONGEST_WAIT_S)


def _whereabouts(draft: IssueDraft, written: Path | None) -> str:
    try:
        return f"the issue's text is in {written or draft.save()}"
    except OSError as error:
        where = draft.folder / UNSENT_FILE
        return f"the issue's text cannot be written to {where}: {error.strerror}"
