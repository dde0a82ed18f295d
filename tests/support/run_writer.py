"""A run folder written by hand, the way a host writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from loadtui.plan.model import Plan
from loadtui.samples.delta import Delta, TrendAdd, encode_delta
from loadtui.samples.trend_bins import trend_bin_of
from loadtui.store import journal, run_files
from loadtui.store.journal import JournalWriter, StageBegan, TimelineRow, WorkerSecond
from loadtui.store.manifest import RUN_FORMAT, Manifest, Mark, Provenance, State
from loadtui.store.manifest_file import write_manifest


def trend_add(name: str, endpoint: str, second: int, *values: float) -> TrendAdd:
    """Values of a Trend that lie in the bin of the first."""
    sums = sum(values), min(values), max(values)
    return TrendAdd(name, endpoint, second, trend_bin_of(values[0]), len(values), *sums)


class RunWriter:
    """A run folder in the making; every method writes what the host would have written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.journal = folder / run_files.JOURNAL
        self._seq: dict[int, int] = {}
        self._total: dict[int, int] = {}

    def manifest(self, state: State = "running", **fields: Any) -> Manifest:
        manifest = Manifest(
            **{
                "format": RUN_FORMAT,
                "run": self.folder.name,
                "state": state,
                "provenance": Provenance("measured"),
                "plan": Plan(name="gateway", locustfiles=("/project/gateway.py",)),
                "fingerprint": "f1",
                "started": "2026-11-23T10:15:02Z",
                **fields,
            }
        )
        write_manifest(self.folder, manifest)
        return manifest

    def stage(self, name: str, start: int, **fields: Any) -> None:
        defaults = {"users": 10, "spawn_rate": 5.0, "ramp_s": 2.0, "planned_s": 30.0}
        self.frame(
            journal.STAGE_FRAME, StageBegan(name=name, start=start, **{**defaults, **fields})
        )

    def second(self, second: int, users: int = 10, **fields: Any) -> None:
        defaults = {
            "stage": 0,
            "completed": 5,
            "failed": 1,
            "in_flight": 2,
            "workers": [WorkerSecond(0, 0.25, 0.5, 1.5)],
        }
        row = TimelineRow(second=second, users=users, **{**defaults, **fields})
        self.frame(journal.SECOND_FRAME, row)

    def mark(self, second: float, kind: str, text: str) -> None:
        self.frame(journal.MARK_FRAME, Mark(second, kind, text))

    def delta(self, worker: int = 0, *, seq: int | None = None, **fields: Any) -> None:
        """Numbered and totalled like a worker's next delta unless told otherwise."""
        self._seq[worker] = self._seq.get(worker, 0) + 1 if seq is None else seq
        counted = sum(fields.get("windows", [])[3::8])
        self._total[worker] = self._total.get(worker, 0) + counted
        total = fields.pop("total", self._total[worker])
        delta = Delta(worker=worker, seq=self._seq[worker], total=total, **fields)
        self._append(journal.DELTA_FRAME, encode_delta(delta))

    def frame(self, kind: bytes, body: object) -> None:
        self._append(kind, msgspec.msgpack.encode(body))

    def _append(self, kind: bytes, body: bytes) -> None:
        writer = JournalWriter(self.journal)
        writer.append(kind, body)
        writer.close()
