"""What an issue is about, for programs: a comment in its body that is not shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

_T = TypeVar("_T")

MOST_JUDGEMENTS = 1_000
"""So many are written down at most: a body may have 65 536 characters."""
MOST_NAMES = 20
LONGEST_TEXT = 40_000
LONGEST_ISSUE = 65_000
"""GitHub takes 65 536 characters."""
_LONGEST_NAME = 120
_COMMENT = re.compile(r"<!-- loadtui:report (?P<json>\{.*?\}) -->")
_BEFORE = datetime.min.replace(tzinfo=UTC)
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&@"})
"""No name can end the comment, or call somebody."""


class IssueLoad(NamedTuple):
    """What a run has to have in common with another one to say anything about it."""

    fingerprint: str
    time_scale: float
    kind: str
    """Where its numbers come from: measured, simulated, imported."""


class IssueJudgement(NamedTuple):
    """A judgement that failed."""

    id: str
    """Of what was asked and where, the same in every run."""
    limit: float | None = None
    """How far a metric might move, on its working scale; None where that is not the question."""
    name: str = ""
    """For people; empty for all but the first."""


class IssueReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which runs an issue tells of, and which judgements failed in them."""

    runs: tuple[str, ...]
    """Ids, oldest report first."""
    started: str
    """When the last of them started; RFC 3339, UTC."""
    loads: tuple[IssueLoad, ...]
    """Without repetition, as the two below."""
    baselines: tuple[str, ...] = ()
    """Names of those that the runs were compared with."""
    hosts: tuple[str, ...] = ()
    """Names of the hosts that the load went to."""
    judgements: tuple[IssueJudgement, ...] = ()
    left_out: int = 0
    """Judgements for which there was no room."""
    begun_before: bool = False
    """True: the issue is older than this comment, which does not know all that it is about."""

    @classmethod
    def read(cls, body: str | None) -> IssueReport | None:
        """The report in the body of an issue, None when it has none that can be read."""
        found = _COMMENT.findall(body or "")
        try:
            # The last: whatever stands above it may have been written by others.
            return msgspec.json.decode(found[-1], type=cls) if found else None
        except (msgspec.DecodeError, UnicodeError):
            return None

    def text(self, longest: int = LONGEST_TEXT) -> str:
        """The comment: at most so many characters, for which the oldest runs and then judgements
        give way, as long as there are any."""
        report = self._named_and_cut(MOST_JUDGEMENTS)
        while len(text := report._written()) > longest:
            if len(report.runs) > MOST_NAMES or not report.judgements:
                fewer = report.runs[(len(report.runs) + 1) // 2 :]
                if not fewer:
                    break
                report = msgspec.structs.replace(report, runs=fewer)
            else:
                report = report._named_and_cut(len(report.judgements) // 2)
        return text

    def added_to(self, body: str) -> str:
        """The body of an issue with this report in it as well, as far as there is room."""
        known, matches = IssueReport.read(body), list(_COMMENT.finditer(body))
        if known is None:
            report = msgspec.structs.replace(self, begun_before=True)
            before, after = f"{body.rstrip()}\n\n", "\n"
        else:
            report, last = known.merged(self), matches[-1]
            before, after = body[: last.start()], body[last.end() :]
        room = LONGEST_ISSUE - len(before) - len(after)
        text = report.text(min(room, LONGEST_TEXT))
        return f"{before}{text}{after}" if len(text) <= room else body

    def merged(self, later: IssueReport) -> IssueReport:
        """Both reports as one, with the narrower limit where both judge the same."""
        judgements = {judgement.id: judgement for judgement in self.judgements}
        for judgement in later.judgements:
            before = judgements.get(judgement.id, judgement)
            limits = [one.limit for one in (before, judgement) if one.limit is not None]
            judgements[judgement.id] = before._replace(limit=min(limits, default=None))
        return IssueReport(
            runs=_once(self.runs, later.runs),
            started=_later(self.started, later.started),
            loads=_once(self.loads, later.loads),
            baselines=_once(self.baselines, later.baselines),
            hosts=_once(self.hosts, later.hosts),
            judgements=tuple(judgements.values()),
            left_out=self.left_out + later.left_out,
            begun_before=self.begun_before or later.begun_before,
        )

    def _named_and_cut(self, most: int) -> IssueReport:
        kept = tuple(
            judgement._replace(name=judgement.name[:_LONGEST_NAME] if number < MOST_NAMES else "")
            for number, judgement in enumerate(self.judgements[:most])
        )
        left_out = self.left_out + len(self.judgements) - len(kept)
        return msgspec.structs.replace(self, judgements=kept, left_out=left_out)

    def _written(self) -> str:
        json = msgspec.json.encode(self).decode().translate(_ESCAPED)
        return f"<!-- loadtui:report {json} -->"


def start_moment(text: str) -> datetime | None:
    """When a run started, by what its report says; None for what is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _later(first: str, then: str) -> str:
    return max((first, then), key=lambda text: start_moment(text) or _BEFORE)


def _once(first: tuple[_T, ...], then: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys((*first, *then)))
