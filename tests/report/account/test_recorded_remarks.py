"""What is to be known of a run, in every form of its result."""

from __future__ import annotations

from loadtui.plan.model import Plan
from loadtui.report.account.recorded_remarks import recorded_remarks
from loadtui.store.manifest import RUN_FORMAT, Manifest, Provenance, Remark


def test_ignored_options_and_what_was_recorded() -> None:
    manifest = Manifest(
        RUN_FORMAT, "r", "finished", Provenance("measured"), Plan("p", ()), "", started=""
    )
    assert recorded_remarks(manifest) == []
    manifest.ignored_options = ["--csv (from LOCUST_CSV)", "--master"]
    manifest.remarks = [Remark("once", 1), Remark("often", 3)]
    assert recorded_remarks(manifest) == [
        "options of Locust's that have no effect here: --csv (from LOCUST_CSV), --master",
        "once",
        "often (3 times)",
    ]
