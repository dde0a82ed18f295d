"""How much runs of one build differ on this box: measured by `calibrate`, kept for verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.store.checked_json import decode_checked, with_checksum
from loadtui.store.manifest import Manifest
from loadtui.store.run_files import write_bytes
from loadtui.store.run_folder import HOME, make_folders, slug

CALIBRATION_FORMAT = 1
"""Grows when the file changes its meaning; newer ones are refused by name."""
LARGEST = 64_000_000
"""Bytes."""


class Deviation(msgspec.Struct, frozen=True):
    """Run-to-run standard deviation of a metric: in log points, of rates as a share of the rate."""

    stage: str
    endpoint: str
    metric: str
    tau: float
    df: float
    """Degrees of freedom: one less than the runs it was seen in."""
    runs: int


class Calibration(msgspec.Struct, frozen=True):
    format: int
    plan: str
    fingerprint: str
    date: str
    """RFC 3339, UTC."""
    machine: dict[str, Any]
    runs: list[str]
    """Ids of the runs it was computed from."""
    deviations: list[Deviation]

    def fits(self, manifest: Manifest) -> bool:
        """Whether it says something about a run: one that was measured, of the same load, on the
        same machine."""
        return (
            manifest.provenance.kind == "measured"
            and manifest.fingerprint == self.fingerprint
            and manifest.machine.get("host") == self.machine.get("host")
        )


def calibration_path(project: Path, plan: str) -> Path:
    """Where the calibration of a plan, given by its name, is kept in a project."""
    return project / HOME / "calibration" / f"{slug(plan)}.json"


def save_calibration(project: Path, calibration: Calibration) -> Path:
    """Keep a calibration in place of the plan's last one; UsageError when it cannot be written."""
    path = calibration_path(project, calibration.plan)
    data = msgspec.json.format(msgspec.json.encode(with_checksum(calibration)), indent=2)
    try:
        make_folders(path.parent)
        write_bytes(path, data + b"\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return path


class _Head(msgspec.Struct):
    format: int


def load_calibration(project: Path, plan: str) -> Calibration | None:
    """The calibration of a plan, None when there is none; UsageError for a file that cannot be
    read, is damaged, or was written by a newer loadtui."""
    path = calibration_path(project, plan)
    try:
        data = read_plain(path, LARGEST)
        written = msgspec.json.decode(data, type=_Head).format
        if written > CALIBRATION_FORMAT:
            raise UsageError(
                f"{path} has format {written}, written by a newer loadtui; upgrade loadtui, or "
                "remove the file to do without it"
            )
        calibration = decode_checked(data, Calibration)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is damaged: {error}; calibrate again, or remove the file to do without it"
        ) from error
    wrong = next(
        (
            deviation
            for deviation in calibration.deviations
            if not (deviation.tau > 0 and deviation.df > 0)
        ),
        None,
    )
    if wrong is not None or calibration.plan != plan:
        what = (
            f"{wrong.metric} deviates by {wrong.tau}"
            if wrong
            else f"it is of plan {calibration.plan}"
        )
        raise UsageError(f"{path} makes no sense: {what}; calibrate again, or remove the file")
    return calibration
