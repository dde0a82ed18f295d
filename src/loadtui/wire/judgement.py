"""What the run host and the process that judges its run say to each other, once each."""

from __future__ import annotations

import msgspec

from loadtui.samples.figures import Figures
from loadtui.store.manifest import Manifest
from loadtui.wire.messages import EndpointRow, Snapshot
from loadtui.wire.run_spec import RunSpec


class JudgeOrder(msgspec.Struct):
    """A run whose journal is complete."""

    manifest: Manifest
    """As of the run that is over, not yet judged."""
    end_second: int
    """Where its last stage ends, exclusive."""
    spec: RunSpec


class NotJudged(msgspec.Struct, tag="not judged"):
    """Its files could not be written, or its journal not be read."""

    reason: str
    disk_failed: bool


class JudgedRun(msgspec.Struct, tag="judged"):
    """What became of it; its files are written."""

    manifest: Manifest
    totals: Figures
    """Of all requests over the whole run."""
    endpoints: list[EndpointRow]
    """Over the whole run."""

    def last_snapshot(self, snapshot: Snapshot) -> Snapshot:
        """The last snapshot of a run for its viewers: with the figures of the stored files, not
        those counted on the way.  Changes the one that is given."""
        manifest = self.manifest
        snapshot.totals = self.totals
        snapshot.endpoints = self.endpoints
        snapshot.measured = None
        snapshot.thresholds = manifest.thresholds
        snapshot.invalid_reasons = manifest.validity.reasons
        snapshot.bad_seconds = manifest.validity.bad_seconds
        snapshot.measured_seconds = manifest.validity.measured_seconds
        snapshot.unfinished = manifest.totals.unfinished
        snapshot.exit_code = manifest.exit_code
        snapshot.verdict = manifest.verdict
        snapshot.not_compared = manifest.uncompared
        return snapshot
