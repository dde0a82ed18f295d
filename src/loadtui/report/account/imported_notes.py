"""What is told of an imported run beyond its numbers: where they come from, and what is missing."""

from __future__ import annotations

from loadtui.report.account import formatting
from loadtui.report.text.paint import Paint, Style
from loadtui.report.text.text_table import visible_text, wrapped
from loadtui.store.manifest import Imported, Manifest
from loadtui.store.stored_run import Run

_WORDS: dict[str, tuple[str, Style]] = {
    "pass": ("✓ PASS", "good"),
    "fail": ("✗ FAIL", "bad"),
    "invalid": ("! INVALID", "warn"),
}

_MOST = 12
"""Of what was not taken; a document may have hundreds of such keys."""


def import_text(run: Run, width: int, color: bool) -> str:
    """What `loadtui import` says of a run that it has kept; ends in a newline."""
    manifest, paint = run.manifest, Paint(color)
    assert manifest.imported is not None
    word, style = _WORDS.get(manifest.verdict, ("! NOT JUDGED", "warn"))
    lines = [
        visible_text(f"{manifest.provenance.kind} {run.id} from {manifest.provenance.source}"),
        *imported_lines(manifest.imported, width),
        f"{paint(word, style)} (exit code {manifest.exit_code})",
    ]
    lines += [line for said in _failed(manifest) for line in wrapped(said, width, "  ")]
    lines.append(f"Look at it: loadtui runs show {visible_text(run.id)}")
    return "\n".join(lines) + "\n"


def imported_lines(imported: Imported, width: int) -> list[str]:
    """What the source says, what it does not, and what was not taken from it."""
    told = (
        ("holds: ", imported.held),
        ("does not say: ", imported.absent),
        ("not taken from it: ", _first(imported.left_out)),
    )
    lines = [
        line
        for title, parts in told
        if parts
        for line in wrapped(visible_text(", ".join(parts)), width, f"  {title}")
    ]
    for remark in imported.remarks:
        lines += wrapped(visible_text(remark), width, "  ! ")
    return lines


def _failed(manifest: Manifest) -> list[str]:
    """The thresholds that were not kept, a sentence each; of an invalid run its reasons."""
    if not manifest.validity.valid:
        return [visible_text(reason) for reason in manifest.validity.reasons]
    said = []
    for result in manifest.thresholds:
        if result.status != "pass":
            where = f" of {result.endpoint}" if result.endpoint else ""
            share = f": {formatting.percent(result.value)}" if result.value is not None else ""
            why = f" ({result.reason})" if result.reason else ""
            said.append(visible_text(f"not kept: {result.check}{where}{share}{why}"))
    if manifest.totals.exceptions:
        said.append(f"user code raised {formatting.count(manifest.totals.exceptions)} exceptions")
    return said


def _first(parts: list[str]) -> list[str]:
    more = len(parts) - _MOST
    return [*parts[:_MOST], f"{more} more"] if more > 0 else parts
