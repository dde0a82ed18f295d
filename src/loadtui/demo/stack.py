"""All services of the embedded target at once: `with DemoStack() as stack: ... stack.urls`."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from loadtui.demo.target import DemoTarget
from loadtui.errors import UsageError

PORTS = {"gateway": 8000, "rag": 8002, "mcp": 8020}
"""Service -> the port that the plans in scenarios/ look for it at."""
FREE = dict.fromkeys(PORTS, 0)


class DemoStack:
    """A process for each service, which also end when this one does.

    `ports` gives the port of each service, 0 for any free one; `how` is for DemoTarget.
    """

    def __init__(self, ports: Mapping[str, int] = PORTS, **how: Any) -> None:
        self._ports = ports
        self.targets = [DemoTarget(service, port=port, **how) for service, port in ports.items()]
        self._started = contextlib.ExitStack()

    @property
    def urls(self) -> dict[str, str]:
        """Service -> base URL."""
        return {target.service: target.url for target in self.targets}

    def ended(self) -> str | None:
        """The name of a service that has ended by itself, None while all are there."""
        return next((target.service for target in self.targets if not target.running), None)

    def __enter__(self) -> DemoStack:
        """Start all of them, or none; UsageError when one cannot start."""
        for service, port in self._ports.items():
            _check_free(service, port)
        with self._started:
            for target in self.targets:
                target.launch()
                self._started.callback(target.stop)
            for target in self.targets:
                target.wait_until_ready()
            self._started = self._started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._started.close()


def _check_free(service: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else "there is no such port"
            raise UsageError(
                f"port {port} for the {service} service cannot be had ({why}), choose another with "
                f"--port-{service} or any free ones with --free-ports"
            ) from None
