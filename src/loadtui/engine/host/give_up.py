"""Decides whether a run is given up, since nothing answers; then asks the director to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import gevent

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.director import Director, Ending
from loadtui.engine.host.live_run import LiveRun
from loadtui.plan.target_probe import target_fault
from loadtui.samples.connection_failure import ConnectionFailure, connection_failure


class GiveUp:
    """Looks for a run that got no answer from its start on; `look` is called once a second."""

    def __init__(
        self, live: LiveRun, collector: Collector, director: Director, targets: Mapping[str, bool]
    ) -> None:
        """`targets` are the base URLs that users with an HTTP client send to, and whether they
        look at certificates."""
        self._live = live
        self._collector = collector
        self._director = director
        self._targets = dict(targets)
        self._after_s = live.plan.give_up_s
        self._next_s = self._after_s
        self._trying = False

    def look(self) -> None:
        """Have the run ended when nothing has answered for long enough and nothing will.

        The targets are tried from here before that: one that is up by now gets its chance, and one
        that is slow to answer has a connection.
        """
        if self._next_s is None or not self._targets or self._trying:
            return
        if self._answered():
            self._next_s = None
        elif self._live.elapsed_s >= self._next_s and self._waits_in_vain():
            self._trying = True
            gevent.spawn(self._try)

    def _answered(self) -> bool:
        """Whether a request got an answer, or failed for another reason than the connection."""
        total, errors = self._collector.total, self._collector.errors
        return (
            total.requests > total.failures
            or bool(errors.others)
            or any(connection_failure(kind[2]) is None for kind in errors.by_kind)
        )

    def _waits_in_vain(self) -> bool:
        workers = self._collector.workers.values()
        in_flight = sum(worker.health.in_flight for worker in workers if worker.health)
        return bool(self._collector.total.failures or in_flight)

    def _try(self) -> None:
        faults = [target_fault(url, verify=verify) for url, verify in self._targets.items()]
        if not all(faults):
            faults = self._closed_at_once()
        if faults and not self._answered():
            self._director.end(Ending("; ".join(dict.fromkeys(faults)), gave_up=True))
            self._next_s = None
        elif self._next_s is not None and self._after_s is not None:
            self._next_s = self._live.elapsed_s + max(self._after_s, 1.0)
        self._trying = False

    def _closed_at_once(self) -> list[str]:
        """Of targets that take connections, but close each of them without an answer."""
        errors = self._collector.errors.by_kind
        kinds = Counter(connection_failure(kind[2]) for kind in errors)
        if set(kinds) != {ConnectionFailure.CLOSED}:
            return []
        return [f"{url} closes connections without an answer" for url in self._targets]
