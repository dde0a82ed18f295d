"""What is told of an imported run beyond its numbers: where they come from, and what is missing."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.verdict_words import NOT_JUDGED, RUN_VERDICTS
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import wrapped
from loadtui.store.manifest import Imported, Manifest
from loadtui.store.stored_run import Run

_MOST = 12
"""Of what was not taken; a document may have hundreds of such keys."""


def import_text(run: Run, width: int, color: bool) -> str:
    """What `loadtui import` says of a run that it has saved; ends in a newline."""
    manifest, paint = run.manifest, Paint(color)
    assert manifest.imported is not None
    verdict = RUN_VERDICTS.get(manifest.verdict, NOT_JUDGED)
    lines = [
        visible_text(f"{manifest.provenance.kind} {run.id} from {manifest.provenance.source}"),
        *imported_lines(manifest.imported, width),
        *(
            line
            for remark in manifest.remarks
            for line in wrapped(visible_text(remark.text), width, "  ! ")
        ),
        f"{paint(verdict.headline, verdict.tone)} (exit code {manifest.exit_code})",
    ]
    lines += [line for reason in _failed(manifest) for line in wrapped(reason, width, "  ")]
    lines.append(f"Look at it: loadtui runs show {visible_text(run.id)}")
    return "\n".join(lines) + "\n"


def imported_lines(imported: Imported, width: int) -> list[str]:
    """What the source says, what it does not, and what was not taken from it."""
    parts_by_title = (
        ("holds: ", imported.held),
        ("does not say: ", imported.absent),
        ("not taken from it: ", _first(imported.left_out)),
    )
    lines = [
        line
        for title, parts in parts_by_title
        if parts
        for line in wrapped(visible_text(", ".join(parts)), width, f"  {title}")
    ]
    for remark in imported.remarks:
        lines += wrapped(visible_text(remark), width, "  ! ")
    return lines


def _failed(manifest: Manifest) -> list[str]:
    """The thresholds that were not met, a sentence each; of an invalid run its reasons."""
    if not manifest.validity.valid:
        return [visible_text(reason) for reason in manifest.validity.reasons]
    sentences = []
    for result in manifest.thresholds:
        if result.status != "pass":
            where = f" of {result.endpoint}" if result.endpoint else ""
            share = f": {formatting.percent(result.value)}" if result.value is not None else ""
            why = f" ({result.reason})" if result.reason else ""
            sentences.append(visible_text(f"not met: {result.check}{where}{share}{why}"))
    if manifest.totals.exceptions:
        exceptions = counted(manifest.totals.exceptions, "exception")
        sentences.append(f"user code raised {exceptions}")
    return sentences


def _first(parts: list[str]) -> list[str]:
    more = len(parts) - _MOST
    return [*parts[:_MOST], f"{more} more"] if more > 0 else parts
