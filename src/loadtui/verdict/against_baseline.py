"""The last step of judging a run: how it stands against a baseline.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import UsageError
from loadtui.store.comparison import Comparison, as_stored
from loadtui.store.manifest import Manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.compare_sides import compare_sides, priors_for
from loadtui.verdict.exit_codes import comparison_exit_code, outcome_word
from loadtui.verdict.sides import both_sides


def compare_with_baseline(
    run: Run,
    baseline: Path,
    *,
    others: Sequence[Path],
    project: Path,
    strict: bool,
    required: bool = False,
) -> Manifest:
    """The manifest of a judged run with its comparison, and the exit code and verdict it makes.

    `others` are the folders of runs that are judged together with this one; `project` is where a
    calibration is looked for; with `required` what cannot be compared does not pass.  A run that is
    invalid or did not run to its end is not compared.  A comparison that cannot be made fails
    nothing that was measured: the manifest says why, and the run does not pass.
    """
    manifest = msgspec.structs.replace(
        run.manifest, baseline_required=required, baseline_file=str(baseline)
    )
    if not manifest.validity.valid or manifest.state != "finished":
        return manifest
    try:
        sides = both_sides(baseline, [*(Run.open(folder) for folder in others), run])
        comparison = compare_sides(*sides, manifest.plan, priors=priors_for(project, manifest))
    except UsageError as error:
        return _ended(manifest, error.exit_code, comparison_error=str(error))
    return with_comparison(manifest, comparison, strict=strict, required=required)


def with_comparison(
    manifest: Manifest, comparison: Comparison, *, strict: bool, required: bool = False
) -> Manifest:
    """The manifest of a judged run with what its comparison adds; a failed run stays failed."""
    code = comparison_exit_code(comparison, strict=strict, required=required)
    return _ended(manifest, code, comparison=as_stored(comparison))


def _ended(manifest: Manifest, code: int, **fields: Any) -> Manifest:
    """With what the comparison adds; its exit code counts where the run by itself passes."""
    if not manifest.exit_code:
        fields |= {"exit_code": code, "verdict": outcome_word(code)}
    return msgspec.structs.replace(manifest, **fields)
