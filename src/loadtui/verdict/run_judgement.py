"""The judgement of a whole run: validity, thresholds, exit code and verdict in one step.

The host calls it when a run's files are written; a reader calls it for a run whose host was killed
before it could judge.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.samples.tallies import Tallies
from loadtui.store.journal import WorkerSecond
from loadtui.store.manifest import Manifest
from loadtui.verdict.exit_codes import exit_code_for, outcome_word
from loadtui.verdict.thresholds import judge_thresholds
from loadtui.verdict.validity import bad_seconds, validity


def judge_manifest(
    manifest: Manifest,
    tallies: Tallies,
    seconds: Sequence[tuple[int, Sequence[WorkerSecond]]],
    extra_reasons: Sequence[str] = (),
) -> Manifest:
    """The manifest with validity, thresholds, exit code and verdict filled in.

    `seconds` is the timeline as validity.worker_seconds gives it; `extra_reasons` are further
    reasons, in words, why the run is invalid.
    """
    p50_us = tallies.merged().percentile_us(0.50)
    requests = manifest.totals.requests  # None: an import whose source does not say.
    counted, kind = bad_seconds(seconds, manifest.stages, None if p50_us is None else p50_us / 1000)
    valid = validity(
        counted,
        kind=kind,
        lost_deltas=sum(worker.lost_deltas for worker in manifest.workers),
        lost_requests=sum(worker.lost_requests for worker in manifest.workers),
        lost_workers=[worker.lost for worker in manifest.workers if worker.lost],
        started=1 if requests is None else requests + manifest.totals.unfinished,
    )
    reasons = [*valid.reasons, *extra_reasons]
    if manifest.state == "failed":
        reasons.append(f"the run broke off: {manifest.ended_because or 'for an unknown reason'}")
    thresholds = judge_thresholds(
        manifest.plan,
        manifest.stages,
        manifest.endpoints,
        tallies,
        final=True,
        unfinished=manifest.totals.unfinished,
    )
    code = exit_code_for(
        state=manifest.state,
        valid=not reasons,
        thresholds=thresholds,
        exceptions=manifest.totals.exceptions,
        allow_exceptions=manifest.plan.allow_exceptions,
        process_exit_code=manifest.process_exit_code,
    )
    return msgspec.structs.replace(
        manifest,
        validity=msgspec.structs.replace(valid, valid=not reasons, reasons=reasons),
        thresholds=thresholds,
        exit_code=code,
        verdict=outcome_word(code),
    )
