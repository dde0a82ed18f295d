"""Time from the command to the first request at the server: loadtui against Locust's command.

python tests/benchmarks/first_request.py [--pairs 5]
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import harness

FILE = harness.HERE / "fasthttp.py"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


class Doorbell:
    """A server that answers everything and notes when the first bytes of a request came."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.first: float | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while connection.recv(65536):
                    if self.first is None:
                        self.first = time.monotonic()
                    connection.sendall(ANSWER)
            except OSError:
                return


def seconds_to_first(bell: Doorbell, command: Sequence[str | Path]) -> float:
    """Run a command to its end; RuntimeError when it sent no request."""
    bell.first = None
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=folder,
            env=harness.environment(Path(folder)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if bell.first is None:
        raise RuntimeError(f"{command[0]} sent no request: {done.stderr}")
    return bell.first - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    pairs = parser.parse_args().pairs
    bell = Doorbell()
    flags = ["-H", bell.url, "-u", "1", "-r", "1", "-t", "1s"]
    loadtui = [harness.loadtui(), "run", FILE, *flags, "--processes", "1", "--no-ui", "-q"]
    locust = [sys.executable, "-m", "locust", "-f", FILE, *flags, "--headless", "--only-summary"]
    a, b = [], []
    for _ in range(pairs + 1):
        a.append(seconds_to_first(bell, loadtui))
        b.append(seconds_to_first(bell, locust))
    a, b = a[1:], b[1:]  # the first pair reads from disk
    print(harness.machine())
    print("seconds to the first request (least - median - most)")
    print(f"loadtui  {harness.spread(a).text()}")
    print(f"locust   {harness.spread(b).text()}")
    print(f"ratio    {harness.spread(harness.ratios(a, b)).text()}")


if __name__ == "__main__":
    main()
