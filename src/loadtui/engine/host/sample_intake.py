"""Takes in what workers send of their samples: to the collector, and to Locust's statistics."""

from __future__ import annotations

import logging

import msgspec

from loadtui.engine.host.collector import Collector
from loadtui.engine.locustfile.locust_stats import LocustStats
from loadtui.samples.delta import HOST

_logger = logging.getLogger(__name__)


class SampleIntake:
    def __init__(self, collector: Collector, locust_stats: LocustStats) -> None:
        self._collector = collector
        self._locust_stats = locust_stats

    def take(self, raw: bytes, worker: int = HOST) -> bool:
        """Fold a delta as it came over the wire from a worker; True when it is the last of it."""
        try:
            delta = self._collector.fold(raw, worker)
        except (msgspec.MsgspecError, ValueError, TypeError) as error:
            _logger.error("worker %d sent what is no delta of its own: %s", worker, error)
            return False
        self._locust_stats.fold(delta)
        return delta.final
