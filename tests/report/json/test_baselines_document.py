from __future__ import annotations

from loadtui.report.json.baselines_document import baselines_document
from tests.support.written_baseline import written_baseline


def test_an_object_a_baseline() -> None:
    assert baselines_document([written_baseline()]) == [
        {
            "name": "gateway",
            "plan": "gateway",
            "provenance": "measured",
            "fingerprint": "f00d",
            "runs": ["run-1", "run-2"],
            "promoted": "2026-11-21T10:02:00Z",
        }
    ]
