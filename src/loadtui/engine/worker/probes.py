"""Everything that measures in a worker, and the delta it adds up to."""

from __future__ import annotations

from collections.abc import Callable

from loadtui.engine.encodable import encodable
from loadtui.engine.locustfile.locust_internals import USER_ENDS
from loadtui.engine.wall_clock import epoch_of
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.metric_sink import MetricSink
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.worker_health import WorkerHealthMeter
from loadtui.known_secrets import SECRETS
from loadtui.samples.delta import Delta, RemarkCount
from loadtui.samples.remark_counts import RemarkCounts
from loadtui.store.books import Page


class Probes:
    """The recorder and its neighbours; `users` is asked for the number of users alive, `left` for
    that of those who left without being told to."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.failures = Failures()
        self.in_flight = InFlight(USER_ENDS)
        self.remarks = RemarkCounts()
        """What the report of the run has to say of this worker's records: `remarks.add(text)`."""
        self.metrics = MetricSink(self.recorder, self.remarks, self.in_flight.is_late)
        self.users: Callable[[], int] = int
        self.left: Callable[[], int] = int
        self.health = WorkerHealthMeter(
            self._count_users, lambda: self.in_flight.now, self._count_left
        )
        self._killed_sent = 0

    def _count_users(self) -> int:
        return self.users()

    def _count_left(self) -> int:
        return self.left()

    def begin(self, t0: float) -> None:
        """Second 0 of the run, on the monotonic clock."""
        self.recorder.begin(epoch_of(t0))
        self.health.begin(t0)

    def enter_in(self, page: Page) -> None:
        """Enter what begins and what is recorded on this page of the run's books."""
        self.recorder.page = self.in_flight.page = page

    def end(self, end_s: float) -> None:
        """The run ended so many seconds after second 0: what starts later is late."""
        self.recorder.end(end_s)
        self.in_flight.end()

    def delta(self, worker: int, seq: int, *, final: bool) -> Delta | None:
        """What was recorded since the last call; None when that is nothing and not the last."""
        if final:
            self.in_flight.finish()
        for stream in self.in_flight.streams.take():
            self.recorder.record(*stream, True)
        late = self.recorder.take_late()
        endpoints, cells, windows = self.recorder.take()
        errors, dropped, exceptions, further = self.failures.take(self.recorder.epoch0)
        metrics = self.metrics.take()
        health = self.health.take()
        told = self.remarks.take().items()
        remarks = [RemarkCount(encodable(SECRETS.hidden(text)), n) for text, n in told]
        something = (
            windows or late or errors or dropped or exceptions or further or any(metrics) or health
        )
        if not (something or remarks or final or self.in_flight.killed != self._killed_sent):
            return None
        self._killed_sent = self.in_flight.killed
        return Delta(
            worker=worker,
            seq=seq,
            total=self.recorder.total,
            endpoints=endpoints,
            cells=cells,
            windows=windows,
            errors=errors,
            errors_dropped=dropped,
            exceptions=exceptions,
            exceptions_dropped=further,
            **metrics._asdict(),
            health=health,
            unfinished=self.in_flight.killed,
            final=final,
            remarks=remarks,
            late=late,
        )
