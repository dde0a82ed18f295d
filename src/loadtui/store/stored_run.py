"""A saved run: its folder, its manifest, and its tables, read when they are asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from loadtui.errors import UsageError
from loadtui.store import run_files, run_lock
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import Manifest
from loadtui.store.manifest_file import read_manifest
from loadtui.store.recovery import ACTIVE, recover
from loadtui.store.rescue import rescued

if TYPE_CHECKING:
    import polars as pl

LARGEST_EXCEPTIONS = 256_000_000
"""Bytes of that file."""


class Run:
    """A run on disk.  Tables are polars frames with the columns of samples.schema; each is read
    once, and raises UsageError when its file is missing or damaged, or the run is still running."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._frames: dict[str, pl.DataFrame] = {}

    @classmethod
    def open(cls, folder: Path) -> Run:
        """The run in a folder; one whose host was killed is recovered from its journal first, and
        one whose folder took nothing more is opened where it was saved instead.

        Raises UsageError for a folder that holds no run, a damaged manifest, a newer format, or a
        recovery that failed.
        """
        try:
            manifest = read_manifest(folder)
        except UsageError:
            if (elsewhere := rescued(folder)) is None:
                raise
            return cls.open(elsewhere)
        if manifest.state in ACTIVE or os.path.lexists(folder / run_files.JOURNAL):
            if not run_lock.is_held(folder) and (elsewhere := rescued(folder)) is not None:
                return cls.open(elsewhere)
            manifest = recover(folder)
        return cls(folder, manifest)

    @property
    def id(self) -> str:
        return self.manifest.run

    @property
    def error(self) -> str:
        """Always empty; what a listing shows of a run that cannot be opened is BrokenRun.error."""
        return ""

    @property
    def active(self) -> bool:
        """Whether the run was still running when it was opened."""
        return self.manifest.state in ACTIVE

    def samples(self) -> pl.DataFrame:
        """Requests per stage, endpoint, outcome, second and latency bin."""
        return self._table(run_files.SAMPLES)

    def windows(self) -> pl.DataFrame:
        """Exact sums per stage, endpoint, outcome and second."""
        return self._table(run_files.WINDOWS)

    def timeline(self) -> pl.DataFrame:
        """One row a second."""
        return self._table(run_files.TIMELINE)

    def metrics(self) -> pl.DataFrame:
        """Custom metrics."""
        return self._table(run_files.METRICS)

    def errors(self) -> pl.DataFrame:
        """Failures by kind, the most frequent first."""
        return self._table(run_files.ERRORS)

    def exceptions(self) -> list[StoredException]:
        """Exceptions raised by user code, the most frequent first."""
        path = self._existing(run_files.EXCEPTIONS)
        digest = self.manifest.checksums.get(run_files.EXCEPTIONS)
        try:
            data = run_files.read_noted(path, LARGEST_EXCEPTIONS, digest)
            return msgspec.json.decode(data, type=list[StoredException])
        except OSError as error:
            raise self._damaged(path, error.strerror or str(error)) from error
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise self._damaged(path, str(error)) from error

    def _table(self, name: str) -> pl.DataFrame:
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def _read(self, name: str) -> pl.DataFrame:
        import polars as pl

        from loadtui.samples import table_schemas
        from loadtui.store.table_file import DamagedTableError, read_table

        schemas = {
            run_files.SAMPLES: table_schemas.SAMPLE_COLUMNS,
            run_files.WINDOWS: table_schemas.WINDOW_COLUMNS,
            run_files.TIMELINE: table_schemas.TIMELINE_COLUMNS,
            run_files.METRICS: table_schemas.METRIC_COLUMNS,
            run_files.ERRORS: table_schemas.ERROR_COLUMNS,
        }
        path = self._existing(name)
        try:
            frame = read_table(path, self.manifest.checksums.get(name))
            if name == run_files.METRICS:
                frame = table_schemas.with_trend_sums(frame)
            table_schemas.check_columns(frame, schemas[name])
        except OSError as error:
            raise self._damaged(path, error.strerror or str(error)) from error
        except (ValueError, DamagedTableError, pl.exceptions.PolarsError) as error:
            raise self._damaged(path, str(error)) from error
        return frame

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if self.active:
            raise UsageError(f"run {self.id} is still running, {name} is written when it ends")
        if not os.path.lexists(path):
            raise UsageError(f"run {self.id} has no {name}; restore {path} or remove the run")
        return path

    def _damaged(self, path: Path, error: str) -> UsageError:
        reason = " ".join(error.split())[:200]
        return UsageError(f"{path} is damaged ({reason}); restore it or remove run {self.id}")


def verify_checksums(run: Run) -> list[str]:
    """What is wrong with a run's files, one sentence each; empty when all have their checksum."""
    wrong = []
    for name, expected in sorted(run.manifest.checksums.items()):
        path = run.folder / name
        if os.sep in name or not os.path.lexists(path):
            wrong.append(f"{path} is missing")
            continue
        try:
            if run_files.sha256(path) != expected:
                wrong.append(f"{path} is not what was written: its checksum differs")
        except OSError as error:
            wrong.append(f"{path} cannot be read: {error.strerror}")
    missing = {*run_files.TABLES, run_files.EXCEPTIONS} - set(run.manifest.checksums)
    if not run.active and missing:
        wrong.append(f"run {run.id} has no checksum of {', '.join(sorted(missing))}")
    return wrong
