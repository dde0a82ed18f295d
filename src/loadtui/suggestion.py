"""What to say of a name that does not exist: the nearest that does, or where they are listed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

CLOSE = 0.5
"""How alike two names are, of 0 to 1, before one is taken for a slip of the other."""


def did_you_mean(
    name: str, known: Iterable[str], otherwise: str | None = None, *, close: float = CLOSE
) -> str:
    """`did you mean host?` for the known name nearest to `name`.

    Where none is near: `otherwise`, by default the list of those that are known.
    """
    names = list(known)
    if near := nearest(name, names, close=close):
        return meant(near)
    return f"known are {', '.join(names)}" if otherwise is None else otherwise


def nearest(name: str, known: Collection[str], *, close: float = CLOSE) -> str:
    """The known name nearest to `name`; empty where none is near."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=close)), "")


def meant(name: str) -> str:
    """The question after a slip."""
    return f"did you mean {name}?"
