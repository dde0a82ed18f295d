"""The verdict as Markdown, read by a Markdown parser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from loadtui.printable_text import visible_text
from loadtui.report.account.account import account_of_run
from loadtui.report.account.shortening import shorten
from loadtui.report.account.subject import run_subject, uncompared_subject
from loadtui.report.formats import format_named
from loadtui.report.markdown.escaping import (
    LONGEST_NAME,
    code_span,
    escaped_text,
    list_item,
    markdown_table,
)
from loadtui.report.markdown.verdict_markdown import headlines, runs_markdown, verdict_table
from loadtui.store.manifest import Provenance
from loadtui.store.stored_run import Run
from tests.support.judged_runs import BROKEN, GOOD, SLOW, STRANGE, baseline, compared, invalid
from tests.support.stored_runs import Traffic, keep_run, plan

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
NASTY = st.text(st.sampled_from("`|\\<>*_[]()#!~&;$@:/.-+ \n\x1b1ax검"), max_size=30)


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def texts(markdown: str) -> str:
    """What is shown of a text without code."""
    return "".join(token.content for token in tokens(markdown) if token.type == "text")


def rows(markdown: str) -> list[list[str]]:
    """Cells of all tables, as source."""
    table: list[list[str]] = []
    inside = False
    for token in PARSER.parse(markdown):
        if token.type == "tr_open":
            table.append([])
        inside = token.type in ("td_open", "th_open") or (inside and token.type == "inline")
        if token.type == "inline" and inside and table:
            table[-1].append(token.content)
    return table


def document(run: Run, project: Path) -> str:
    return runs_markdown([run_subject(run, project)])


@given(NASTY)
@example("`")
@example("a|`|``")
@example("\\|")
@example("   ")
@settings(max_examples=150)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    lines = markdown_table(("a", "b"), [(code_span(name), "next")])
    [head, cells] = rows("\n".join(lines))
    assert len(head) == len(cells) == 2
    shown = [token.content for token in tokens("\n".join(lines)) if token.type == "code_inline"]
    assert shown == ([visible_text(name)] if name else [])


@given(NASTY)
@example("1. a")
@example("<b>")
@example("\\<b>")
@settings(max_examples=150)
def test_a_sentence_is_text_and_nothing_else(sentence: str) -> None:
    lines = markdown_table(("a", "b"), [(escaped_text(sentence), "next")])
    for markdown in ("\n".join(lines), list_item(f"x{sentence}"), list_item(sentence)):
        kinds = {token.type for token in tokens(markdown)}
        allowed = {"inline", "text", "text_special", "paragraph_open", "paragraph_close"}
        parts = ("table_", "thead_", "tbody_", "tr_", "th_", "td_", "bullet_list_", "list_item_")
        assert not {kind for kind in kinds - allowed if not kind.startswith(parts)}
        assert sum(token.type == "list_item_open" for token in tokens(markdown)) <= 1
    assert len(rows("\n".join(lines))[1]) == 2


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    text = escaped_text("@octocat fixed #12 and GH-3, see https://example.com or www.example.com")
    assert "@octocat" not in text
    assert "#12" not in text
    assert "GH-3" not in text
    assert "https://" not in text
    assert "www.e" not in text
    assert "link_open" not in {token.type for token in tokens(text)}


def test_long_names_lose_their_middle() -> None:
    assert code_span("x" * 1000) == f"`{shorten('x' * 1000, LONGEST_NAME)}`"


def test_a_regression(tmp_path: Path) -> None:
    baseline(tmp_path)
    text = document(compared(tmp_path, SLOW), tmp_path)
    titles = [line for line in text.splitlines() if line.startswith("#")]
    assert titles == [
        "# gateway: ✗ FAIL",
        "## Failures (3)",
        "## Warnings",
        "## Passed (10)",
        "## Summary",
    ]
    assert text.index("| numbers | measured |") < text.index("| validity | valid") < 400
    cells = rows(text)
    [p95] = [row for row in cells if row[0] == "`p95`" and row[1].endswith("`GET /a`")]
    assert p95[1] == "`L1` · `GET /a`"
    assert p95[4].startswith("+")
    assert p95[5] == "regressed; fails at +50 %"
    assert "3 failed, 10 passed." in text
    assert text.endswith("\n")


def test_strange_names_stay_names(tmp_path: Path) -> None:
    baseline(tmp_path)
    run = compared(tmp_path, {**SLOW, STRANGE: Traffic(20, failing=1.0)})
    parsed = list(tokens(document(run, tmp_path)))
    shown = [token.content for token in parsed if token.type == "code_inline"]
    assert shown.count(visible_text(STRANGE)) >= 3
    html = {token.content for token in parsed if token.type.startswith("html_")}
    assert {part.strip() for part in html} == {
        "<details><summary>show</summary>",
        "</details>",
    }
    assert "image" not in {token.type for token in parsed}
    assert "\x1b" not in "".join(token.content for token in parsed)


def test_most_requests_failed(tmp_path: Path) -> None:
    text = runs_markdown([uncompared_subject(keep_run(tmp_path / "now", BROKEN, plan=plan()))])
    assert text.startswith("# gateway: ✗ FAIL\n")
    assert "**✗ FAIL**, exit code 1" in text
    [failed] = [row for row in rows(text) if row[0] == "`error_rate < 1%`"]
    assert failed[2] == "69.6 %"


def test_an_invalid_run(tmp_path: Path) -> None:
    text = document(invalid(tmp_path), tmp_path)
    assert text.startswith("# gateway: ✗ INVALID\n")
    reason = "INVALID, its numbers cannot be trusted: 12 requests were lost | on the <way>"
    [validity] = [row for row in rows(text) if row[0] == "validity"]
    assert texts(validity[1]) == reason
    assert "## Passed\n\nNothing passed." in text
    assert "## Not decided (1)" in text


def test_several_runs_begin_with_a_list(tmp_path: Path) -> None:
    runs = [
        keep_run(tmp_path / "one", BROKEN, plan=plan()),
        keep_run(tmp_path / "two", GOOD, plan=plan(), provenance=Provenance("simulated", "seed 1")),
    ]
    text = format_named("md").of_runs([uncompared_subject(run) for run in runs], True).decode()
    titles = [line for line in text.splitlines() if line.startswith(("# ", "## "))]
    assert titles == [
        "# 2 runs: 1 of 2 do not pass",
        "## gateway: ✗ FAIL",
        "## gateway: ✓ PASS on SIMULATED numbers",
    ]
    assert ["✓ PASS", "`gateway`", "`two`", "simulated", "3 passed"] in rows(text)
    assert "**SIMULATED: drawn at random" in text


def test_the_table_alone(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = account_of_run(run_subject(compared(tmp_path, SLOW), tmp_path))
    verdicts = [row[0] for row in rows("\n".join(verdict_table(account)))]
    assert verdicts == ["verdict", "✗ failed", "✗ failed", "✗ failed"]
    everything = rows("\n".join(verdict_table(account, passed=True)))
    assert len(everything) == 1 + len(account.judgements)
    assert everything[-1][0] == "✓ passed"
    assert headlines([account]).startswith("## gateway: ✗ FAIL\n")


def test_a_list_of_thousands_is_cut(tmp_path: Path) -> None:
    traffic = {f"GET /{number}": Traffic(20, count=5, failing=1.0) for number in range(130)}
    run = keep_run(tmp_path / "now", traffic, stages=(("L1", 5),), plan=plan())
    text = runs_markdown([uncompared_subject(run)])
    assert "## Failures (131)" in text
    assert "and 31 more." in text
    assert "and 30 more endpoints." in text
