"""manifest.json on disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.store.checked_json import decode_checked, with_checksum
from loadtui.store.manifest import RUN_FORMAT, Manifest
from loadtui.store.run_files import MANIFEST, write_bytes

LARGEST = 256_000_000
"""Bytes; that of a run with as many endpoints of the longest names as there may be has less."""


class _Head(msgspec.Struct):
    format: int


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder; UsageError when it is missing, damaged or of a newer format."""
    path = folder / MANIFEST
    try:
        data = read_plain(path, LARGEST)
    except FileNotFoundError:
        raise UsageError(f"{folder} is not a run folder: it has no {MANIFEST}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    try:
        written = msgspec.json.decode(data, type=_Head).format
        if written > RUN_FORMAT:
            raise UsageError(
                f"{path} has format {written}, written by a newer loadtui; this one reads up to "
                f"format {RUN_FORMAT}, so upgrade loadtui to open it"
            )
        return decode_checked(data, Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} is damaged: {error}; restore it or remove the run") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest of a run folder atomically; OSError when that fails."""
    data = msgspec.json.format(msgspec.json.encode(with_checksum(manifest)), indent=2)
    write_bytes(folder / MANIFEST, data + b"\n")
