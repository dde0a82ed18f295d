"""What a report is about: a saved run or a comparison, with all that the formats draw on.

Import this module where it is used: a run is read with polars.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.report.account.run_contents import RunContents, read_run_contents
from loadtui.store.comparison import Comparison, as_stored
from loadtui.store.manifest import Manifest
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run


class RunSubject(msgspec.Struct, frozen=True):
    """A saved run and its verdict."""

    run: Run
    contents: RunContents
    """Its manifest is judged; with another baseline asked for, judged against that one."""
    comparison: Comparison | None = None
    """With every row where they could be had again, else with those saved; None: not compared."""
    base: Path | Run | None = None
    """What was compared with, a baseline's file or a run; None where that is no longer there, or
    no longer the same."""

    @property
    def manifest(self) -> Manifest:
        return self.contents.manifest


class ComparisonSubject(msgspec.Struct, frozen=True):
    """Runs judged against a base, as by `loadtui compare`."""

    comparison: Comparison
    exit_code: int
    runs: list[Run]
    """The current ones."""
    base: Path | Run
    """A baseline's file, or a run."""
    everything: bool = False
    """Whether a text lists what did not change as well."""


def run_subject(run: Run, project: Path) -> RunSubject:
    """A run as it was judged at its end; UsageError as `read_run_contents`.

    A run is saved with only the rows of its comparison that changed.  The others are worked out
    again from the baseline, and taken when that leads to the very verdict that was saved.
    """
    contents = read_run_contents(run)
    saved = contents.manifest.comparison
    if saved is None:
        return RunSubject(run, contents)
    path = _baseline_file(contents.manifest, saved.base.name, project)
    complete = None if path is None else _complete(run, contents.manifest, saved, path, project)
    if complete is None:
        return RunSubject(run, contents, saved)
    return RunSubject(run, contents, complete, path)


def uncompared_subject(run: Run) -> RunSubject:
    """A run by itself, whatever it was compared with."""
    from loadtui.verdict.exit_codes import run_outcome

    contents = read_run_contents(run)
    outcome = run_outcome(contents.manifest)
    manifest = msgspec.structs.replace(
        contents.manifest,
        comparison=None,
        comparison_error="",
        not_compared="",
        baseline_required=False,
        exit_code=outcome.code,
        verdict=outcome.word,
    )
    return RunSubject(run, msgspec.structs.replace(contents, manifest=manifest))


def run_subject_against(
    run: Run, base: Path | Run, project: Path, *, strict: bool = False
) -> RunSubject:
    """A run judged against another base than it was: a baseline's file, or a run.

    Raises UsageError when they cannot be compared, with exit code 3 when the run is invalid.
    """
    from loadtui.verdict.against_baseline import with_comparison
    from loadtui.verdict.compare_sides import compare_sides, priors_for
    from loadtui.verdict.sides import both_sides

    alone = uncompared_subject(run)
    comparison = compare_sides(
        *both_sides(base, [run]),
        alone.manifest.plan,
        priors=priors_for(project, alone.manifest),
    )
    manifest = with_comparison(alone.manifest, comparison, strict=strict)
    contents = msgspec.structs.replace(alone.contents, manifest=manifest)
    return RunSubject(run, contents, comparison, base)


def _baseline_file(manifest: Manifest, name: str, project: Path) -> Path | None:
    """Where it was at the run's end, else where the project's baselines are now."""
    from loadtui.store.baseline_file import SUFFIX

    paths = [Path(manifest.baseline_file)] if manifest.baseline_file else []
    paths.append(baselines_root(project) / f"{name}{SUFFIX}")
    return next((path for path in paths if path.is_file()), None)


def _complete(
    run: Run, manifest: Manifest, saved: Comparison, path: Path, project: Path
) -> Comparison | None:
    """The saved comparison with all its rows; None when it cannot be had again.

    Raises UsageError when the run itself is damaged.
    """
    from loadtui.verdict.compare_sides import compare_sides, priors_for
    from loadtui.verdict.sides import both_sides

    for table in (run.samples, run.windows, run.timeline, run.metrics):
        table()
    try:
        others = [
            Run.open(run.folder.parent / name) for name in saved.current.runs if name != run.id
        ]
        base, current = both_sides(path, [*others, run])
        if base.side != saved.base:
            return None
        comparison = compare_sides(
            base, current, manifest.plan, priors=priors_for(project, manifest)
        )
    except UsageError:
        return None
    return comparison if _alike(as_stored(comparison), saved) else None


def _alike(comparison: Comparison, other: Comparison) -> bool:
    """Whether both say the same, whatever the last digits of their numbers."""
    return (
        comparison.current,
        comparison.verdict,
        comparison.counts,
        comparison.failures,
        comparison.not_compared,
        _words(comparison),
    ) == (
        other.current,
        other.verdict,
        other.counts,
        other.failures,
        other.not_compared,
        _words(other),
    )


def _words(comparison: Comparison) -> list[tuple[str, ...]]:
    return [(*row.key, row.word, row.status) for row in comparison.rows]
