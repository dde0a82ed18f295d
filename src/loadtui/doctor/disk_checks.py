"""Where runs, and what is known of this machine, are saved: room, and the kind of filesystem."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding
from loadtui.store.disk_reserve import LEAST_FREE

_NOUN = "disk"
ENOUGH_FREE = 1_000_000_000
_NETWORK = ("nfs", "cifs", "smb", "9p", "ceph", "gluster", "lustre", "afs", "fuse.sshfs", "drvfs")
_IN_MEMORY = ("tmpfs", "ramfs")


def folder_of_runs(machine: ExaminedMachine) -> Iterator[Finding]:
    yield _folder(machine, "runs", machine.runs, "--runs DIR")


def folder_of_state(machine: ExaminedMachine) -> Iterator[Finding]:
    if machine.state is None:
        remedy = "running runs of other projects are not found", "export XDG_STATE_HOME=DIR"
        yield Finding(_NOUN, "state", "note", "no folder to be had", *remedy)
    else:
        yield _folder(machine, "state", machine.state, "XDG_STATE_HOME=DIR")


class _Mount(NamedTuple):
    kind: str
    read_only: bool


def _folder(machine: ExaminedMachine, name: str, folder: Path, elsewhere: str) -> Finding:
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
    mount = _mount(machine, there.resolve())
    kind = f", {mount.kind}" if mount is not None else ""
    if (mount is not None and mount.read_only) or not os.access(there, os.W_OK):
        found = f"{folder} cannot be written{kind}"
        return Finding(_NOUN, name, "problem", found, f"make it writable, or use {elsewhere}")
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(_NOUN, name, "problem", f"{folder}: {error.strerror}", f"use {elsewhere}")
    found = f"{folder}: {free / 1e9:.1f} GB free{kind}"
    if free < LEAST_FREE:
        remedy = f"a run needs {LEAST_FREE / 1e6:.0f} MB: free some space, or use {elsewhere}"
        return Finding(_NOUN, name, "problem", found, remedy)
    if mount is not None and mount.kind.startswith(_NETWORK):
        remedy = f"every second of a run is written there and may wait for it: use {elsewhere}"
        return Finding(_NOUN, name, "note", f"{found}, over a network", remedy)
    if mount is not None and mount.kind in _IN_MEMORY:
        remedy = f"what is saved there is gone after a restart: for longer use {elsewhere}"
        return Finding(_NOUN, name, "note", f"{found}, in memory", remedy)
    if free < ENOUGH_FREE:
        return Finding(_NOUN, name, "note", found, "long runs with many endpoints need more")
    return Finding(_NOUN, name, "ok", found)


def _mount(machine: ExaminedMachine, folder: Path) -> _Mount | None:
    """What the folder lies on: the last mount at the nearest point above it."""
    best: tuple[int, _Mount] | None = None
    for line in (
        machine.text("proc/self/mounts") or machine.text("proc/mounts") or ""
    ).splitlines():
        words = line.split()
        if len(words) < 4:
            continue
        point = Path(words[1].replace("\\040", " "))
        if folder.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = len(point.parts), _Mount(words[2], "ro" in words[3].split(","))
    return None if best is None else best[1]


DISK_CHECKS = (folder_of_runs, folder_of_state)
