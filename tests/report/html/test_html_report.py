"""The page of a report, read as text: what it holds, and what it must not."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.report.account.run_contents import read_run_contents
from loadtui.report.account.subject import ComparisonSubject, RunSubject
from loadtui.report.html import html_report
from loadtui.report.html.chart_columns import step_for
from loadtui.report.html.page_tables import ENDPOINT_ROWS
from loadtui.store.manifest import Imported, ImportedFile, Mark, Provenance, Validity
from loadtui.store.stored_run import Run
from loadtui.tui.terminal.theme import DARK, LIGHT
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.sides import side_of_runs
from tests.support.quarter_hour import ENDPOINTS, EVIL, quarter_hour
from tests.support.stored_runs import Traffic, keep_run, plan

MOST = 2_000_000


class Page(HTMLParser):
    """Elements of a page with the text that is shown, and its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.policy = ""
        self.shown = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._in = tag if tag in ("script", "style") else ""
        if tag == "script":
            self.scripts.append((attributes, ""))
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            attrs, text = self.scripts[-1]
            self.scripts[-1] = attrs, text + data
        elif self._in == "style":
            self.styles.append(data)
        else:
            self.shown += f"{data} "

    @property
    def islands(self) -> list[Any]:
        return [json.loads(text) for attrs, text in self.scripts if attrs.get("class") == "island"]

    @property
    def words(self) -> str:
        return " ".join(self.shown.split())


def changed(run: Run, **fields: Any) -> Run:
    run.manifest = msgspec.structs.replace(run.manifest, **fields)
    return run


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return quarter_hour(tmp_path_factory.mktemp("quarter hour"))


@pytest.fixture(scope="module")
def long_page(long_run: Run) -> str:
    return html_report.render_page(long_run)


def test_a_quarter_of_an_hour_on_twenty_endpoints_stays_small(long_page: str) -> None:
    assert len(long_page.encode()) < MOST
    island = Page(long_page).islands[0]
    assert len(island["series"]) == 1 + ENDPOINTS
    assert 300 <= len(island["series"][0]["t"]) <= 600


def test_nothing_comes_from_elsewhere(long_page: str) -> None:
    page = Page(long_page)
    assert page.policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in page.policy
    asks = [
        (tag, name)
        for tag, attrs in page.tags
        for name in attrs
        if name in ("src", "srcset", "href", "style") or name.startswith("on")
    ]
    assert asks == []
    assert "University of Washington Interactive Data Lab" in long_page  # its licence
    assert {tag for tag, _ in page.tags} & {"link", "iframe", "img", "object", "embed"} == set()


def test_the_policy_lets_the_page_s_own_scripts_and_styles_run(long_page: str) -> None:
    page = Page(long_page)
    own = [text for attrs, text in page.scripts if attrs.get("type") is None] + page.styles
    allowed = re.findall(r"'sha256-([^']+)'", page.policy)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in own]
    assert sorted(hashes) == sorted(allowed)


def test_a_name_neither_ends_a_script_nor_becomes_an_element(long_page: str) -> None:
    page = Page(long_page)
    visible = EVIL.replace("\x1b", "\\x1b")
    assert visible in page.shown
    assert f"GET {visible}" in page.islands[0]["endpoints"]
    assert "\x1b" not in long_page
    assert len(page.scripts) == 1 + len(html_report._SCRIPTS)


def test_series_are_those_of_the_run(long_run: Run, long_page: str) -> None:
    island = Page(long_page).islands[0]
    totals = read_run_contents(long_run).summary.totals.whole
    step, series = island["step"], island["series"][0]
    assert sum(series["rps"]) * step == pytest.approx(totals.requests, rel=0.002)
    assert sum(series["failures"]) * step == pytest.approx(totals.failures, rel=0.01)
    assert totals.p95_ms is not None
    assert min(series["p95_ms"]) <= totals.p95_ms <= max(series["p95_ms"])
    assert [curve[-1] for curve in island["curves"][0]] == [max(c) for c in island["curves"][0]]
    ttft = island["metrics"][0]
    assert (ttft["name"], ttft["unit"]) == ("ttft", "ms")
    assert all(a <= b <= c for a, b, c in zip(ttft["p50"], ttft["p95"], ttft["p99"], strict=True))


def test_simulated_numbers_say_so(long_page: str) -> None:
    words = Page(long_page).words
    assert "(simulated)" in words
    assert "simulated Drawn at random, nothing was measured and no server was asked." in words
    assert "of simulated numbers" in words


def test_everything_that_a_run_holds_is_told(run: Run) -> None:
    page = Page(html_report.render_page(changed(run, marks=[Mark(12.0, "note", "<i>deploy</i>")])))
    words = page.words
    for text in (
        "/검색 🔎",
        "503 Service\\ndegraded \\x1b[31m",
        "시간 초과",
        "KeyError: 'choices'",
        "violations",
        "4 requests unfinished: killed in flight",
        "1 830 recorded, 4 unfinished, 0 lost",
        "✗ fail p95 < 150ms",
        "Measured by loadtui",
        "all stages were run",
    ):
        assert text in words
    assert page.islands[0]["marks"][0]["text"] == "<i>deploy</i>"
    assert [metric["name"] for metric in page.islands[0]["metrics"]] == [
        "timeouts",
        "ttft",
        "violations",
    ]


def test_numbers_of_an_invalid_run_are_not_judged(run: Run) -> None:
    reasons = ["samples were lost between workers and host (3 requests missing)"]
    invalid = changed(run, validity=Validity(False, reasons), verdict="invalid", exit_code=3)
    words = Page(html_report.render_page(invalid)).words
    assert "✗ Invalid" in words
    assert reasons[0] in words
    assert "– not judged" in words
    assert "✓ pass" not in words


def test_an_interrupted_run_says_so(run: Run) -> None:
    words = Page(
        html_report.render_page(changed(run, state="interrupted", ended_because="by ctrl+c"))
    ).words
    assert "Interrupted The run did not come to its end." in words


def test_imported_numbers_name_their_source(run: Run) -> None:
    source = Provenance("imported", source="stats <b>.csv", resolution_ms=10.0)
    words = Page(html_report.render_page(changed(run, provenance=source))).words
    assert "imported Measured by another program, whose own health is not known." in words
    assert "Source: stats <b>.csv." in words
    assert "rounded to: 10 ms" in words


def test_figures_without_samples_are_told_and_not_drawn(run: Run) -> None:
    import_ = Imported(
        format="Locust CSV",
        files=[ImportedFile("stats.csv", 512, "f" * 64)],
        at="2026-11-23T10:15:02Z",
        absent=["users", "latencies of single requests"],
        left_out=[f"key {at}" for at in range(20)],
        remarks=["a sample, says the file"],
    )
    page = Page(
        html_report.render_page(changed(run, imported=import_, provenance=Provenance("imported")))
    )
    assert "does not say: users, latencies of single requests" in page.words
    assert "key 11, 8 more" in page.words
    assert "a sample, says the file" in page.words
    assert "imported 23 Nov 2026, 10:15 UTC" in page.words
    assert page.islands[0]["timeline"] is None
    assert {stage["users"] for stage in page.islands[0]["stages"]} == {None}


def test_a_run_without_requests_has_a_page(tmp_path: Path) -> None:
    page = Page(html_report.render_page(keep_run(tmp_path / "none", {}, stages=(("L1", 20),))))
    assert page.islands[0]["series"] == []
    assert "No request finished, so there is nothing to draw." in page.words


def test_a_run_that_failed_before_it_began_has_a_page(tmp_path: Path) -> None:
    from tests.support.run_writer import RunWriter

    writer = RunWriter(tmp_path / "failed")
    manifest = writer.manifest("failed", ended_because="the locustfile cannot be read")
    (writer.folder / "journal.bin").unlink(missing_ok=True)
    page = Page(html_report.render_page(Run(writer.folder, manifest)))
    assert "Failed the locustfile cannot be read" in page.words


def test_thousands_of_endpoints_show_the_busiest(tmp_path: Path) -> None:
    traffic = {
        f"GET /number/{at}": Traffic(count=2 if at == 700 else 1) for at in range(ENDPOINT_ROWS + 9)
    }
    text = html_report.render_page(keep_run(tmp_path / "many", traffic, stages=(("L1", 3),)))
    page = Page(text)
    rows = [attrs for tag, attrs in page.tags if tag == "tr" and "data-scope" in attrs]
    assert len(rows) == ENDPOINT_ROWS + 1  # and all requests together
    assert page.islands[0]["endpoints"][0] == "GET /number/700"
    assert "9 less busy endpoints are not in this page" in page.words
    assert len(text.encode()) < MOST


def test_a_comparison_has_its_verdict_and_its_base_beside_the_run(tmp_path: Path) -> None:
    base = keep_run(tmp_path / "base", {"GET /a": Traffic(ms=100), "GET /b": Traffic()}, seed=1)
    run = keep_run(tmp_path / "run", {"GET /a": Traffic(ms=300), "GET /b": Traffic()}, seed=2)
    comparison = compare_sides(side_of_runs([base]), side_of_runs([run]), plan())
    subject = ComparisonSubject(comparison=comparison, exit_code=1, runs=[run], base=base)
    page = Page(html_report.html_of_comparison(subject).decode())
    assert "✗ Regressed against base exit code 1" in page.words
    island = page.islands[0]
    assert len(island["base"]) == len(island["series"]) == 3
    worst = island["intervals"][0]
    assert (worst["word"], worst["status"]) == ("regressed", "fail")
    assert worst["low"] < worst["change"] < worst["high"]
    page = Page(
        html_report.html_of_runs(
            [RunSubject(run, read_run_contents(run), comparison, None)]
        ).decode()
    )
    assert "The base is not drawn" in page.words
    assert page.islands[0]["base"] == []


def test_several_runs_share_a_page(run: Run, tmp_path: Path) -> None:
    other = keep_run(tmp_path / "other", {"GET /a": Traffic()})
    subjects = [RunSubject(each, read_run_contents(each)) for each in (run, other)]
    page = Page(html_report.html_of_runs(subjects).decode())
    assert len(page.islands) == 2
    assert sum(tag == "article" for tag, _ in page.tags) == 2


def test_a_package_without_its_charts_says_how_to_get_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_report, "_SCRIPTS", ("not-there.js",))
    with pytest.raises(UsageError, match=r"not-there\.js is missing from it; install it again"):
        html_report.render_page(run)


@pytest.mark.parametrize(
    ("seconds", "points", "step"), [(1, 600, 1), (900, 600, 2), (900, 200, 5), (10**7, 600, 18_000)]
)
def test_steps_are_round(seconds: float, points: int, step: int) -> None:
    assert step_for(seconds, points) == step


def test_the_page_has_the_colours_of_the_terminal() -> None:
    style = html_report._file("page.css")
    pairs = {
        name.removeprefix("curve-"): (LIGHT.variables[name], DARK.variables[name])
        for name in DARK.variables
    }
    names = ("primary", "secondary", "accent", "foreground", "background", "surface", "panel")
    pairs |= {name: (getattr(LIGHT, name), getattr(DARK, name)) for name in names}
    pairs |= {
        own: (getattr(LIGHT, name), getattr(DARK, name))
        for own, name in (("good", "success"), ("warn", "warning"), ("bad", "error"))
    }
    for name, (light, dark) in pairs.items():
        assert f"--{name}: light-dark({light}, {dark});" in style
