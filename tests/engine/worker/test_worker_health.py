"""The meter on clocks of the test's own: nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from loadtui.engine.worker import worker_health
from loadtui.engine.worker.worker_health import TICK_S, WorkerHealthMeter
from loadtui.samples.delta import WorkerHealth

Step = tuple[float, float]
"""How much later than asked for a sleep ends, and how much CPU the process used meanwhile."""


class Machine:
    """Time, CPU time and run-queue wait, which only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.cpu = 5.0
        self.waited = 0.0
        self.steps: Iterator[Step] = iter(())

    def monotonic(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.cpu

    def sleep(self, seconds: float) -> None:
        late, used = next(self.steps)
        self.now += seconds + late
        self.cpu += used


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()

    class Gevent:
        sleep = staticmethod(machine.sleep)
        spawn = staticmethod(lambda function: None)

    monkeypatch.setattr(worker_health, "time", machine)
    monkeypatch.setattr(worker_health, "gevent", Gevent)
    monkeypatch.setattr(worker_health, "_waited_s", lambda: machine.waited)
    return machine


@pytest.fixture
def run(machine: Machine) -> Callable[[list[Step]], list[WorkerHealth]]:
    def run(steps: list[Step]) -> list[WorkerHealth]:
        meter = WorkerHealthMeter(lambda: 7, lambda: 3, lambda: 2)
        meter.begin(machine.now)
        machine.steps = iter(steps)
        with pytest.raises(StopIteration):
            meter._tick()
        done = meter.take()
        assert meter.take() == []
        return done

    return run


def test_an_idle_second(run: Callable[[list[Step]], list[WorkerHealth]]) -> None:
    (second,) = run([(0.0, 0.0)] * 51)
    assert (second.second, second.cpu, second.wait) == (0, 0.0, 0.0)
    assert second.lag_ms == pytest.approx(0.0, abs=1e-6)
    assert (second.users, second.in_flight, second.left) == (7, 3, 2)


def test_cpu_is_a_share_of_one_core(run: Callable[[list[Step]], list[WorkerHealth]]) -> None:
    (second,) = run([(0.0, TICK_S * 0.6)] * 51)
    assert second.cpu == pytest.approx(0.6)


def test_lag_is_the_median_of_the_ticks(run: Callable[[list[Step]], list[WorkerHealth]]) -> None:
    (second,) = run([(0.003, 0.003), (0.001, 0.001), (0.002, 0.002)] * 17)
    assert second.lag_ms == pytest.approx(2.0)
    assert second.wait == 0.0


def test_late_because_it_computed_is_no_stall(
    run: Callable[[list[Step]], list[WorkerHealth]],
) -> None:
    seconds = run([(0.02, 0.02)] * 40)
    assert seconds[0].lag_ms > 10
    assert seconds[0].wait == pytest.approx(0.0)


def test_a_stopped_process_was_stalled(run: Callable[[list[Step]], list[WorkerHealth]]) -> None:
    """As after SIGSTOP for 0.6 s: the run queue does not count that, the late tick does."""
    (second,) = run([(0.0, 0.0)] * 10 + [(0.6, 0.0)] + [(0.0, 0.0)] * 12)
    assert second.wait == pytest.approx(0.6, rel=0.05)
    assert second.lag_ms > 50


def test_a_gap_over_several_seconds_leaves_them_out(
    run: Callable[[list[Step]], list[WorkerHealth]],
) -> None:
    """The host takes a second without health for a starved one."""
    gap = [(0.0, 0.0)] * 10 + [(3.0, 0.0)]
    first, later = run(gap + [(0.0, 0.0)] * 50)
    assert (first.second, later.second) == (0, 3)
    assert first.wait > 0.9
    assert later.wait == 0.0


def test_time_in_the_run_queue(machine: Machine) -> None:
    meter = WorkerHealthMeter(int, int, int)
    meter.begin(machine.now)

    def steps() -> Iterator[Step]:
        for _ in range(55):
            machine.waited += 0.005
            yield (0.0, 0.0)

    machine.steps = steps()
    with pytest.raises(StopIteration):
        meter._tick()
    (second,) = meter.take()
    assert second.wait == pytest.approx(0.25, rel=0.05)


def test_wait_is_never_more_than_all_of_it(machine: Machine) -> None:
    meter = WorkerHealthMeter(int, int, int)
    meter.begin(machine.now)

    def steps() -> Iterator[Step]:
        for _ in range(60):
            machine.waited += 1.0
            yield (0.0, 0.0)

    machine.steps = steps()
    with pytest.raises(StopIteration):
        meter._tick()
    assert meter.take()[0].wait == 1.0


def test_the_last_second_is_given_though_its_tick_never_comes(machine: Machine) -> None:
    meter = WorkerHealthMeter(lambda: 7, lambda: 3, lambda: 2)
    assert meter.take() == []
    meter.begin(machine.now)
    machine.steps = iter([(0.0, TICK_S)] * 45)
    with pytest.raises(StopIteration):
        meter._tick()
    assert meter.take() == []
    machine.now += 0.11
    (second,) = meter.take()
    assert (second.second, second.users, second.in_flight) == (0, 7, 3)
    assert second.cpu == pytest.approx(0.9, abs=0.02)
    assert meter.take() == []


def test_begin_again_moves_second_0_only(machine: Machine) -> None:
    spawned: list[object] = []
    worker_health.gevent.spawn = spawned.append  # type: ignore[attr-defined]
    meter = WorkerHealthMeter(int, int, int)
    meter.begin(machine.now)
    meter.begin(machine.now + 1)
    assert len(spawned) == 1


def test_this_machine_says_something() -> None:
    assert worker_health._run_queue_s() >= 0.0
    assert worker_health._throttled_s() >= 0.0
