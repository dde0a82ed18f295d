"""Baselines on disk: reading, writing, listing and removing them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.store.baseline import BASELINE_FORMAT, MAX_BASELINE_RUNS, Baseline, BaselineFigure
from loadtui.store.baseline_distribution import BaselineDistribution
from loadtui.store.checked_json import decode_checked, with_checksum
from loadtui.store.run_files import write_bytes

LARGEST = 256_000_000
"""Bytes; one of ten runs of thousands of endpoints has less."""
SUFFIX = ".json"
DRAWING_SUFFIX = ".parquet"
_CONFLICT = re.compile(rb"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_FIGURE = frozenset(BaselineFigure.__struct_fields__)
_DISTRIBUTION = frozenset(BaselineDistribution.__struct_fields__)


class BrokenBaseline(NamedTuple):
    """A file that is none that can be read."""

    path: Path
    error: str
    """One sentence."""


class _Head(msgspec.Struct):
    format: int


def baseline_path(root: Path, name: str) -> Path:
    """Where the baseline of this name lies.  Raises UsageError for a name that is none."""
    if not name.strip() or "/" in name or name.startswith(".") or not name.isprintable():
        raise UsageError(f"{name!r} cannot be the name of a baseline: it names a file in {root}")
    return root / f"{name}{SUFFIX}"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.  Raises UsageError, with the way out, for a file that is missing, cut off,
    of a newer format, in conflict, renamed, or that holds what cannot be."""
    try:
        data = read_plain(path, LARGEST, follow=True)
    except FileNotFoundError:
        raise UsageError(
            f"there is no baseline {path.stem!r}: {path} does not exist; make it with "
            f"`loadtui baseline promote RUN`"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    baseline = _decoded(path, data)
    if baseline.name != path.stem:
        raise UsageError(
            f"{path} is the baseline {baseline.name!r} by its own account: give the file its name "
            f"back, or promote its runs with --name {path.stem}"
        )
    try:
        _check(baseline)
    except ValueError as error:
        raise _damaged(path, error) from error
    return baseline


def write_baseline(root: Path, baseline: Baseline) -> Path:
    """Write a baseline atomically, in an order that makes a readable diff; returns its path.

    Raises UsageError when it cannot be written.
    """
    path = baseline_path(root, baseline.name)
    text = _rendered(with_checksum(baseline), "")
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_bytes(path, f"{text}\n".encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return path


def list_baselines(root: Path) -> list[Baseline | BrokenBaseline]:
    """Every baseline in a folder by name; a folder that does not exist holds none."""
    baselines: list[Baseline | BrokenBaseline] = []
    try:
        paths = sorted(p for p in root.glob(f"*{SUFFIX}") if not p.name.startswith("."))
    except OSError as error:
        raise UsageError(f"the folder {root} cannot be read: {error.strerror}") from error
    for path in paths:
        try:
            baselines.append(read_baseline(path))
        except UsageError as error:
            baselines.append(BrokenBaseline(path, str(error)))
    return baselines


def promoted_runs(root: Path, plan: str) -> set[str]:
    """Ids of the runs in the baseline of a plan; none where it is missing or cannot be read."""
    try:
        return {run.run for run in read_baseline(baseline_path(root, plan)).runs}
    except UsageError:
        return set()


def remove_baseline(root: Path, name: str) -> None:
    """Remove a baseline, whatever is in it, and its drawing.  Raises UsageError."""
    path = baseline_path(root, name)
    try:
        path.unlink()
        path.with_name(f"{name}{DRAWING_SUFFIX}").unlink(missing_ok=True)
    except FileNotFoundError:
        names = _enumerated(p.stem for p in sorted(root.glob(f"*{SUFFIX}")))
        raise UsageError(f"there is no baseline {name!r} in {root}{names}") from None
    except OSError as error:
        raise UsageError(f"cannot remove {path}: {error.strerror}") from error


def _decoded(path: Path, data: bytes) -> Baseline:
    if _CONFLICT.search(data):
        raise UsageError(
            f"{path} holds the markers of a merge conflict: take one side of it, "
            f"`git checkout --ours {path}` or `--theirs`"
        )
    try:
        written = msgspec.json.decode(data, type=_Head).format
        if written > BASELINE_FORMAT:
            raise UsageError(
                f"{path} has format {written}, written by a newer loadtui; this one reads up to "
                f"format {BASELINE_FORMAT}, so upgrade loadtui to use it"
            )
        return decode_checked(data, Baseline)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _damaged(path, error) from error


def _check(baseline: Baseline) -> None:
    """ValueError for what the types alone do not tell."""
    if baseline.format != BASELINE_FORMAT:
        raise ValueError(f"there is no format {baseline.format}")
    if baseline.provenance == "simulated":
        raise ValueError("simulated numbers are no baseline")
    if not 1 <= len(baseline.runs) <= MAX_BASELINE_RUNS:
        raise ValueError(f"it holds {len(baseline.runs)} runs, expected 1 to {MAX_BASELINE_RUNS}")
    ids = [run.run for run in baseline.runs]
    for run in baseline.runs:
        if ids.count(run.run) > 1:
            raise ValueError(f"run {run.run} is in it twice")
        names = [stage.name for stage in run.stages]
        for stage in run.stages:
            if names.count(stage.name) > 1:
                raise ValueError(f"stage {stage.name} is in run {run.run} twice")
            if stage.seconds < 0 or stage.lead < 0:
                raise ValueError(f"stage {stage.name} of run {run.run} has a length below 0")
    for run_estimates in baseline.estimates():
        for key, estimate in run_estimates.items():
            if not (math.isfinite(estimate.y) and math.isfinite(estimate.sigma)):
                raise ValueError(f"{key.metric} of {key.endpoint} is no finite number")


def _damaged(path: Path, error: Exception) -> UsageError:
    reason = " ".join(str(error).split())[:200]
    return UsageError(
        f"{path} is damaged ({reason}); restore it with `git checkout {path}` or promote its "
        f"runs anew with --replace"
    )


def _rendered(value: Any, indent: str) -> str:
    """JSON with an object a line where it is a figure or a distribution, so that a diff shows which
    ones moved."""
    deeper = indent + "  "
    if isinstance(value, dict) and set(value) == _DISTRIBUTION:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    if isinstance(value, dict) and value and set(value) != _FIGURE:
        parts = [
            f"{deeper}{_plain(str(key))}: {_rendered(inner, deeper)}"
            for key, inner in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        inner = ",\n".join(deeper + _rendered(item, deeper) for item in value)
        return f"[\n{inner}\n{indent}]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _enumerated(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"; there are {listed}" if listed else ", which holds none"
