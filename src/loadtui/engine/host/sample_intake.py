"""Takes in what workers send of their samples: to the collector, and to Locust's statistics."""

from __future__ import annotations

import logging

import msgspec

from loadtui.engine.host.collector import Collector
from loadtui.engine.locustfile.locust_stats import LocustStats

_logger = logging.getLogger(__name__)


class SampleIntake:
    def __init__(self, collector: Collector, locust_stats: LocustStats) -> None:
        self._collector = collector
        self._locust_stats = locust_stats

    def take(self, raw: bytes) -> bool:
        """Fold a delta as it came over the wire; True when it is the last of its worker."""
        try:
            delta = self._collector.fold(raw)
        except msgspec.MsgspecError as error:
            _logger.error("a worker sent what is no delta: %s", error)
            return False
        self._locust_stats.fold(delta)
        return delta.final
