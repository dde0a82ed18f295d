"""The status of a project's plans as a JSON document: `loadtui status --format json`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.report.json.json_bytes import JsonDocument
from loadtui.store.plan_status import PlanStatus


def status_document(statuses: Sequence[PlanStatus]) -> list[JsonDocument]:
    """An object a plan; `last` and `baseline` are null where there is none."""
    return [msgspec.to_builtins(status) for status in statuses]
