"""Everything that is written of runs, but for the screens: view -> its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.issues.issue_draft import draft_issue
from loadtui.report.account.subject import ComparisonSubject, run_subject, run_subject_against
from loadtui.report.formats import REPORT_FORMATS
from loadtui.report.json.baselines_document import baselines_document
from loadtui.report.json.history_document import history_document
from loadtui.report.json.json_bytes import to_json
from loadtui.report.json.run_document import run_document
from loadtui.report.json.runs_document import runs_document
from loadtui.report.json.status_document import status_document
from loadtui.report.locust_csv.locust_csv_writer import locust_csv
from loadtui.report.markdown.status_markdown import status_markdown
from loadtui.report.text.baselines_text import baseline_text, baselines_text
from loadtui.report.text.history_text import history_text
from loadtui.report.text.import_text import import_text
from loadtui.report.text.run_list_text import runs_text
from loadtui.report.text.run_text import run_text
from loadtui.report.text.status_text import status_text
from loadtui.store.baseline import Baseline
from loadtui.store.baseline_file import list_baselines
from loadtui.store.plan_status import project_status
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run
from loadtui.tui.project.replay_moments import ReplayMoments
from loadtui.tui.watched.copy_texts import copy_texts
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.exit_codes import comparison_exit_code
from loadtui.verdict.plan_history import plan_history_beside
from loadtui.verdict.promotion import promote
from loadtui.verdict.sides import both_sides

WIDTHS = (80, 140)
Views = dict[str, str]


def run_views(run: Run, project: Path) -> Views:
    """What is written of one run by itself."""
    subject = run_subject(run, project)
    views = {known.name: known.of_runs([subject], False).decode() for known in REPORT_FORMATS}
    for width in WIDTHS:
        if run.manifest.imported is not None:
            views[f"import, {width} wide"] = import_text(run, width, False)
        views[f"runs show, {width} wide"] = run_text(run, width, False)
        views[f"runs list, {width} wide"] = runs_text([run], width, False)
    views["runs show --json"] = to_json(run_document(run)).decode()
    views["runs list --json"] = to_json(runs_document([run])).decode()
    replay = ReplayMoments(run, project)
    for second in {0, replay.length}:
        texts = copy_texts(replay.moment(second).snapshot)
        views[f"copied at {second}"] = "\n".join(text for _, text in texts)
    return (
        views | _if_not_refused(lambda: _csv(run)) | _if_not_refused(lambda: _issue(run, project))
    )


def project_views(run: Run, project: Path) -> Views:
    """What is written of a project that a run is of: its history and the state of its plans."""
    history = plan_history_beside(run, baselines_root(project))
    plans = project_status(project)
    views = {
        "history --json": to_json(history_document(history)).decode(),
        "status --json": to_json(status_document(plans)).decode(),
        "status, Markdown": status_markdown(plans),
    }
    for width in WIDTHS:
        views[f"history, {width} wide"] = history_text(history, width, False, everything=True)
        views[f"status, {width} wide"] = status_text(plans, width, False) if plans else ""
    return views


def comparison_views(base: Path | Run, run: Run, project: Path) -> Views:
    """What is written of a comparison with a baseline's file or another run."""
    comparison = compare_sides(*both_sides(base, [run]), run.manifest.plan)
    subject = ComparisonSubject(
        comparison, comparison_exit_code(comparison, strict=False), [run], base, True
    )
    against = run_subject_against(run, base, project)
    views = {}
    for known in REPORT_FORMATS:
        views[f"compare, {known.name}"] = known.of_comparison(subject).decode()
        views[f"{known.name} against it"] = known.of_runs([against], False).decode()
    return views


def baseline_views(base: Run, run: Run, project: Path) -> Views:
    """Of the baseline that a run makes, where it may be one, and of another compared with it."""
    try:
        path = promote(base, baselines_root(project), force=True).path
    except UsageError:
        return {}
    baselines = [one for one in list_baselines(path.parent) if isinstance(one, Baseline)]
    views = {"baseline list --json": to_json(baselines_document(baselines)).decode()}
    for width in WIDTHS:
        views[f"baseline list, {width} wide"] = baselines_text(baselines, width, False)
        for one in baselines:
            views[f"baseline show, {width} wide"] = baseline_text(one, width, False)
    compared = comparison_views(path, run, project).items()
    return views | {f"baseline, {name}": text for name, text in compared}


def all_views(base: Run, run: Run, project: Path) -> Iterator[tuple[str, str]]:
    """All of a run, `base` being another of the same project and plan."""
    yield from run_views(run, project).items()
    yield from project_views(run, project).items()
    yield from comparison_views(base, run, project).items()
    yield from baseline_views(base, run, project).items()


def _csv(run: Run) -> Views:
    return {f"csv {end}": content.decode() for end, content in locust_csv(run).items()}


def _issue(run: Run, project: Path) -> Views:
    return {"issue": draft_issue(run, project, {}).text()}


def _if_not_refused(views: Callable[[], Views]) -> Views:
    """Of figures without samples no CSV is written, and of a run that is all right no issue."""
    try:
        return views()
    except UsageError:
        return {}
