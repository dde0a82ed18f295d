"""Keeps Python's search for garbage from standing between a key and what it shows.

A full search goes through every object there is: with Textual loaded and screens built that is a
tenth of a second, and opening a dialog is enough to bring one on.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collection_deferred() -> Iterator[None]:
    """Look for no garbage while the block runs, or until `settle`."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def exclude_startup_objects() -> None:
    """Look once, then never again among what is there by now; later garbage is found as ever."""
    gc.collect()
    gc.freeze()
    gc.enable()
