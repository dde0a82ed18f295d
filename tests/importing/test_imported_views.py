"""No view of an imported run says what its source does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from loadtui.report.json.run_document import run_document
from loadtui.report.json.runs_document import runs_document
from loadtui.tui.project.replay_moments import ReplayMoments
from tests.support.imported_runs import INVENTED, TwoRuns, two_runs, unknown_numbers
from tests.support.imported_sources import imported_sources
from tests.support.imported_views import (
    baseline_views,
    comparison_views,
    project_views,
    run_views,
)
from tests.support.told_numbers import (
    ToldNumber,
    html_data,
    html_text,
    json_numbers,
    json_texts,
)

OF_JSON: dict[str, set[float]] = {
    "size": set(range(2000)), "version": {1}, "time_scale": {1}, "exit_code": {0, 1},
    "start": {0}, "measured_from": {0}, "tests": {0}, "shown": set(range(20)), "runs": {1, 2},
    "worse": {1, -1},
    "warn": {0.25, -0.15, 0.0025}, "fail": {0.5, -0.3, 0.005},
}  # fmt: skip
NAMES_OF_JSON = (
    "folder", "run", "runs", "sha256", "at", "promoted", "name", "fingerprint", "started",
)  # fmt: skip
"""What documents say that is no figure of a run, by its key: versions, default tolerances, how many
rows there are."""
SOURCES = imported_sources()


@pytest.fixture(scope="module", params=SOURCES)
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TwoRuns:
    return two_runs(SOURCES[request.param], tmp_path_factory.mktemp("project"))


def views(runs: TwoRuns) -> Iterator[tuple[str, str]]:
    yield from run_views(runs.run, runs.project).items()
    yield from comparison_views(runs.base, runs.run, runs.project).items()
    yield from baseline_views(runs.base, runs.run, runs.project).items()
    yield from project_views(runs.run, runs.project).items()


def unknown_in_json(runs: TwoRuns, document: Any) -> list[object]:
    """The same of a document, where numbers stand under keys."""
    unknown: list[object] = [
        (key, number)
        for key, number in json_numbers(document)
        if number not in OF_JSON.get(key, ())
        and not ToldNumber(key, (number,), 1e-6 * abs(number), key).is_known(runs.known)
    ]
    for key, text in json_texts(document):
        if key not in NAMES_OF_JSON:
            unknown += unknown_numbers(runs, text)
    return unknown


def test_no_view_tells_a_number_that_is_not_in_the_source(imported: TwoRuns) -> None:
    for view, text in views(imported):
        shown = html_text(text) if "html" in view else text
        if view.startswith("baseline show"):
            shown = re.sub(r" 1$", "", shown, flags=re.MULTILINE)  # How many runs.
        unknown = (
            unknown_in_json(imported, json.loads(text))
            if "json" in view
            else unknown_numbers(imported, shown)
        )
        assert unknown == [], view
        assert not INVENTED.search(shown), (view, INVENTED.search(shown))
        if not view.startswith(("copied", "csv", "history, ", "status, 80")) and text:
            assert "imported" in text.casefold(), view


def test_what_the_source_says_is_told(imported: TwoRuns) -> None:
    views = run_views(imported.run, imported.project)
    for view in ("text", "md", "html", "junit"):
        assert ("up to 47 users" in views[view] or "up to 37 users" in views[view]) == (
            imported.source.users
        ), view
    document = json.loads(views["json"])
    assert (document["users_max"] is not None) == imported.source.users
    assert (document["duration_s"] is not None) == imported.source.length
    assert document["started"] == (imported.source.started or None)


def test_a_page_draws_nothing_that_is_not_known(imported: TwoRuns) -> None:
    (data,) = html_data(run_views(imported.run, imported.project)["html"])
    assert data["timeline"] is None
    assert bool(data["series"]) == imported.source.seconds
    for series in data["series"]:
        assert series["p95_ms"] == [None] * len(series["t"])
    assert not any(curve for curves in data["curves"] for curve in curves)


def test_the_document_has_null_for_what_is_not_known(imported: TwoRuns) -> None:
    document = run_document(imported.run)
    unknown = ("valid", "unfinished", "late", "bad_seconds", "measured_seconds", "exceptions")
    assert {name: document[name] for name in unknown} == dict.fromkeys(unknown)
    (stage,) = document["stages"]
    assert stage["spawn_rate"] is None
    history = json.loads(project_views(imported.run, imported.project)["history --json"])
    assert [run["started"] for run in history["runs"]] == [imported.source.started or None] * 2
    (row,) = runs_document([imported.run])
    assert (row["valid"], row["started"]) == (None, imported.source.started or None)


def test_a_replay_shows_the_figures_and_no_course(imported: TwoRuns) -> None:
    replay = ReplayMoments(imported.run, imported.project)
    most = imported.run.manifest.most_users
    for second in (0, replay.length):
        moment = replay.moment(second)
        snapshot = moment.snapshot
        assert bool(moment.points) == imported.source.seconds
        assert moment.cursor == second, "or the screen would ask for it again and again"
        assert {"generator", "users now"} <= snapshot.unknown
        assert ("users" in snapshot.unknown) == (most is None)
        assert ("seconds" in snapshot.unknown) != imported.source.seconds
        assert snapshot.users == (most or 0)
        assert imported.run.manifest.imported is not None
        given = imported.run.manifest.imported.given
        assert given is not None
        for row, figures in zip(snapshot.endpoints, given.endpoints, strict=True):
            assert row.figures.rps == figures.rps
            assert row.figures.p95_ms == figures.percentiles.get("p95")
            assert row.measured is None or row.measured.rps == figures.rps
