from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.github.issue_marker import MOST_ITEMS, IssueMarker, plan_digest

labels = st.sets(st.text(), min_size=1, max_size=5)


@given(plan=st.text(), endpoints=labels, before=st.text(), after=st.text())
def test_a_marker_is_found_in_any_body(
    plan: str, endpoints: set[str], before: str, after: str
) -> None:
    marker = IssueMarker.of(plan, endpoints)
    assert IssueMarker.read(f"text {before}\n{marker.text()}\n{after}") == marker
    assert marker.plan == plan_digest(plan)


def test_one_shared_endpoint_makes_it_the_same_regression() -> None:
    first = IssueMarker.of("gateway", ["POST /chat", "GET /models"])
    assert first.same(IssueMarker.of("gateway", ["POST /chat"]))
    assert not first.same(IssueMarker.of("gateway", ["GET /health"]))
    assert not first.same(IssueMarker.of("rag", ["POST /chat"]))


def test_no_name_can_end_the_comment() -> None:
    text = IssueMarker.of("--> <script>", ["-->", "\x1b[31m"]).text()
    assert text.count("-->") == 1
    assert "script" not in text


def test_thousands_of_endpoints_fit_into_a_body() -> None:
    text = IssueMarker.of("gateway", [f"GET /{number}" for number in range(2_000)]).text()
    assert len(text) < MOST_ITEMS * 13 + 80 < 60_000


def test_bodies_without_one() -> None:
    for body in (None, "", "loadtui:regression", "<!-- loadtui:regression plan= of= -->"):
        assert IssueMarker.read(body) is None
