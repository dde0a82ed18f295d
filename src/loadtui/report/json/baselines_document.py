"""Baselines as a JSON document: `loadtui baseline list --json`."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.report.json.json_bytes import JsonDocument
from loadtui.store.baseline import Baseline


def baselines_document(baselines: Sequence[Baseline]) -> list[JsonDocument]:
    """An object a baseline, in the order given."""
    return [
        {
            "name": baseline.name,
            "plan": baseline.plan,
            "provenance": baseline.provenance,
            "fingerprint": baseline.fingerprint,
            "runs": [run.run for run in baseline.runs],
            "promoted": baseline.runs[-1].promoted,
        }
        for baseline in baselines
    ]
