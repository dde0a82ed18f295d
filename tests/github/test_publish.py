from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.github.access import github_access
from loadtui.github.issue_marker import IssueMarker
from loadtui.github.issue_tracker import IssueTracker
from loadtui.github.issue_wording import IssueWording
from loadtui.github.publish import PublishOutcome, close_resolved, publish_issue
from tests.support.github_server import REPOSITORY, TOKEN, GitHub

LABELS = ("performance", "regression", "automated", "priority-critical")
ISSUES = f"/repos/{REPOSITORY}/issues"


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub(page=3) as server:
        yield server


def tracker(github: GitHub, told: list[str] | None = None, longest: float = 2) -> IssueTracker:
    found = github_access(None, Path("/"), github.environ())
    tell = [].append if told is None else told.append
    return IssueTracker(found, tell, pause_s=None, longest_wait_s=longest)


def wording(*endpoints: str, plan: str = "gateway") -> IssueWording:
    marker = IssueMarker.of(plan, endpoints or ["POST /chat"])
    return IssueWording("p95 regressed", f"the body\n{marker.text()}", "again", LABELS)


def test_a_first_regression_opens_an_issue_and_makes_its_labels(github: GitHub) -> None:
    github.labels.append({"name": "Performance", "color": "000000"})
    outcome = publish_issue(tracker(github), wording())
    assert outcome.done == "opened"
    assert outcome.issues[0].url == f"https://github.com/{REPOSITORY}/issues/1"
    (issue,) = github.issues
    assert issue["title"] == "p95 regressed"
    assert tuple(label["name"] for label in issue["labels"]) == LABELS
    assert [label["name"] for label in github.labels] == ["Performance", *LABELS[1:]]


def test_the_same_regression_again_is_a_comment(github: GitHub) -> None:
    publish_issue(tracker(github), wording("POST /chat"))
    outcome = publish_issue(tracker(github), wording("POST /chat", "GET /models"))
    assert outcome.done == "updated"
    assert len(github.issues) == 1
    assert github.comments[1] == ["again"]


def test_another_endpoint_another_plan_and_a_closed_issue_are_others(github: GitHub) -> None:
    for text in (wording("POST /chat"), wording("GET /x"), wording("POST /chat", plan="rag")):
        assert publish_issue(tracker(github), text).done == "opened"
    github.issues[0]["state"] = "closed"
    assert publish_issue(tracker(github), wording("POST /chat")).done == "opened"
    assert len(github.open_issues()) == 3


def test_it_is_found_on_a_later_page(github: GitHub) -> None:
    for number in range(7):
        github.add_issue(f"other {number}", "no marker", ["regression"])
    publish_issue(tracker(github), wording())
    assert publish_issue(tracker(github), wording()).done == "updated"
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
    assert sorted(outcome.done for outcome in outcomes) == ["opened", "updated"]
    assert [issue["number"] for issue in github.open_issues()] == [1]
    assert github.issues[1]["state_reason"] == "not_planned"
    assert github.comments == {1: ["again"], 2: ["Opened at the same time as #1."]}


def test_a_lost_answer_does_not_leave_two_issues(github: GitHub) -> None:
    github.refuse("POST", ISSUES, 502, after=True)
    assert publish_issue(tracker(github), wording()).done == "updated"
    assert [issue["number"] for issue in github.open_issues()] == [1]


def test_a_pass_closes_all_of_the_plan(github: GitHub) -> None:
    for text in (wording("POST /chat"), wording("GET /x"), wording("GET /x", plan="rag")):
        publish_issue(tracker(github), text)
    outcome = close_resolved(tracker(github), "gateway", "passes again")
    assert outcome.done == "closed"
    assert [issue.number for issue in outcome.issues] == [1, 2]
    assert [issue["number"] for issue in github.open_issues()] == [3]
    assert github.issues[0]["state_reason"] == "completed"
    assert github.comments[1] == ["passes again"]
    assert close_resolved(tracker(github), "gateway", "passes again").done == "nothing"


def test_an_issue_that_could_not_be_labelled_is_told_apart(github: GitHub) -> None:
    # Without the right to label, GitHub leaves the labels out without a word.
    original = github.add_issue
    github.add_issue = lambda title, body, labels: original(title, body, [])  # type: ignore[method-assign]
    github.refuse("POST", f"/repos/{REPOSITORY}/labels", 404)
    (issue,) = publish_issue(tracker(github), wording()).issues
    assert issue.unlabelled


HTML = b"<html><body>sign in</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "said"),
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
def test_refusals_are_one_sentence(github: GitHub, status: int, body: bytes, said: str) -> None:
    github.refuse("POST", ISSUES, status, body)
    with pytest.raises(UsageError, match=said) as caught:
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
    assert publish_issue(tracker(github), wording()).done == "opened"


def test_trouble_that_lasts_is_told(github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtui.github.rate_limits.TRIES", 1)
    for _ in range(9):
        github.refuse("GET", ISSUES, 503)
    with pytest.raises(UsageError, match="GitHub") as caught:
        publish_issue(tracker(github), wording())
    assert TOKEN not in str(caught.value)


def test_limits_are_waited_for_and_told(github: GitHub) -> None:
    told: list[str] = []
    secondary = b'{"message": "You have exceeded a secondary rate limit"}'
    github.refuse("GET", ISSUES, 403, secondary, (("Retry-After", "1"),))
    before = time.monotonic()
    assert publish_issue(tracker(github, told), wording()).done == "opened"
    assert time.monotonic() - before >= 1
    assert told == ["GitHub asks to wait: going on in 1 s"]


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
    found = github_access(None, Path("/"), environ)
    with pytest.raises(UsageError, match="cannot reach GitHub") as caught:
        publish_issue(IssueTracker(found, pause_s=None, longest_wait_s=0), wording())
    assert TOKEN not in str(caught.value)
