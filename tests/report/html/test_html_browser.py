"""The page of a report in a real browser without a network: it draws, sorts, and answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from loadtui.report.account.subject import ComparisonSubject
from loadtui.report.html.html_report import html_of_comparison
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.sides import side_of_runs
from tests.support.quarter_hour import ENDPOINTS, EVIL, quarter_hour
from tests.support.tools import need_tool


@pytest.fixture
def complaints() -> list[str]:
    """What the browser wrote to its console."""
    return []


@pytest.fixture
def page(complaints: list[str]) -> Iterator[Page]:
    chromium = need_tool("chromium")
    # Root, as in a container, has no sandbox to start it in.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith("file:") or complaints.append(request.url),
        )
        yield page
        browser.close()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    base, run = quarter_hour(tmp_path, seed=1), quarter_hour(tmp_path, seed=2, slower=2.0)
    comparison = compare_sides(side_of_runs([base]), side_of_runs([run]), run.manifest.plan)
    subject = ComparisonSubject(comparison=comparison, exit_code=1, runs=[run], base=base)
    path = tmp_path / "report.html"
    path.write_bytes(html_of_comparison(subject))
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: a folder of the test, or the one that is asked for."""
    folder = Path(os.environ.get("REPORT_SCREENSHOTS", tmp_path / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    print(f"screenshots in {folder}")
    return folder


@pytest.mark.thorough
def test_the_report_in_a_browser(
    page: Page, report: Path, complaints: list[str], pictures: Path
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(report.as_uri())
    drawn = page.locator("figure.chart:not([hidden])")
    assert drawn.locator("svg").count() >= drawn.count() >= 6
    assert EVIL.replace("\x1b", "\\x1b") in page.locator("[data-table=endpoints]").inner_text()
    _sorts_and_filters(page)
    _answers_the_mouse(page)
    _shows_one_endpoint(page)
    _follows_the_theme(page, pictures)
    _fits_a_phone(page, pictures)
    assert complaints == []


def _sorts_and_filters(page: Page) -> None:
    table = page.locator("[data-table=endpoints]")
    rows = table.locator("tbody tr:visible")
    assert rows.count() == ENDPOINTS

    def column() -> list[float]:
        cells = rows.locator("td:nth-child(6)")
        return [float(cell.get_attribute("data-v") or "nan") for cell in cells.all()]

    head = table.get_by_text("p95 ms")
    head.click()
    assert column() == sorted(column(), reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    head.click()
    assert column() == sorted(column())
    page.locator("[data-filter=endpoints]").fill("post busiest")
    assert [row.inner_text().split()[1] for row in rows.all()] == ["/busiest"]
    page.locator("[data-scope=endpoints]").nth(0).select_option("L3")
    assert rows.count() == 1
    page.locator("[data-filter=endpoints]").fill("")
    page.locator("[data-scope=endpoints]").nth(0).select_option("")


def _answers_the_mouse(page: Page) -> None:
    tip, plot = page.locator(".tip"), page.locator("[data-chart=latency] .plot")
    assert tip.is_hidden()
    left, top, width = _at(plot)
    page.mouse.move(left + width / 2, top + 80)
    assert "to 07:" in tip.inner_text()
    assert "· L2" in tip.inner_text()
    for line in ("p50", "p95", "p99", "base p95"):
        assert line in tip.inner_text()

    def ticks() -> list[str]:
        return sorted(plot.locator(".role-axis-label").last.locator("text").all_text_contents())

    before = ticks()
    page.mouse.down()
    page.mouse.move(left + width * 0.6, top + 80, steps=3)
    page.mouse.up()
    assert ticks() != before
    page.mouse.dblclick(left + width / 2, top + 80)
    assert ticks() == before
    legend = page.locator("[data-chart=latency] .legend button").first
    legend.click()
    assert legend.get_attribute("aria-pressed") == "false"
    legend.click()
    left, top, width = _at(page.locator("[data-chart=percentiles] .plot"))
    page.mouse.move(left + width * 0.45, top + 80)
    assert "base L3" in tip.inner_text()
    page.mouse.move(5, 5)
    assert tip.is_hidden()


def _shows_one_endpoint(page: Page) -> None:
    row = page.locator("[data-table=endpoints] tbody tr[data-drawn='1']:visible").first
    row.click()
    assert page.locator("[data-of]").inner_text() == "POST /busiest"


def _follows_the_theme(page: Page, pictures: Path) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert ground() == "rgb(255, 255, 255)"
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.screenshot(path=pictures / "light.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    assert ground() == "rgb(17, 22, 29)"
    page.screenshot(path=pictures / "dark.png", full_page=True)
    page.get_by_role("button", name="Light", exact=True).click()
    assert ground() == "rgb(255, 255, 255)"
    page.get_by_role("button", name="Auto", exact=True).click()
    page.emulate_media(media="print", color_scheme="dark")
    assert ground() == "rgb(255, 255, 255)"
    page.emulate_media(media="screen", color_scheme="light")


def _fits_a_phone(page: Page, pictures: Path) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    page.screenshot(path=pictures / "phone.png", full_page=True)


def _at(plot: Locator) -> tuple[float, float, float]:
    """Left, top and width of a plot that is in view, below the bar that stays on top."""
    plot.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 200)")
    box = plot.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"]
