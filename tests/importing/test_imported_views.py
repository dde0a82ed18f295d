"""No view of an imported run says what its source does not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.report.account.subject import run_subject
from loadtui.report.formats import REPORT_FORMATS
from loadtui.report.json.run_document import run_document
from loadtui.report.json.runs_document import runs_document
from loadtui.report.text.run_list_text import runs_text
from loadtui.store.stored_run import Run
from loadtui.tui.project.replay_moments import ReplayMoments

SaveRun = Callable[..., Run]
Written = Callable[..., Path]

FIGURES = {"avg_latency_ms": 123, "p95_latency_ms": 317, "rps": 83}
COUNTED = {"total_requests": 5000, "failed_requests": 20}
SOURCES: dict[str, tuple[str, Any]] = {
    "without users": ("m.json", {"gateway": {**FIGURES, **COUNTED}}),
    "with users": ("m.json", {"users": 47, "duration_s": 60, "gateway": {**FIGURES, **COUNTED}}),
    "without counts": ("m.json", {"gateway": FIGURES}),
    "k6": ("k.json", {"metrics": {
        "http_req_duration": {"avg": 10, "min": 1, "med": 9, "max": 50, "p(90)": 20, "p(95)": 25},
        "http_reqs": {"count": 100, "rate": 10},
        "http_req_failed": {"passes": 3, "fails": 97, "value": 0.03},
        "vus_max": {"value": 37, "min": 37, "max": 37}, "vus": {"value": 1, "min": 1, "max": 37},
    }}),
}  # fmt: skip
INVENTED = re.compile(
    r"No request failed|Nothing has failed|✓ VALID|the run is valid|validity \| valid"
    r"|\b0 users|in flight|\bNaN\b|errors +✓ none"
)


@pytest.fixture(params=SOURCES)
def imported(request: pytest.FixtureRequest, saved: SaveRun, written: Written) -> Run:
    name, document = SOURCES[request.param]
    return saved(written(name, json.dumps(document)))


def numbers(value: Any) -> set[float]:
    """All numbers in a document."""
    if isinstance(value, dict):
        return {one for inner in value.values() for one in numbers(inner)}
    if isinstance(value, list):
        return {one for inner in value for one in numbers(inner)}
    return {value} if isinstance(value, (int, float)) and not isinstance(value, bool) else set()


def source_numbers(run: Run) -> set[float]:
    """Those of the source, and shares of them."""
    document = next(doc for name, doc in SOURCES.values()
                    if (run.manifest.plan.name == Path(name).stem) and _same(run, doc))  # fmt: skip
    return numbers(document) | {0.004, 0.03}


def _same(run: Run, document: Any) -> bool:
    assert run.manifest.imported is not None
    return run.manifest.imported.files[0].size == len(json.dumps(document))


def test_reports_claim_nothing_of_their_own(imported: Run, tmp_path: Path) -> None:
    subject = run_subject(imported, tmp_path)
    for known in REPORT_FORMATS:
        if known.name == "locust_csv":
            continue
        text = known.of_runs([subject], False).decode()
        shown = re.sub(r"<(style|script).*?</\1>", "", text, flags=re.DOTALL)
        assert not INVENTED.search(shown), (known.name, INVENTED.search(shown))
        assert "imported" in shown.casefold()
        if known.name != "json":  # Which tells when it was imported; see below.
            assert imported.manifest.started not in shown.replace(_told_import(imported), "")


def _told_import(run: Run) -> str:
    """The time of the import, which is told as such."""
    assert run.manifest.imported is not None
    return f"imported {run.manifest.imported.at}"


def test_the_document_has_null_for_what_is_not_known(imported: Run) -> None:
    document = run_document(imported)
    unknown = ("valid", "started", "unfinished", "late", "bad_seconds", "measured_seconds",
               "exceptions")  # fmt: skip
    assert {name: document[name] for name in unknown} == dict.fromkeys(unknown)
    assert document["errors"] is None
    assert document["users_max"] == imported.manifest.most_users
    (stage,) = document["stages"]
    assert stage["spawn_rate"] is None
    assert numbers([document["totals"], document["endpoints"]]) <= source_numbers(imported)
    assert numbers([document["duration_s"], document["users_max"]]) <= source_numbers(imported)


def test_lists_have_dashes(imported: Run) -> None:
    (row,) = runs_document([imported])
    assert (row["valid"], row["started"]) == (None, None)
    text = runs_text([imported], 140, False)
    assert imported.manifest.started[:10] not in text
    assert "imported" in text


def test_a_replay_shows_the_figures_and_no_course(imported: Run, tmp_path: Path) -> None:
    replay = ReplayMoments(imported, tmp_path)
    for second in (0, replay.length):
        moment = replay.moment(second)
        snapshot = moment.snapshot
        assert moment.points == ()
        assert moment.cursor == second, "or the screen would ask for it again and again"
        assert {"generator", "seconds", "errors", "users now"} <= snapshot.unknown
        assert ("users" in snapshot.unknown) == (imported.manifest.most_users is None)
        assert snapshot.users == (imported.manifest.most_users or 0)
        (endpoint,) = snapshot.endpoints
        assert imported.manifest.imported is not None
        assert imported.manifest.imported.given is not None
        given = imported.manifest.imported.given.endpoints[0]
        assert (endpoint.figures.rps, endpoint.figures.p95_ms) == (
            given.rps, given.percentiles["p95"],
        )  # fmt: skip


def test_the_screen_of_a_replay(imported: Run, tmp_path: Path) -> None:
    from loadtui.tui.app import LoadtuiApp
    from loadtui.tui.workbench import project_access
    from tests.support.workbench_fakes import settled

    def screen(app: LoadtuiApp) -> str:
        strips = app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    async def steps() -> list[str]:
        app = LoadtuiApp(project=project_access(tmp_path), connect=lambda folder: None)  # type: ignore[arg-type,return-value]
        seen = []
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            for key in ("2", "enter", "home", "end"):
                await pilot.press(key)
                await settled(app, pilot)
                seen.append(screen(app))
        return seen

    for text in asyncio.run(asyncio.wait_for(steps(), 60)):
        assert "IMPORTED" in text
        assert not INVENTED.search(text), INVENTED.search(text)
        assert "┤" not in text, "a chart without anything in it"
        assert "0 B" not in text
        if imported.manifest.length_s is None:
            assert not re.search(r"\d\d:\d\d", text)
