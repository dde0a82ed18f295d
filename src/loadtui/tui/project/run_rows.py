"""The saved runs of a project: listing, promoting, exporting and removing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from loadtui.errors import UsageError
from loadtui.plurals import counted
from loadtui.report.formats import FILE_ENDINGS
from loadtui.store.timestamps import parse_timestamp

if TYPE_CHECKING:
    from loadtui.store.stored_run import Run

LOCUST_CSV = ".csv"
"""The files that Locust's own CSV writer makes, their names beginning with the one given."""
EXPORT_FORMATS = (*FILE_ENDINGS, LOCUST_CSV)
"""Ends of file names that a run can be exported to; what writes them is imported when used."""


@dataclass(frozen=True)
class RunRow:
    folder: Path
    run: str
    plan: str
    state: str
    provenance: str
    verdict: str
    started: str
    """RFC 3339, UTC; of an import whose source does not say when it was imported."""
    duration_s: float | None
    """Of one that is running: so far; None: not known."""
    requests: int | None
    active: bool = False
    problem: str = ""
    """Why it cannot be opened, a sentence."""
    baseline: str = ""
    """Name of the baseline it is part of."""
    note: str = ""
    tags: tuple[str, ...] = ()
    invalid: bool = False
    started_known: bool = True

    @property
    def began(self) -> str:
        """When it started; empty when that is not known."""
        return self.started if self.started_known else ""

    def holds(self, words: str) -> bool:
        """Whether all words stand somewhere in what is shown of it; case does not matter."""
        text = " ".join(
            (self.run, self.plan, self.state, self.provenance, self.verdict, self.note, *self.tags)
        )
        return all(word in text.casefold() for word in words.casefold().split())


@dataclass(frozen=True)
class PromotionChoices:
    """What a person said about making a run part of a baseline."""

    name: str
    replace: bool = False
    force: bool = False


class RunCatalog(Protocol):
    def runs(self) -> list[RunRow]:
        """Saved and running runs, newest first; UsageError when they cannot be listed."""

    def promote(self, folder: Path, how: PromotionChoices) -> str:
        """What came of it in a sentence; UsageError with the reason for a run that is refused."""

    def export_formats(self) -> tuple[str, ...]:
        """Ends of file names that a run can be exported to; reads nothing."""

    def export(self, folder: Path, to: Path) -> str:
        """Write a run to a file, its format by the end of its name; UsageError when that fails."""

    def remove(self, folder: Path) -> None:
        """UsageError for a run that is running, and when it cannot be removed."""


class ProjectRunCatalog:
    """The runs of a project's folder."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def runs(self) -> list[RunRow]:
        from loadtui.store.run_folder import runs_root
        from loadtui.store.run_list import list_runs
        from loadtui.store.stored_run import Run

        promoted = self._promoted()
        return [
            _row(run, promoted.get(run.id, ""))
            if isinstance(run, Run)
            else RunRow(run.folder, run.id, "", "broken", "", "", "", 0.0, 0, problem=run.error)
            for run in list_runs(runs_root(self._project))
        ]

    def promote(self, folder: Path, how: PromotionChoices) -> str:
        from loadtui.store.run_folder import baselines_root
        from loadtui.store.stored_run import Run
        from loadtui.verdict.promotion import promote

        promotion = promote(
            Run.open(folder),
            baselines_root(self._project),
            name=how.name.strip() or None,
            replace=how.replace,
            force=how.force,
        )
        dropped = f"; dropped {', '.join(promotion.dropped)}" if promotion.dropped else ""
        instead = ", ".join(promotion.instead)
        if instead:
            dropped += f"; in place of {instead}, made of the same files"
        runs = counted(len(promotion.baseline.runs), "run")
        return f"{self._near(promotion.path)} holds {runs}{dropped}"

    def export_formats(self) -> tuple[str, ...]:
        return EXPORT_FORMATS

    def export(self, folder: Path, to: Path) -> str:
        from loadtui.report.account.subject import run_subject
        from loadtui.report.formats import format_for
        from loadtui.store.output_file import write_output
        from loadtui.store.stored_run import Run

        path = self._project / to.expanduser()
        if path.suffix.lower() == LOCUST_CSV:
            from loadtui.report.locust_csv.locust_csv_writer import write_locust_csv

            files = write_locust_csv(Run.open(folder), str(path.with_suffix("")))
            return f"written: {', '.join(str(file) for file in files)}"
        report_format = format_for(path)
        data = report_format.of_runs([run_subject(Run.open(folder), self._project)], False)
        try:
            write_output(path, data)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
        return f"written: {path}"

    def remove(self, folder: Path) -> None:
        from loadtui.store.removal import remove_run
        from loadtui.store.run_folder import runs_root

        remove_run(runs_root(self._project), folder)

    def _promoted(self) -> dict[str, str]:
        """Run id -> name of the baseline it is part of; baselines that are broken have none."""
        from loadtui.store.baseline import Baseline
        from loadtui.store.baseline_file import list_baselines
        from loadtui.store.run_folder import baselines_root

        try:
            listed = list_baselines(baselines_root(self._project))
        except UsageError:
            return {}
        return {
            run.run: baseline.name
            for baseline in listed
            if isinstance(baseline, Baseline)
            for run in baseline.runs
        }

    def _near(self, path: Path) -> Path:
        return path.relative_to(self._project) if path.is_relative_to(self._project) else path


def _since(started: str) -> float:
    """Seconds since a time in RFC 3339; 0 for what is none."""
    then = parse_timestamp(started)
    return 0.0 if then is None else max(0.0, (datetime.now(UTC) - then).total_seconds())


def _row(run: Run, baseline: str) -> RunRow:
    manifest = run.manifest
    return RunRow(
        folder=run.folder,
        run=run.id,
        plan=manifest.plan.name,
        state=manifest.state,
        provenance=manifest.provenance.kind,
        verdict=manifest.verdict,
        started=manifest.started,
        duration_s=_since(manifest.started) if run.active else manifest.length_s,
        requests=manifest.totals.requests,
        active=run.active,
        baseline=baseline,
        note=manifest.note,
        tags=tuple(manifest.tags),
        invalid=not manifest.validity.valid,
        started_known=manifest.began is not None,
    )
