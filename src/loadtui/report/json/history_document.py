"""The history of a plan's metrics as a JSON document: `loadtui runs show RUN --history --json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadtui.report.json.json_bytes import JsonDocument

if TYPE_CHECKING:
    from loadtui.verdict.plan_history import PlanHistory


def history_document(history: PlanHistory) -> JsonDocument:
    """Runs oldest first, and by metric a value for each of them (null where it has none); `started`
    is null where the source of an imported run does not say it."""
    return {
        "plan": history.plan,
        "provenance": history.provenance,
        "fingerprint": history.fingerprint,
        "runs": [{**run._asdict(), "started": run.started or None} for run in history.runs],
        "metrics": [
            {
                "stage": metric.key.stage,
                "endpoint": metric.key.endpoint or None,
                "metric": metric.key.metric,
                "unit": metric.quantity.unit,
                "values": metric.values,
                "changes": [change._asdict() for change in metric.changes],
            }
            for metric in history.metrics
        ],
        "left_out": history.left_out,
    }
