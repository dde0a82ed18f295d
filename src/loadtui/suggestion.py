"""What to say of a name that does not exist: the nearest that does, or where they are listed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CLOSE = 0.5
"""How alike two names are, of 0 to 1, before one is taken for a slip of the other."""


def did_you_mean(
    name: str, known: Iterable[str], otherwise: str | None = None, *, close: float = CLOSE
) -> str:
    """`did you mean host?` for the known name nearest to `name`.

    Where none is near: `otherwise`, by default the list of those that are known.
    """
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=close)
    if near:
        return f"did you mean {near[0]}?"
    return f"known are {', '.join(names)}" if otherwise is None else otherwise
