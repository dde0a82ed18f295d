"""The environment and the stages of a run, from a spec and a real locustfile."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import locust
import pytest

from loadtui.engine.host.dispatcher import ClassTargets, StageDispatcher
from loadtui.engine.host.stage_steps import plan_as_run, set_load_defaults, stages_of
from loadtui.engine.locustfile.environment import BuiltEnvironment, build_environment
from loadtui.engine.locustfile.load import load_locustfiles
from loadtui.engine.locustfile.loaded_run import LoadedRun
from loadtui.engine.locustfile.options import resolve_options
from loadtui.engine.locustfile.requests_at_import import RequestsAtImport
from loadtui.engine.locustfile.target_hosts import http_targets
from loadtui.engine.locustfile.user_code import UserCode
from loadtui.errors import UsageError
from loadtui.plan.model import Flags, Plan, Stage
from loadtui.wire.run_settings import RunSettings
from loadtui.wire.run_spec import RunSpec

SOURCE = """
from locust import FastHttpUser, LoadTestShape, User, events, task

class Anna(FastHttpUser):
    weight = 3
    host = "http://127.0.0.1:1"
    @task
    def t(self): pass

class Bert(FastHttpUser):
    weight = 2
    @task
    def t(self): pass
"""
SHAPE = """
class Wave(LoadTestShape):
    def tick(self): return None
"""
HOST = "http://127.0.0.1:2"

Make = Callable[..., tuple[RunSpec, BuiltEnvironment]]


def loaded_run(spec: RunSpec) -> LoadedRun:
    """As `load_run` gives it, which watches user code from then on."""
    loaded = load_locustfiles(spec.plan.locustfiles)
    watch = UserCode(lambda *_: None, lambda *_: None)
    return LoadedRun(spec, loaded, resolve_options(spec), RequestsAtImport(), watch)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["loadtui"])
    events = {name: list(hook._handlers) for name, hook in vars(locust.events).items()}
    yield
    for name, handlers in events.items():
        getattr(locust.events, name)._handlers[:] = handlers


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(
        source: str = SOURCE, args: list[str] | None = None, flags: Flags | None = None, **plan: Any
    ) -> tuple[RunSpec, BuiltEnvironment]:
        path = tmp_path / f"file_{len(list(tmp_path.iterdir()))}.py"
        path.write_text(source)
        made = Plan(name="p", locustfiles=(str(path),), **({"host": HOST} | plan))
        spec = RunSpec("r", made, RunSettings(flags or Flags(), args or [], 1))
        return spec, build_environment(loaded_run(spec))

    return make


def test_it_is_what_locust_would_make(make: Make) -> None:
    spec, _ = make(stop_timeout_s=2.5)
    targets = ClassTargets()
    build = functools.partial(StageDispatcher, targets)
    environment = build_environment(loaded_run(spec), build).environment
    assert [c.__name__ for c in environment.user_classes] == ["Anna", "Bert"]
    assert environment.events is locust.events
    assert environment.host == HOST
    assert environment.stop_timeout == 2.5
    assert environment.parsed_options.host == HOST
    assert environment.shape_class is None
    dispatcher = environment.dispatcher_class([], environment.user_classes)
    assert isinstance(dispatcher, StageDispatcher)
    assert dispatcher._targets is targets


def test_hosts_per_class(make: Make) -> None:
    _, built = make(host=None, hosts={"Bert": "http://127.0.0.1:3"})
    hosts = {c.__name__: c.host for c in built.environment.user_classes}
    assert hosts == {"Anna": "http://127.0.0.1:1", "Bert": "http://127.0.0.1:3"}
    assert built.environment.host is None
    assert plan_as_run(Plan("p", ()), built.environment).target == "several"


def test_a_host_for_one_class_goes_before_the_host_for_all(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCUST_HOST", HOST)
    _, built = make(host=None, hosts={"Bert": "http://127.0.0.1:3"})
    environment = built.environment
    hosts = {c.__name__: c(environment).host for c in environment.user_classes}
    assert hosts == {"Anna": HOST, "Bert": "http://127.0.0.1:3"}
    assert environment.host is None


def test_a_class_without_a_host_is_refused(make: Make) -> None:
    with pytest.raises(UsageError, match="no host for Bert"):
        make(host=None)


def test_hosts_that_are_no_url_are_told_and_not_tried(make: Make) -> None:
    _, built = make(host="kafka-1:29092", hosts={"Bert": "http://127.0.0.1:3"})
    assert built.remarks == [
        'the host "kafka-1:29092" of Anna is no base URL such as http://127.0.0.1:8000: '
        "requests of an HTTP client would fail"
    ]
    assert http_targets(built.environment) == {"http://127.0.0.1:3": False}
    plain = SOURCE.replace("FastHttpUser)", "User)")
    assert make(plain, host="kafka-1:29092")[1].remarks == []


def test_only_the_classes_that_are_named(make: Make) -> None:
    _, built = make(host=None, user_classes=("Anna",))
    assert [c.__name__ for c in built.environment.user_classes] == ["Anna"]
    assert plan_as_run(Plan("p", ()), built.environment).target == "http://127.0.0.1:1"


def test_config_users(make: Make) -> None:
    config = '[{"user_class_name": "Anna", "weight": 9, "host": "http://127.0.0.1:9"}]'
    _, built = make(args=[f"--config-users={config}"])
    assert built.environment.user_classes[0].weight == 9
    with pytest.raises(UsageError, match="--config-users names 'Zoe'"):
        make(args=[f"--config-users={config.replace('Anna', 'Zoe')}"])


def test_equal_weights(make: Make) -> None:
    _, built = make(args=["--equal-weights"])
    environment = built.environment
    environment.events.init.fire(environment=environment, runner=None, web_ui=None)
    assert [c.weight for c in environment.user_classes] == [1, 1]


def test_the_shape_holds_unless_the_plan_has_stages(make: Make) -> None:
    spec, built = make(SOURCE + SHAPE)
    assert type(built.environment.shape_class).__name__ == "Wave"
    assert [(s.name, s.users, s.duration_s) for s in stages_of(spec, built)] == [("shape", 0, None)]
    spec, built = make(SOURCE + SHAPE, stages=(Stage("L1", 3, 1.0, 60.0),))
    assert built.environment.shape_class is None
    assert [s.name for s in stages_of(spec, built)] == ["L1"]


LOAD = ["-u", "3", "-t", "60"]


@pytest.mark.parametrize(
    ("shape", "args", "options"),
    [
        (SHAPE, [], []),
        (SHAPE, LOAD, ["--users, --run-time have"]),
        (SHAPE, ["-r", "3"], ["--spawn-rate has"]),
        (SHAPE + "    use_common_options = True\n", LOAD, []),
        ("", LOAD, []),
    ],
)
def test_what_a_shape_does_without(
    shape: str, args: list[str], options: list[str], make: Make
) -> None:
    spec, built = make(SOURCE + shape, args=args)
    assert [remark.partition(" no effect")[0] for remark in built.remarks] == options
    assert [s.duration_s for s in stages_of(spec, built)] == [None if shape else 60.0]


def test_what_locust_sets_when_it_starts_by_itself(make: Make) -> None:
    spec, built = make(args=["-u", "3"])
    options = built.resolved.options
    assert (options.num_users, options.spawn_rate) == (3, None)
    set_load_defaults(spec, built)
    assert (options.num_users, options.spawn_rate) == (3, 1)
    spec, built = make(stages=(Stage("L1", 3, 1.0, 60.0),))
    set_load_defaults(spec, built)
    assert built.resolved.options.num_users is None


@pytest.mark.parametrize(
    ("flags", "stage"),
    [
        (Flags(), ("run", 1, 1.0, None)),
        (Flags(users=10, spawn_rate=2.5, run_time_s=90), ("run", 10, 2.5, 90.0)),
    ],
)
def test_without_stages_locusts_options_decide(make: Make, flags: Flags, stage: Any) -> None:
    spec, built = make(flags=flags)
    assert stages_of(spec, built) == [stage]


def test_nobody_to_run(make: Make) -> None:
    spec, built = make(flags=Flags(users=0))
    with pytest.raises(UsageError, match="-u: found 0, expected more than 0"):
        stages_of(spec, built)


def test_stages_of_the_plan(make: Make) -> None:
    counts = {"Anna": 8, "Bert": 2}
    spec, built = make(stages=(Stage("L1", 5, 1.0, 60.0), Stage("L2", counts, 2.0, 30.0)))
    first, second = stages_of(spec, built)
    assert first == ("L1", 5, 1.0, 60.0)
    assert second == ("L2", counts, 2.0, 30.0)
    assert (first.total, second.total) == (5, 10)


def test_a_stage_with_a_class_that_does_not_run(make: Make) -> None:
    spec, built = make(user_classes=("Anna",), stages=(Stage("L1", {"Ana": 1}, 1.0, 60.0),))
    with pytest.raises(UsageError, match=r"stage\[0\].users.Ana: .*did you mean Anna\?"):
        stages_of(spec, built)


def test_the_targets_name(make: Make) -> None:
    _, built = make()
    assert plan_as_run(Plan("p", ()), built.environment).target == HOST
