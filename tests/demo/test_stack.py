"""All services at once: started together or not at all, and ended together."""

from __future__ import annotations

import socket

import pytest

from loadtui.demo import stack as stack_module
from loadtui.demo.stack import FREE, PORTS, DemoStack
from loadtui.errors import UsageError


class _Target:
    """Stands for a service's process."""

    log: list[str]
    broken = ""

    def __init__(self, service: str, *, port: int, **how: object) -> None:
        self.service, self.port, self.how = service, port, how
        self.url = f"http://127.0.0.1:{port}"
        self.running = False

    def launch(self) -> None:
        self.running = True
        self.log.append(f"launch {self.service}")

    def wait_until_ready(self) -> None:
        if self.service == self.broken:
            raise UsageError("no git")
        self.log.append(f"ready {self.service}")

    def stop(self) -> None:
        self.running = False
        self.log.append(f"stop {self.service}")


@pytest.fixture
def targets(monkeypatch: pytest.MonkeyPatch) -> type[_Target]:
    kind = type("Targets", (_Target,), {"log": []})
    monkeypatch.setattr(stack_module, "DemoTarget", kind)
    return kind


def test_all_start_at_once_and_all_end(targets: type[_Target]) -> None:
    with DemoStack(FREE, slow=2.0) as stack:
        assert list(stack.urls) == list(PORTS) == ["gateway", "rag", "mcp"]
        assert targets.log == [
            *(f"launch {name}" for name in PORTS),
            *(f"ready {name}" for name in PORTS),
        ]
        assert all(target.how == {"slow": 2.0} for target in stack.targets)
        assert stack.ended() is None
        stack.targets[1].running = False
        assert stack.ended() == "rag"
    assert targets.log[-3:] == ["stop mcp", "stop rag", "stop gateway"]


def test_when_one_cannot_start_none_stays(targets: type[_Target]) -> None:
    targets.broken = "rag"
    with pytest.raises(UsageError, match="no git"), DemoStack(FREE):
        pass
    assert sorted(targets.log[-3:]) == ["stop gateway", "stop mcp", "stop rag"]


def test_a_taken_port_is_one_sentence_before_anything_starts(targets: type[_Target]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as error, DemoStack({**FREE, "mcp": port}):
            pass
    assert str(error.value) == (
        f"port {port} for the mcp service cannot be had (Address already in use), "
        "choose another with --port-mcp or any free ones with --free-ports"
    )
    assert targets.log == []


def test_the_ports_are_those_of_the_plans() -> None:
    assert PORTS == {"gateway": 8000, "rag": 8002, "mcp": 8020}
