"""When runs were saved here: a run that was made elsewhere arrives later than it began.

It stands in a file of its own beside the manifest, which is carried from place to place as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from loadtui.plain_file import read_plain
from loadtui.store.run_files import write_bytes
from loadtui.store.stored_run import Run
from loadtui.store.timestamps import parse_timestamp

ARRIVED = "arrived"
"""Name of the file: a time in RFC 3339, UTC."""


def mark_arrival(folder: Path) -> None:
    """Say that a run was saved now that was not made here: imported or simulated; OSError."""
    write_bytes(folder / ARRIVED, f"{datetime.now(UTC).isoformat()}\n".encode())


def saved_at(run: Run) -> float:
    """When a run was saved, in seconds since 1970; of one that is running when it began, and 0
    when that is not known."""
    manifest = run.manifest
    try:
        told = read_plain(run.folder / ARRIVED, 100).decode().strip()
    except (OSError, UnicodeDecodeError):
        told = manifest.imported.at if manifest.imported is not None else ""
    if (arrived := parse_timestamp(told)) is not None:
        return arrived.timestamp()
    began = parse_timestamp(manifest.started)
    if began is None:
        return 0.0
    made_here = manifest.provenance.kind == "measured"
    return began.timestamp() + (manifest.duration_s if made_here else 0.0)
