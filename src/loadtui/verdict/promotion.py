"""Making a run part of what counts as normal.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.plan.load_differences import load_differences
from loadtui.plurals import counted
from loadtui.store.baseline import (
    BASELINE_FORMAT,
    MAX_BASELINE_RUNS,
    Baseline,
    BaselineRun,
    baseline_stages,
    custom_metrics,
)
from loadtui.store.baseline_drawing import drawing_file, drawing_of, read_drawing, write_drawing
from loadtui.store.baseline_file import baseline_path, read_baseline, write_baseline
from loadtui.store.manifest import Manifest
from loadtui.store.namesakes import refuse_namesake
from loadtui.store.project_root import project_of_plan
from loadtui.store.same_import import import_keys, same_import
from loadtui.store.stage_spans import unrun_stages
from loadtui.store.stored_run import Run
from loadtui.verdict.sides import ComparedRun, compared_run, judged_manifest


class Promotion(msgspec.Struct, frozen=True):
    """What came of it."""

    path: Path
    baseline: Baseline
    dropped: list[str]
    """Runs that had to go because there were more than MAX_BASELINE_RUNS, the oldest."""
    again: bool = False
    """True: the run was in the baseline before, and took its own place."""
    instead: Sequence[str] = ()
    """Runs made of the same files, whose place it took: the same data must not count twice."""


MOST_FAILED = 0.5
"""Share of failed requests from which on not even --force makes a run a baseline."""


def promote(
    run: Run, root: Path, *, name: str | None = None, replace: bool = False, force: bool = False
) -> Promotion:
    """Add a run to the baseline of this name (default: its plan's) in the folder `root`.

    With `replace` the set is started anew, whatever was in the file.  Raises UsageError with the
    reason for a run that cannot stand for what is normal; of these `force` overrides failed
    thresholds only.
    """
    manifest = judged_manifest(run)
    _refuse_bad(run, manifest, force)
    compared = compared_run(run)
    if not compared.estimates:
        raise UsageError(f"run {run.id} is not promoted: no second of it was measured")
    path = baseline_path(root, name or manifest.plan.name)
    if replace or not path.exists():
        before = _empty(path, manifest)
    else:
        before = read_baseline(path)
        _refuse_unlike(run, compared, manifest, before, path)
        refuse_namesake(manifest.plan, project_of_plan(manifest.plan), before.plan_file)
    others = [earlier for earlier in before.runs if earlier.run != run.id]
    again = len(others) < len(before.runs)
    keys = import_keys(manifest)
    alike = {earlier.run for earlier in others if same_import(keys, earlier.made_of)}
    others = [earlier for earlier in others if earlier.run not in alike]
    runs = [*others, _entry(manifest, compared)]
    newest = runs[-MAX_BASELINE_RUNS:]
    drawing = _drawing(run, path, before, [earlier.run for earlier in newest])
    baseline = msgspec.structs.replace(
        before,
        runs=newest,
        metrics={**before.metrics, **custom_metrics(compared.estimates)},
        plan_file=compared.plan_file or before.plan_file,
        fingerprint_parts=compared.fingerprint_parts or before.fingerprint_parts,
        drawing=hashlib.sha256(drawing).hexdigest(),
    )
    write_baseline(root, baseline)
    try:
        write_drawing(path, drawing)
    except OSError as error:
        raise UsageError(
            f"{path} is written, but not the drawing beside it: {error.strerror}"
        ) from error
    dropped = [earlier.run for earlier in runs[:-MAX_BASELINE_RUNS]]
    return Promotion(path, baseline, dropped, again, sorted(alike))


def _refuse_bad(run: Run, manifest: Manifest, force: bool) -> None:
    why = ""
    if manifest.provenance.kind == "simulated":
        why = "it is simulated, and a baseline holds what was measured"
    elif manifest.state != "finished":
        because = f" ({manifest.ended_because})" if manifest.ended_because else ""
        why = f"it did not run to its end, its state is {manifest.state}{because}"
    elif unrun := unrun_stages(manifest.plan, manifest.stages):
        sentences = "; ".join(stage.sentence for stage in unrun)
        why = f"not all of its stages were run: {sentences}"
    elif not manifest.validity.valid:
        why = f"it is invalid: {'; '.join(manifest.validity.reasons)}"
    elif manifest.steered:
        why = "users were changed by hand in it"
    elif manifest.totals.exceptions and not manifest.plan.allow_exceptions:
        why = f"user code raised {counted(manifest.totals.exceptions, 'exception')} in it"
    elif (share := _share_failed(manifest)) > MOST_FAILED:
        why = f"{share:.1%} of its requests failed, which cannot stand for normal"
    elif manifest.process_exit_code:
        why = f"its locustfile set process_exit_code {manifest.process_exit_code}"
    if why:
        raise UsageError(f"run {run.id} is not promoted: {why}")
    failed = [result.check for result in manifest.thresholds if result.status != "pass"]
    if failed and not force:
        raise UsageError(
            f"run {run.id} is not promoted: it did not meet {', '.join(dict.fromkeys(failed))}; "
            f"--force promotes it all the same"
        )


def _share_failed(manifest: Manifest) -> float:
    """Of the requests; what an imported file gives, and 0 where it does not say."""
    imported, totals = manifest.imported, manifest.totals
    if imported is not None and imported.given is not None:
        table = imported.given
        known = [table.total, *([] if table.total.error_rate is not None else table.endpoints)]
        return max((figures.error_rate or 0.0 for figures in known), default=0.0)
    return (totals.failures or 0) / totals.requests if totals.requests else 0.0


def _refuse_unlike(
    run: Run, compared: ComparedRun, manifest: Manifest, baseline: Baseline, path: Path
) -> None:
    why = ""
    if baseline.plan != manifest.plan.name:
        why = f"{path} is the baseline of plan {baseline.plan}, the run is of {manifest.plan.name}"
    elif baseline.provenance != manifest.provenance.kind:
        why = f"{path} holds {baseline.provenance} runs and this one is {manifest.provenance.kind}"
    elif baseline.fingerprint != manifest.fingerprint:
        parts = ""
        if compared.fingerprint_parts is not None and baseline.fingerprint_parts is not None:
            both = (baseline.fingerprint_parts, compared.fingerprint_parts)
            parts = "; ".join(load_differences(*both, manifest.plan.locustfiles))
        unknown = (
            "locustfile, user classes, stages, time scale or arguments differ "
            f"(fingerprint {manifest.fingerprint}, not {baseline.fingerprint})"
        )
        why = f"it is another load than that of {path}: {parts or unknown}"
    if why:
        raise UsageError(f"run {run.id} is not promoted: {why}; --replace starts the baseline anew")


def _empty(path: Path, manifest: Manifest) -> Baseline:
    return Baseline(
        format=BASELINE_FORMAT,
        name=path.stem,
        plan=manifest.plan.name,
        provenance=manifest.provenance.kind,
        fingerprint=manifest.fingerprint,
        runs=[],
    )


def _entry(manifest: Manifest, compared: ComparedRun) -> BaselineRun:
    facts = compared.stages
    return BaselineRun(
        run=compared.run,
        started=manifest.started,
        promoted=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        stages=baseline_stages(
            list(facts),
            [stage.users for stage in facts.values()],
            [stage.lead for stage in facts.values()],
            [stage.seconds for stage in facts.values()],
            compared.estimates,
        ),
        git=manifest.git,
        target=compared.target,
        machine=compared.machine,
        versions=compared.versions,
        workers=compared.workers,
        made_of=import_keys(manifest),
    )


def _drawing(run: Run, path: Path, before: Baseline, runs: list[str]) -> bytes:
    """The file of the drawings of these runs, as far as they are known."""
    import polars as pl

    known = read_drawing(path, before)
    frames = [] if known is None else [known.filter(pl.col("run").is_in(runs))]
    others = [frame.filter(pl.col("run") != run.id) for frame in frames]
    return drawing_file([*others, drawing_of(run)])
