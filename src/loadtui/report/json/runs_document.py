"""The list of saved runs as a JSON document: `loadtui runs list --json`."""

from __future__ import annotations

from collections.abc import Iterable

from loadtui.report.json.json_bytes import JsonDocument
from loadtui.store.stored_run import Run


def runs_document(runs: Iterable[Run]) -> list[JsonDocument]:
    """One object a run, in the order given.  `valid` is null for a run that was not judged
    and for an imported one, `started` where its source does not say, `requests` for one that is
    running."""
    return [
        {
            "run": run.id,
            "plan": run.manifest.plan.name,
            "state": run.manifest.state,
            "provenance": run.manifest.provenance.kind,
            "valid": None if run.manifest.exit_code is None else run.manifest.known_valid,
            "verdict": run.manifest.verdict,
            "started": run.manifest.began,
            "duration_s": run.manifest.length_s,
            "requests": None if run.active else run.manifest.totals.requests,
            "exit_code": run.manifest.exit_code,
            "steered": run.manifest.steered,
            "note": run.manifest.note,
            "tags": run.manifest.tags,
            "folder": str(run.folder),
        }
        for run in runs
    ]
