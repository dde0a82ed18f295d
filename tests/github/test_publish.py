from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.github.access import github_access
from loadtui.github.issue_marker import IssueMarker
from loadtui.github.issue_report import IssueJudgement, IssueLoad, IssueReport
from loadtui.github.issue_tracker import IssueTracker
from loadtui.github.issue_wording import IssueWording
from loadtui.github.publish import PublishOutcome, close_resolved, publish_issue
from loadtui.github.run_proof import ProvedJudgement, RunProof
from tests.support.github_server import REPOSITORY, TOKEN, GitHub

LABELS = ("performance", "regression", "automated", "priority-critical")
ISSUES = f"/repos/{REPOSITORY}/issues"


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub(page=3) as server:
        yield server


def tracker(github: GitHub, waits: list[str] | None = None, longest: float = 2) -> IssueTracker:
    access = github_access(None, Path("/"), github.environ())
    tell = [].append if waits is None else waits.append
    return IssueTracker(access, tell, pause_s=None, longest_wait_s=longest)


LOAD = IssueLoad("f1", 1.0, "measured")


def wording(*endpoints: str, plan: str = "gateway", run: str = "") -> IssueWording:
    """What an issue says; without `run` as older versions did."""
    marker = IssueMarker.of(plan, endpoints or ["POST /chat"])
    judgements = tuple(IssueJudgement(endpoint) for endpoint in endpoints)
    report = IssueReport((run,), f"2026-01-01T{run}:00:00Z", (LOAD,), judgements=judgements)
    body = f"the body\n{marker.text()}\n{report.text() if run else ''}"
    return IssueWording("p95 regressed", body, f"again {run}".strip(), LABELS)


def proof(*passed: str, run: str = "23") -> RunProof:
    judgements = {name: ProvedJudgement("pass") for name in passed}
    started = f"2026-01-01T{run}:00:00Z"
    empty = frozenset[str]()
    return RunProof(run, started, LOAD, "", False, "", empty, False, judgements, empty)


def test_a_first_regression_opens_an_issue_and_makes_its_labels(github: GitHub) -> None:
    github.labels.append({"name": "Performance", "color": "000000"})
    outcome = publish_issue(tracker(github), wording())
    assert outcome.action == "opened"
    assert outcome.issues[0].url == f"https://github.com/{REPOSITORY}/issues/1"
    (issue,) = github.issues
    assert issue["title"] == "p95 regressed"
    assert tuple(label["name"] for label in issue["labels"]) == LABELS
    assert [label["name"] for label in github.labels] == ["Performance", *LABELS[1:]]


def test_the_same_regression_again_is_a_comment(github: GitHub) -> None:
    publish_issue(tracker(github), wording("POST /chat"))
    outcome = publish_issue(tracker(github), wording("POST /chat", "GET /models"))
    assert outcome.action == "updated"
    assert len(github.issues) == 1
    assert github.comments[1] == ["again"]


def test_another_endpoint_another_plan_and_a_closed_issue_are_others(github: GitHub) -> None:
    for text in (wording("POST /chat"), wording("GET /x"), wording("POST /chat", plan="rag")):
        assert publish_issue(tracker(github), text).action == "opened"
    github.issues[0]["state"] = "closed"
    assert publish_issue(tracker(github), wording("POST /chat")).action == "opened"
    assert len(github.open_issues()) == 3


def test_it_is_found_on_a_later_page(github: GitHub) -> None:
    for number in range(7):
        github.add_issue(f"other {number}", "no marker", ["regression"])
    publish_issue(tracker(github), wording())
    assert publish_issue(tracker(github), wording()).action == "updated"
    assert len(github.issues) == 8


def test_an_update_adds_the_labels_that_somebody_took_off(github: GitHub) -> None:
    publish_issue(tracker(github), wording())
    github.issues[0]["labels"] = [{"name": "regression", "color": "ededed"}]
    publish_issue(tracker(github), wording())
    assert {label["name"] for label in github.issues[0]["labels"]} == set(LABELS)


def test_a_race_of_two_leaves_one_issue(github: GitHub) -> None:
    github.barrier = threading.Barrier(2)
    outcomes: list[PublishOutcome] = []
    jobs = [
        threading.Thread(target=lambda: outcomes.append(publish_issue(tracker(github), wording())))
        for _ in range(2)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(10)
    assert sorted(outcome.action for outcome in outcomes) == ["opened", "updated"]
    assert [issue["number"] for issue in github.open_issues()] == [1]
    assert github.issues[1]["state_reason"] == "not_planned"
    assert github.comments == {1: ["again"], 2: ["Opened at the same time as #1."]}


def test_a_lost_answer_does_not_leave_two_issues(github: GitHub) -> None:
    github.refuse("POST", ISSUES, 502, after=True)
    assert publish_issue(tracker(github), wording()).action == "updated"
    assert [issue["number"] for issue in github.open_issues()] == [1]


def test_a_pass_closes_what_it_proves(github: GitHub) -> None:
    for text in (
        wording("POST /chat", run="01"),
        wording("GET /x", run="01"),
        wording("GET /x", plan="rag", run="01"),
        wording("GET /old"),
    ):
        publish_issue(tracker(github), text)
    outcome = close_resolved(tracker(github), "gateway", "passes again", proof("POST /chat"))
    assert outcome.action == "closed"
    assert [issue.number for issue in outcome.issues] == [1]
    assert [issue["number"] for issue in github.open_issues()] == [2, 3, 4]
    assert github.issues[0]["state_reason"] == "completed"
    assert github.comments[1] == ["passes again"]
    not_judged, unknown = outcome.remarks()
    assert "issues/2 stays open: run 23 did not judge 1 judgement again" in not_judged
    assert "issues/4 stays open: it does not say which judgements" in unknown
    empty = close_resolved(tracker(github), "other", "passes again", proof())
    assert empty.action == "nothing"


def test_a_run_is_told_once(github: GitHub) -> None:
    for run, action in (("01", "opened"), ("02", "updated"), ("03", "updated")):
        assert publish_issue(tracker(github), wording("GET /x", run=run)).action == action
    for run in ("01", "02", "03"):
        outcome = publish_issue(tracker(github), wording("GET /x", run=run))
        assert outcome.lines() == [f"reported before in {github.issues[0]['html_url']}"]
    assert github.comments == {1: ["again 02", "again 03"]}
    assert len(github.issues) == 1
    # Nor when the issue is closed since, which the run of an hour later reopens as another one.
    github.issues[0]["state"] = "closed"
    assert publish_issue(tracker(github), wording("GET /x", run="02")).action == "known"
    assert publish_issue(tracker(github), wording("GET /x", run="04")).action == "opened"


def test_a_pass_has_to_prove_what_later_runs_reported(github: GitHub) -> None:
    publish_issue(tracker(github), wording("GET /x", run="01"))
    publish_issue(tracker(github), wording("GET /x", "GET /y", run="05"))
    close = [proof("GET /x"), proof("GET /x", "GET /y", run="04")]
    for insufficient in close:
        outcome = close_resolved(tracker(github), "gateway", "ok", insufficient)
        assert (outcome.issues, len(outcome.kept)) == ([], 1)
    assert close_resolved(tracker(github), "gateway", "ok", proof("GET /x", "GET /y")).issues


def test_an_older_issue_learns_of_runs_and_is_not_closed(github: GitHub) -> None:
    publish_issue(tracker(github), wording("GET /x"))
    assert publish_issue(tracker(github), wording("GET /x", run="05")).action == "updated"
    assert publish_issue(tracker(github), wording("GET /x", run="05")).action == "known"
    [(_, why)] = close_resolved(tracker(github), "gateway", "ok", proof("GET /x")).kept
    assert "not complete" in why


def test_an_issue_that_could_not_be_labelled_is_told_apart(github: GitHub) -> None:
    # Without the right to label, GitHub leaves the labels out without a word.
    original = github.add_issue
    github.add_issue = lambda title, body, labels: original(title, body, [])  # type: ignore[method-assign]
    github.refuse("POST", f"/repos/{REPOSITORY}/labels", 404)
    (issue,) = publish_issue(tracker(github), wording()).issues
    assert issue.unlabelled


HTML = b"<html><body>sign in</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, b'{"message": "Bad credentials"}', "set a valid GITHUB_TOKEN"),
        (403, b'{"message": "Resource not accessible"}', "permission to write issues"),
        (404, b'{"message": "Not Found"}', "check --repo"),
        (410, b'{"message": "Issues are disabled"}', "switched off"),
        (422, b'{"message": "Validation Failed", "errors": [{"code": "x"}]}', "refuses the issue"),
        (418, HTML, "no explanation"),
        (200, b"{cut off", "does not answer as GitHub does"),
        (200, HTML, "does not answer as GitHub does"),
    ],
)
def test_refusals_are_one_sentence(github: GitHub, status: int, body: bytes, sentence: str) -> None:
    github.refuse("POST", ISSUES, status, body)
    with pytest.raises(UsageError, match=sentence) as caught:
        publish_issue(tracker(github), wording())
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert "\n" not in text
    assert TOKEN not in text
    assert "sign in" not in text


def test_a_page_instead_of_the_list_of_issues(github: GitHub) -> None:
    github.refuse("GET", ISSUES, 200, HTML)
    with pytest.raises(UsageError, match="does not answer as GitHub does"):
        publish_issue(tracker(github), wording())


def test_trouble_at_github_is_tried_again(github: GitHub) -> None:
    github.refuse("GET", ISSUES, 503)
    assert publish_issue(tracker(github), wording()).action == "opened"


def test_trouble_that_lasts_is_told(github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtui.github.rate_limits.TRIES", 1)
    for _ in range(9):
        github.refuse("GET", ISSUES, 503)
    with pytest.raises(UsageError, match="GitHub") as caught:
        publish_issue(tracker(github), wording())
    assert TOKEN not in str(caught.value)


def test_limits_are_waited_for_and_told(github: GitHub) -> None:
    waits: list[str] = []
    secondary = b'{"message": "You have exceeded a secondary rate limit"}'
    github.refuse("GET", ISSUES, 403, secondary, (("Retry-After", "1"),))
    before = time.monotonic()
    assert publish_issue(tracker(github, waits), wording()).action == "opened"
    assert time.monotonic() - before >= 1
    assert waits == ["GitHub asks to wait: continuing in 1 s"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, (("Retry-After", "3600"),)),
        (429, (("Retry-After", "3600"),)),
        (403, (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "99999999999"))),
    ],
)
def test_limits_too_far_away_are_told(
    github: GitHub, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    limit = b'{"message": "API rate limit exceeded for user ID 1."}'
    github.refuse("GET", ISSUES, status, limit, headers)
    with pytest.raises(UsageError, match="rate limit is used up"):
        publish_issue(tracker(github), wording())


def test_nobody_there() -> None:
    with GitHub() as gone:
        environ = gone.environ()
    access = github_access(None, Path("/"), environ)
    with pytest.raises(UsageError, match="cannot reach GitHub") as caught:
        publish_issue(IssueTracker(access, pause_s=None, longest_wait_s=0), wording())
    assert TOKEN not in str(caught.value)
