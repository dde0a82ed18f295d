"""Patterns for the names of stages and endpoints, as a plan writes them."""

from __future__ import annotations

from fnmatch import fnmatchcase


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a name is meant by a glob; one with brackets, such as `/items/[id]`, is also meant as
    it is written."""
    return name == pattern or fnmatchcase(name, pattern)
