"""When runs were saved here: a run that was made elsewhere arrives later than it began.

It stands in a file of its own beside the manifest, which is carried from place to place as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from loadtui.store.stored_run import Run
from loadtui.store.timestamps import parse_timestamp

ARRIVED = "arrived"
"""Name of the file: a time in RFC 3339, UTC."""


def mark_arrival(folder: Path) -> None:
    """Say that a run was saved now that was not made here: imported or simulated; OSError."""
    (folder / ARRIVED).write_text(f"{datetime.now(UTC).isoformat()}\n", encoding="utf-8")


def saved_at(run: Run) -> float:
    """When a run was saved, in seconds since 1970; of one that is running when it began, and 0
    when that is not known."""
    manifest = run.manifest
    try:
        told = (run.folder / ARRIVED).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        told = manifest.imported.at if manifest.imported is not None else ""
    if (arrived := parse_timestamp(told)) is not None:
        return arrived.timestamp()
    began = parse_timestamp(manifest.started)
    if began is None:
        return 0.0
    made_here = manifest.provenance.kind == "measured"
    return began.timestamp() + (manifest.duration_s if made_here else 0.0)
