"""Saves what other programs measured as a run, beside those that were measured here.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from loadtui._version import __version__
from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.plan.fingerprint import LENGTH
from loadtui.plan.model import Plan
from loadtui.store import run_files
from loadtui.store.arrival import mark_arrival
from loadtui.store.final_files import write_record
from loadtui.store.journal import StageBegan
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest import RUN_FORMAT, Imported, ImportedFile, Manifest, Provenance, Totals
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_folder import create_run_folder, new_run_id, runs_root
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run

IMPORTED_STAGE = "all"
"""The one stage of an imported run: no source says where its stages began."""


def store_imported_run(source: ImportSource, *, project: Path, name: str | None = None) -> Run:
    """Write a source as a run and judge it by the thresholds that every run must meet.

    `name` is the plan it belongs to, None for the one that the file's name suggests.  Raises
    UsageError when the folder cannot be written.
    """
    source.record.by_second = source.figures is None or bool(source.record.seconds)
    manifest = _manifest(source, name or source.name, runs_root(project))
    # Figures of the source cover all of the run; of samples the settling time is left out.
    planned = None if source.figures is None else 0.0
    end = max(math.ceil(source.duration_s or 0.0), source.record.last_second() + 1)
    source.record.stages = [StageBegan(IMPORTED_STAGE, 0, source.users or 0, 0.0, 0.0, planned)]
    folder = create_run_folder(runs_root(project), manifest.run)
    try:
        written = write_record(folder, manifest, source.record, end)
        written = msgspec.structs.replace(written, totals=_totals(source, written.totals))
        run = Run(folder, written)
        verdict = judge_run(written, load_tallies(run), [])
        write_manifest(folder, verdict)
        mark_arrival(folder)
    except BaseException as error:
        # Also when somebody interrupts it: no run is kept by half.
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
        raise
    return Run(folder, verdict)


def _manifest(source: ImportSource, name: str, root: Path) -> Manifest:
    now = datetime.now(UTC)
    started = now if source.started is None else _moment(source.started, source)
    names = ", ".join(path.name for path in source.files)
    return Manifest(
        format=RUN_FORMAT,
        run=_unused_id(name, root),
        state="finished",
        provenance=Provenance(
            "simulated" if source.simulated else "imported",
            source=f"{source.format}: {names}",
            resolution=source.resolution,
            resolution_ms=source.resolution_ms,
        ),
        plan=Plan(name=name, locustfiles=()),
        fingerprint=_fingerprint(source.tool, name),
        started=_rfc3339(started),
        duration_s=source.duration_s or 0.0,
        ended_because="",
        versions={"loadtui": __version__},
        imported=Imported(
            format=source.format,
            files=[_file(path) for path in source.files],
            at=_rfc3339(now),
            held=source.held,
            absent=source.absent,
            left_out=source.left_out,
            remarks=source.remarks,
            given=source.figures,
            thresholds=source.thresholds,
            users_known=source.users is not None,
            started_known=source.started is not None,
            duration_known=source.duration_s is not None,
            by_second=source.record.by_second,
        ),
    )


def _unused_id(name: str, root: Path) -> str:
    """Of hundreds that are saved in one second two may be given the same id."""
    while (root / (run := new_run_id(name, datetime.now()))).exists():
        pass
    return run


def _fingerprint(tool: str, name: str) -> str:
    """Nothing is known of the load but who made it and what for: runs of one tool and plan are
    taken to be alike, where their users agree."""
    load = json.dumps({"imported": tool, "plan": name}, sort_keys=True)
    return hashlib.sha256(load.encode()).hexdigest()[:LENGTH]


def _totals(source: ImportSource, counted: Totals) -> Totals:
    """The counts that the source gives, before those of what it says by second."""
    totals = msgspec.structs.replace(counted, users_max=source.users or counted.users_max)
    if source.figures is None:
        return totals
    given = source.figures.total
    return msgspec.structs.replace(totals, requests=given.requests, failures=given.failures)


def _file(path: Path) -> ImportedFile:
    try:
        return ImportedFile(path.name, path.stat().st_size, run_files.sha256(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _moment(seconds: float, source: ImportSource) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise UsageError(f"{source.files[0]} says it began {seconds:g} s after 1970") from None


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
