"""What a locustfile sets in `locust.stats` for tables and files in Locust's form."""

from __future__ import annotations

from typing import Any

import locust.stats

from loadtui.store.manifest import LocustStatistics

STOCK = LocustStatistics(
    percentiles=list(locust.stats.PERCENTILES_TO_REPORT),
    table_every_s=float(locust.stats.CONSOLE_STATS_INTERVAL_SEC),
)
"""As Locust has them: read here before any locustfile is imported."""


def statistics_set() -> LocustStatistics | None:
    """What differs from Locust's own by now; what makes no sense there is left out."""
    shares: Any = locust.stats.PERCENTILES_TO_REPORT
    every: Any = locust.stats.CONSOLE_STATS_INTERVAL_SEC
    listed = shares if isinstance(shares, list | tuple) else ()
    percentiles = [float(share) for share in listed if _number(share) and 0 <= share <= 1]
    found = LocustStatistics(
        percentiles=[] if percentiles == STOCK.percentiles else percentiles,
        table_every_s=float(every) if _number(every) and every != STOCK.table_every_s else None,
    )
    return None if found == LocustStatistics() else found


def _number(value: object) -> bool:
    return isinstance(value, int | float)
