"""Whether a run that passed proves that what an issue is about is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from loadtui.github.issue_report import IssueJudgement, IssueLoad, IssueReport, start_moment
from loadtui.plurals import counted

OF_THE_RUN = "run:"
OF_A_METRIC = "metric:"
"""How the ids of judgements begin: on a run as a whole, and on a metric against a baseline."""
BY_HAND = "close it by hand when it is over"


class ProvedJudgement(NamedTuple):
    """What came of a judgement in this run."""

    outcome: str
    """`pass`, or what else."""
    limit: float | None = None
    """As of `IssueJudgement`."""


class RunProof(NamedTuple):
    """What a valid and finished run says about the judgements of earlier ones."""

    run: str
    started: str
    load: IssueLoad
    host: str
    """Name of the host that the load went to; empty where it is not known."""
    steered: bool
    baseline: str
    """Name of the baseline it was compared with; empty: it was not."""
    baseline_runs: frozenset[str]
    rows_lost: bool
    """True: the baseline is not as it was, so that what did not change is not known any more."""
    judgements: Mapping[str, ProvedJudgement]
    """By their ids.  Of those on the run as a whole only what failed is told."""
    not_asked: frozenset[str]
    """Ids of those on the run as a whole that were not asked of this one."""

    def why_not(self, report: IssueReport | None) -> str:
        """Why this run does not prove an issue resolved, the end of a sentence; empty when it
        does."""
        if report is None:
            return f"it does not say which judgements it is about, as issues do now; {BY_HAND}"
        return next(self._reasons(report), "")

    def _reasons(self, report: IssueReport) -> Iterator[str]:
        yield from self._another_run(report)
        yield from self._another_load(report)
        yield from self._another_baseline(report)
        if report.begun_before:
            yield f"it is older than the list of what failed, which is not complete; {BY_HAND}"
        if report.left_out:
            yield f"more failed in it than an issue can list; {BY_HAND}"
        yield from self._not_passed(report)

    def _another_run(self, report: IssueReport) -> Iterator[str]:
        if self.run in report.runs:
            yield f"it is about run {self.run} itself"
        last, began = start_moment(report.started), start_moment(self.started)
        if last is None or began is None or began <= last:
            yield f"run {self.run} started no later than run {report.runs[-1]}, which it is about"

    def _another_load(self, report: IssueReport) -> Iterator[str]:
        for load in report.loads:
            if load.kind != self.load.kind:
                yield f"it is about {load.kind} numbers, and run {self.run} is {self.load.kind}"
            if load.time_scale != self.load.time_scale:
                yield (
                    f"it is about runs at time scale {load.time_scale:g}, and run {self.run} ran "
                    f"at {self.load.time_scale:g}"
                )
            if load.fingerprint != self.load.fingerprint:
                yield (
                    f"run {self.run} is another load than it is about (fingerprint "
                    f"{self.load.fingerprint}, not {load.fingerprint})"
                )
        for host in report.hosts:
            if host != self.host:
                yield f"it is about {host}, and run {self.run} went to {self.host or 'no host'}"
        if self.steered:
            yield f"users were changed by hand in run {self.run}"

    def _another_baseline(self, report: IssueReport) -> Iterator[str]:
        for baseline in report.baselines:
            if baseline != self.baseline:
                against = f"baseline {self.baseline!r}" if self.baseline else "no baseline"
                yield (
                    f"it is about a comparison with baseline {baseline!r}, and run {self.run} was "
                    f"compared with {against}"
                )
        for run in report.runs:
            if report.baselines and run in self.baseline_runs:
                yield (
                    f"run {run}, which it is about, is part of the baseline by now, so that run "
                    f"{self.run} was measured by it"
                )

    def _not_passed(self, report: IssueReport) -> Iterator[str]:
        groups: dict[str, list[IssueJudgement]] = {}
        for judgement in report.judgements:
            if what := self._shortfall(judgement):
                groups.setdefault(what, []).append(judgement)
        for what, judgements in groups.items():
            yield f"run {self.run} {what.format(_named(judgements))}"

    def _shortfall(self, judgement: IssueJudgement) -> str:
        """What this run did in place of passing it; `{}` stands for its name."""
        proved = self.judgements.get(judgement.id)
        if proved is None:
            if judgement.id.startswith(OF_THE_RUN) and judgement.id not in self.not_asked:
                return ""
            if judgement.id.startswith(OF_A_METRIC) and self.rows_lost:
                return "does not show {} any more, as its baseline was changed since"
            return "did not judge {} again"
        if proved.outcome == "undecided":
            return "could not decide {}"
        if proved.outcome != "pass":
            return "did not pass {}"
        if judgement.limit is None:
            return ""
        wider = proved.limit is None or proved.limit > judgement.limit + 1e-6
        return "judged {} with a wider tolerance" if wider else ""


def _named(judgements: list[IssueJudgement]) -> str:
    name = judgements[0].name or counted(len(judgements), "judgement")
    more = len(judgements) - 1
    return f"{name} and {more} more" if judgements[0].name and more else name
