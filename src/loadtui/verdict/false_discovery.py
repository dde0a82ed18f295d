"""Many tests at once: which of them are significant together."""

from __future__ import annotations

from collections.abc import Sequence

FALSE_DISCOVERY_RATE = 0.05


def significance_cut(ps: Sequence[float], q: float = FALSE_DISCOVERY_RATE) -> float:
    """The largest p that is significant when all of `ps` are tested together; -1 when none is.

    The step-up procedure of Benjamini and Hochberg (1995, J. R. Stat. Soc. B 57:289): of the
    changes called significant a share of at most `q` is expected to be none.
    """
    cut = -1.0
    for rank, p in enumerate(sorted(ps), 1):
        if p <= q * rank / len(ps):
            cut = p
    return cut
