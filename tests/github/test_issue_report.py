"""The comment in an issue's body that says which runs and judgements it is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.github.issue_report import (
    LONGEST_ISSUE,
    LONGEST_TEXT,
    MOST_NAMES,
    IssueJudgement,
    IssueLoad,
    IssueReport,
)

LOAD = IssueLoad("f1", 1.0, "measured")
texts = st.text(st.characters(exclude_categories=["Cs"]))


def report(*judgements: IssueJudgement, run: str = "r1", started: str = "2026") -> IssueReport:
    return IssueReport((run,), started, (LOAD,), judgements=judgements)


@given(name=texts, run=texts, before=texts, after=texts)
def test_a_report_is_found_in_any_body(name: str, run: str, before: str, after: str) -> None:
    made = report(IssueJudgement("a", 0.1, name[:100]), run=run)
    assert IssueReport.read(f"text {before}\n{made.text()}\n{after}") == made


def test_no_name_can_end_the_comment_or_call_somebody() -> None:
    text = report(IssueJudgement("a", None, '--> <script> @octo "'), run="-->").text()
    assert text.count("-->") == 1
    assert not any(part in text for part in ("script>", "@octo"))


def test_what_cannot_be_read_is_none() -> None:
    for body in (
        None,
        "",
        "<!-- loadtui:report {} -->",
        "<!-- loadtui:report {oops} -->",
        '<!-- loadtui:report {"runs":1} -->',
    ):
        assert IssueReport.read(body) is None


def test_the_last_one_counts_as_others_may_have_written_above() -> None:
    first, last = report(run="of others"), report(run="mine")
    assert IssueReport.read(f"{first.text()}\n{last.text()}") == last


def test_thousands_of_judgements_and_runs_fit_and_are_counted() -> None:
    many = tuple(IssueJudgement(f"metric:{n:012}", 0.123456, "x" * 500) for n in range(3_000))
    made = IssueReport(tuple(f"run {n:030}" for n in range(900)), "2026", (LOAD,), judgements=many)
    text = made.text()
    read = IssueReport.read(text)
    assert read is not None
    assert len(text) <= LONGEST_TEXT
    assert read.runs
    assert read.runs == made.runs[-len(read.runs) :]
    assert len(read.judgements) + read.left_out == 3_000
    assert sum(bool(judgement.name) for judgement in read.judgements) == MOST_NAMES


def test_a_later_report_is_added() -> None:
    first = report(IssueJudgement("a", 0.2, "p95"), IssueJudgement("b"), started="2026-01-02")
    later = report(IssueJudgement("a", 0.1), IssueJudgement("c"), run="r2", started="2026-01-01")
    body = later.added_to(f"above\n{first.text()}\nbelow")
    assert body.startswith("above\n<!--")
    assert body.endswith("-->\nbelow")
    read = IssueReport.read(body)
    assert read == IssueReport(
        ("r1", "r2"),
        "2026-01-02",
        (LOAD,),
        judgements=(IssueJudgement("a", 0.1, "p95"), IssueJudgement("b"), IssueJudgement("c")),
    )
    again = IssueReport.read(later.added_to(body))
    assert again == read


def test_a_body_without_one_is_known_to_be_older() -> None:
    read = IssueReport.read(report().added_to("an issue of an older version"))
    assert read is not None
    assert read.begun_before


def test_a_body_stays_as_short_as_github_takes_it() -> None:
    first = report()
    more = report(*(IssueJudgement(f"metric:{n:012}") for n in range(1_000)), run="r2")
    for filling in (0, 50_000, 64_000, 64_900):
        body = more.added_to(f"{'x' * filling}\n{first.text()}")
        assert len(body) <= LONGEST_ISSUE
        assert IssueReport.read(body) is not None
    assert more.added_to("x" * LONGEST_ISSUE) == "x" * LONGEST_ISSUE
