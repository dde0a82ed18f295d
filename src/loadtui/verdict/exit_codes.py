"""The exit code of a run, a comparison, or several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from loadtui.errors import HIGHEST_EXIT_CODE, ExitCode
from loadtui.plurals import counted
from loadtui.store.comparison import Comparison
from loadtui.store.manifest import Manifest, State, ThresholdResult

OutcomeWord = Literal["pass", "fail", "invalid", "inconclusive", ""]

STAGES_ARE_RUN = "every stage is run"
"""A promise of every plan with stages, which only the locustfile can break."""
WAIVED = "the locustfile set process_exit_code 0"
"""Why a default threshold that failed does not fail the run."""
ON_ERROR_PROMISE = "no request fails and user code raises nothing"
"""What `--exit-code-on-error` asks of a run."""
_GRAVEST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.USAGE,
    ExitCode.INVALID,
    ExitCode.FAIL,
    ExitCode.INCONCLUSIVE,
)
_WORDS: dict[int, OutcomeWord] = {
    ExitCode.PASS: "pass",
    ExitCode.FAIL: "fail",
    ExitCode.INVALID: "invalid",
    ExitCode.INCONCLUSIVE: "inconclusive",
}


def exit_code_for(
    *,
    state: State,
    valid: bool,
    thresholds: Sequence[ThresholdResult],
    exceptions: int,
    allow_exceptions: bool,
    process_exit_code: int | None,
    gave_up: bool = False,
) -> int:
    """Exit code of one run.  130 interrupted; 1 no request got an answer; 3 invalid or broken off,
    so that it cannot be trusted; 1 a threshold failed or had nothing to judge, user code raised, or
    the locustfile set a process exit code other than zero; 0 otherwise."""
    if state == "interrupted":
        return ExitCode.INTERRUPTED
    if gave_up:
        return ExitCode.FAIL
    if not valid or state == "failed":
        return ExitCode.INVALID
    if any(result.status in ("fail", "missing") for result in thresholds):
        return ExitCode.FAIL
    if exceptions and not allow_exceptions:
        return ExitCode.FAIL
    return ExitCode.FAIL if process_exit_code else ExitCode.PASS


class RunOutcome(NamedTuple):
    """How a run ended by itself, without its comparison with a baseline."""

    code: int
    word: OutcomeWord


def run_outcome(manifest: Manifest) -> RunOutcome:
    """Exit code and verdict of a judged run, given its validity and thresholds.

    In place of 0 and 1 a run takes the code that user code set (`process_exit_code`) or ended the
    program with (`sys.exit`), as Locust does, else its own for errors (`--exit-code-on-error`); the
    verdict follows.  What an exit code of 0 clears, `waive_defaults` says.
    """
    code = exit_code_for(
        state=manifest.state,
        valid=manifest.validity.valid,
        thresholds=manifest.thresholds,
        exceptions=manifest.totals.exceptions,
        allow_exceptions=manifest.plan.allow_exceptions,
        process_exit_code=manifest.process_exit_code,
        gave_up=manifest.gave_up,
    )
    if code in (ExitCode.PASS, ExitCode.FAIL):
        asked = (manifest.process_exit_code or 0) & HIGHEST_EXIT_CODE
        if asked:
            return RunOutcome(asked, "fail")
        if not sets_exit_code_0(manifest) and failing_on_error(manifest):
            return RunOutcome(manifest.plan.exit_code_on_error or code, "fail")
    return RunOutcome(code, outcome_word(code))


def sets_exit_code_0(manifest: Manifest) -> bool:
    """Whether the locustfile set 0 in `environment.process_exit_code`, which is on purpose; a
    `sys.exit()` only ends a run."""
    return manifest.process_exit_code == 0 and not manifest.exit_asked


def waive_defaults(manifest: Manifest) -> Manifest:
    """The run with those of the default thresholds waived that failed, where its locustfile set an
    exit code of 0; what the plan wrote, and what had nothing to judge, stays."""
    if not sets_exit_code_0(manifest):
        return manifest
    thresholds = [
        msgspec.structs.replace(result, status="waived", reason=_joined(result.reason, WAIVED))
        if result.default and result.status == "fail" and result.check != STAGES_ARE_RUN
        else result
        for result in manifest.thresholds
    ]
    return msgspec.structs.replace(manifest, thresholds=thresholds)


def _joined(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)


def failing_on_error(manifest: Manifest) -> str:
    """What `--exit-code-on-error` fails a run for, in words; empty where it does not."""
    if not manifest.plan.exit_code_on_error:
        return ""
    failures, exceptions = manifest.totals.failures or 0, manifest.totals.exceptions
    parts = [counted(failures, "failed request")] if failures else []
    parts += [counted(exceptions, "exception")] if exceptions else []
    return " and ".join(parts)


def stored_exit_code(manifest: Manifest) -> int:
    """Exit code of a stored run, its comparison with a baseline included; one whose host was killed
    was never judged, and counts as interrupted or invalid."""
    if manifest.exit_code is not None:
        return manifest.exit_code
    return ExitCode.INTERRUPTED if manifest.state == "interrupted" else ExitCode.INVALID


def comparison_exit_code(comparison: Comparison, *, strict: bool, required: bool = False) -> int:
    """Exit code of a comparison: 1 when it fails, and when it is `required` and the runs or a stage
    of theirs cannot be compared; 4, under `strict`, when anything in it could not be decided or
    compared; 0 otherwise, warnings included."""
    if comparison.verdict == "fail":
        return ExitCode.FAIL
    if required and (comparison.not_compared or comparison.uncompared_stages):
        return ExitCode.FAIL
    if strict and not (comparison.decided and comparison.verdict in ("pass", "regressed")):
        return ExitCode.INCONCLUSIVE
    return ExitCode.PASS


def combined_exit_code(codes: Iterable[int]) -> int:
    """Exit code of several runs in turn: the first present of 130, 2, 3, one that a person chose
    for errors, 1, 4; else 0."""
    present = set(codes)
    chosen = present - {*_GRAVEST_FIRST, ExitCode.PASS}
    order = [*_GRAVEST_FIRST[:3], *sorted(chosen, reverse=True), *_GRAVEST_FIRST[3:]]
    return next((code for code in order if code in present), ExitCode.PASS)


def outcome_word(code: int) -> OutcomeWord:
    """The run's verdict in a word; empty for a run that was interrupted or never judged."""
    return _WORDS.get(code, "")
