"""Telling whether two imported runs are of the same files."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.store.manifest import Manifest

_AT = "@"


def import_keys(manifest: Manifest) -> list[str]:
    """What two imports of the same files share, those of the largest file first: its SHA-256, and
    the start of the run where it is known, as one file may hold several.  Empty for other runs."""
    imported = manifest.imported
    if imported is None:
        return []
    start = f"{_AT}{manifest.started}" if imported.started_known else ""
    largest = sorted(imported.files, key=lambda file: (-file.size, file.sha256))
    return [f"{file.sha256}{start}" for file in largest]


def same_import(keys: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the largest file of one of two imports is among those of the other: small ones, as a
    table of no failures, may be alike by chance."""
    return bool(keys and others) and (_among(keys[0], others) or _among(others[0], keys))


def _among(key: str, others: Sequence[str]) -> bool:
    digest, _, start = key.partition(_AT)
    for other in others:
        its_digest, _, its_start = other.partition(_AT)
        if digest == its_digest and (not start or not its_start or start == its_start):
            return True
    return False
