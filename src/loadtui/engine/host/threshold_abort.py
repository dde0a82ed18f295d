"""Decides whether a threshold with `abort` is certain to fail; then asks the director to end."""

from __future__ import annotations

import math

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.director import Director
from loadtui.engine.host.live_run import LiveRun
from loadtui.store.manifest import Endpoint, ThresholdResult
from loadtui.verdict.thresholds import certain_failure


class ThresholdAbort:
    """Looks at the thresholds with `abort`; `look` is called once a second."""

    def __init__(self, live: LiveRun, collector: Collector, director: Director) -> None:
        self._live = live
        self._collector = collector
        self._director = director
        self._wanted = any(threshold.abort for threshold in live.plan.thresholds)

    def look(self) -> None:
        """Have the run stopped gracefully as soon as one of them is certain to fail.

        That is no interruption: the run is finished, and failed by its threshold.
        """
        if not self._wanted:
            return
        failed = self._failure()
        if failed is not None:
            self._wanted = False
            self._director.ask_stop(f"{_named(failed)} can no longer be met", by="threshold")

    def _failure(self) -> ThresholdResult | None:
        endpoints = [Endpoint(*entry) for entry in self._collector.table.entries]
        now = math.ceil(self._live.elapsed_s)
        spans = [span for span in self._collector.stages if span.start <= now]
        return certain_failure(self._live.plan, spans, endpoints, self._collector.tallies)


def _named(result: ThresholdResult) -> str:
    endpoint = f" of {result.endpoint}" if result.endpoint is not None else ""
    stage = f" in stage {result.stage}" if result.stage is not None else ""
    return f"threshold {result.check}{endpoint}{stage}"
