"""The judgement of a whole run: validity, thresholds, exit code and verdict in one step.

The host calls it when a run's files are written; a reader calls it for a run whose host was killed
before it could judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from loadtui.plurals import thousands
from loadtui.samples.generator_limits import limited_requests
from loadtui.samples.tallies import Tallies
from loadtui.store.manifest import Manifest, ThresholdResult, WorkerRecord
from loadtui.store.stage_spans import UnrunStage, unrun_stages
from loadtui.verdict.exit_codes import STAGES_ARE_RUN, run_outcome, waive_defaults
from loadtui.verdict.planned_load import unlike_the_plan
from loadtui.verdict.thresholds import threshold_results
from loadtui.verdict.validity import (
    BadSeconds,
    RunSecond,
    ValidityFacts,
    bad_seconds,
    validity,
)


def judge_run(
    manifest: Manifest,
    tallies: Tallies,
    seconds: Sequence[RunSecond],
    errors: Iterable[tuple[str, int]] = (),
) -> Manifest:
    """The manifest with validity, thresholds, exit code and verdict filled in.

    `seconds` is the timeline as validity.run_seconds gives it, `errors` are the failures as
    (message, count).
    """
    p50_us = tallies.merged().percentile_us(0.50)
    requests = manifest.totals.requests  # None: an import whose source does not say.
    counted, kind = bad_seconds(seconds, manifest.stages, None if p50_us is None else p50_us / 1000)
    broken_off = manifest.ended_because or "for an unknown reason"
    valid = validity(
        ValidityFacts(
            # Without an answer there is no latency that could be the generator's.
            BadSeconds() if manifest.gave_up else counted,
            kind,
            load=manifest.generator,
            workers=len(manifest.workers),
            limited=limited_requests(errors),
            lost_deltas=sum(worker.lost_deltas for worker in manifest.workers),
            lost_requests=sum(worker.lost_requests for worker in manifest.workers),
            lost_workers=[worker.lost for worker in manifest.workers if worker.lost],
            unbalanced=[_books(worker) for worker in manifest.workers if worker.unbalanced],
            unlike_the_plan=unlike_the_plan(manifest, seconds),
            started=1 if requests is None else manifest.totals.started or 0,
            not_saved=manifest.not_saved,
            broken_off=broken_off if manifest.state == "failed" else "",
        )
    )
    thresholds = threshold_results(
        manifest.plan,
        manifest.stages,
        manifest.endpoints,
        tallies,
        final=True,
        unfinished=manifest.totals.unfinished,
        cut_short=manifest.ended_by == "locustfile" or manifest.state != "finished",
    )
    if manifest.imported is not None:
        thresholds += manifest.imported.thresholds
    if manifest.ended_by == "locustfile":
        thresholds += _unrun(unrun_stages(manifest.plan, manifest.stages))
    judged = waive_defaults(
        msgspec.structs.replace(manifest, validity=valid, thresholds=thresholds)
    )
    outcome = run_outcome(judged)
    return msgspec.structs.replace(judged, exit_code=outcome.code, verdict=outcome.word)


def _books(worker: WorkerRecord) -> str:
    """What the books of a worker say, whose numbers do not come to what it has started."""
    return (
        f"worker {worker.index} started {thousands(worker.started)} requests, of which "
        f"{thousands(worker.requests)} were saved and {thousands(worker.unfinished)} were "
        "unfinished"
    )


def _unrun(unrun: Sequence[UnrunStage]) -> list[ThresholdResult]:
    """What it means for a run that the locustfile ended before these stages were run."""
    return [
        ThresholdResult(
            STAGES_ARE_RUN,
            stage.name,
            None,
            None,
            "missing" if stage.ran_s is None else "fail",
            default=True,
            reason=stage.sentence,
        )
        for stage in unrun
    ]
