"""Where the numbers of a page come from, in the words of its stamp."""

from __future__ import annotations

from loadtui.report.account import formatting
from loadtui.report.account.verdict_words import provenance_wording, sentence_case
from loadtui.report.html.view import View
from loadtui.store.manifest import Imported, Manifest

_LEFT_OUT = 12
"""Of what was not taken from a source; a document may have hundreds of such keys."""


def provenance_stamp(manifest: Manifest) -> View:
    """The kind of the numbers, a sentence on it, the source, and details as (title, text)."""
    provenance, imported = manifest.provenance, manifest.imported
    details = []
    if provenance.resolution:
        details.append(("rounded by up to", formatting.percent(provenance.resolution)))
    if provenance.resolution_ms:
        details.append(("rounded to", formatting.latency(provenance.resolution_ms)))
    return {
        "kind": provenance.kind,
        "text": _text(manifest),
        "source": provenance.source or "",
        "details": [*details, *([] if imported is None else _contents(imported))],
        "remarks": [] if imported is None else imported.remarks,
    }


def generator(manifest: Manifest) -> str:
    """What there is to say of the load generator when nothing is known of it."""
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
    sentence = provenance_wording(manifest).sentence
    if manifest.provenance.kind != "measured":
        return sentence_case(sentence)
    host = manifest.machine.get("host")
    return f"Measured by loadtui{f' on {host}' if host else ''}: {sentence}."


def _contents(imported: Imported) -> list[tuple[str, str]]:
    left_out = imported.left_out[:_LEFT_OUT]
    if len(imported.left_out) > _LEFT_OUT:
        left_out.append(f"{len(imported.left_out) - _LEFT_OUT} more")
    parts_by_title = (
        ("holds", imported.held),
        ("does not say", imported.absent),
        ("not taken from it", left_out),
    )
    return [(title, ", ".join(parts)) for title, parts in parts_by_title if parts]
