"""Where the numbers of a page come from, in the words of its stamp."""

from __future__ import annotations

from typing import Any

from loadtui.report.account import formatting
from loadtui.store.manifest import Imported, Manifest

View = dict[str, Any]

_LEFT_OUT = 12
"""Of what was not taken from a source; a document may have hundreds of such keys."""


def provenance_stamp(manifest: Manifest) -> View:
    """The kind of the numbers, a sentence on it, the source, and details as (title, text)."""
    kept, imported = manifest.provenance, manifest.imported
    details = []
    if kept.resolution:
        details.append(("rounded by up to", formatting.percent(kept.resolution)))
    if kept.resolution_ms:
        details.append(("rounded to", formatting.latency(kept.resolution_ms)))
    return {
        "kind": kept.kind,
        "text": _text(manifest),
        "source": kept.source or "",
        "details": [*details, *([] if imported is None else _told(imported))],
        "remarks": [] if imported is None else imported.remarks,
    }


def generator(manifest: Manifest) -> str:
    """What is said of the load generator when nothing is known of it."""
    if manifest.provenance.kind == "simulated":
        return "No load was generated: the numbers are simulated."
    if manifest.imported is not None:
        return "Another program generated the load; its own health is not known."
    return "Nothing is known of it."


def undrawn(manifest: Manifest) -> str:
    """Why there are no charts over time, when there are none."""
    if manifest.imported is not None and manifest.imported.given is not None:
        return "The source gives figures and no samples, so there is nothing to draw over time."
    return "There is nothing to draw over time."


def _text(manifest: Manifest) -> str:
    if manifest.provenance.kind == "simulated":
        if manifest.imported is not None:
            return "The source says so itself: its numbers were not measured."
        return "Drawn at random. Nothing was measured and no server was asked."
    if manifest.provenance.kind == "imported":
        return "Measured by another program, whose own health is not known."
    host = manifest.machine.get("host")
    return f"Measured by loadtui{f' on {host}' if host else ''}: requests were sent and timed."


def _told(imported: Imported) -> list[tuple[str, str]]:
    left_out = imported.left_out[:_LEFT_OUT]
    if len(imported.left_out) > _LEFT_OUT:
        left_out.append(f"{len(imported.left_out) - _LEFT_OUT} more")
    told = (
        ("holds", imported.held),
        ("does not say", imported.absent),
        ("not taken from it", left_out),
    )
    return [(title, ", ".join(parts)) for title, parts in told if parts]
