"""Real HTTP servers for tests, each a process of its own that ends with the test."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import pwd
import socket
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
READY_S = 15.0
STOP_S = 5.0
BIG = 50 * 1024 * 1024
TEXT = b"It was a bright cold day in April.\n" * 300

NGINX_CONF = """
{user}
daemon off;
worker_processes 1;
worker_rlimit_nofile 32768;
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 64m;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  default_type text/plain;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    {tls}
    root files;
    location = /nginx_status {{ stub_status; }}
    location = /big {{ }}
    location = /100k {{ }}
    location = /zipped {{ add_header Content-Encoding gzip; }}
    location = /404 {{ return 404 "no\\n"; }}
    location = /500 {{ return 500 "no\\n"; }}
    location = /moved {{ return 302 /; }}
    location / {{ return 200 "ok\\n"; }}
  }}
}}
"""


def free_port() -> int:
    """A port that was free a moment ago; whoever takes it must be ready to try another."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """A port whose queue is full: attempts to connect get no answer, as behind a firewall."""
    with contextlib.ExitStack() as sockets:
        listening = sockets.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = int(listening.getsockname()[1])
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        yield port


def fetch(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise OSError(f"GET {path}: status {response.status}")
        return body
    finally:
        connection.close()


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process that this test started."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Nginx:
    """nginx in a folder of its own, answering every path with 200, `/404` and `/500` as they say,
    `/moved` with a redirect to `/`, `/big` with 50 MB, `/100k` with 100 kB of random bytes, and
    `/zipped` with 10 kB of text, compressed whatever the client accepts.

    With `tls` all that is served with a self-signed certificate too, for which openssl is needed.
    """

    def __init__(self, program: str, folder: Path, *, tls: bool = False) -> None:
        self._tls = tls
        self.tls_port = 0
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._own = 0
        self._before = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def count(self) -> int:
        """Requests received since the start or the last `reset`, by the server's own counter.

        The counter is shared by nginx's processes and raised when a request's first bytes arrive,
        so it is exact once the clients are done.  This method's own requests are left out.
        """
        return self._total() - self._before

    def reset(self) -> None:
        """Count from 0 again."""
        self._before = self._total()

    def _total(self) -> int:
        status = self._status()
        return int(status[2].split()[2]) - self._own

    def connections(self) -> int:
        """Connections open now, without the one that asks."""
        return int(self._status()[0].split()[2]) - 1

    def _status(self) -> list[str]:
        self._own += 1
        # Active connections: 1 / server accepts handled requests / <accepts> <handled> <requests>
        return fetch(self.port, "/nginx_status").decode().splitlines()

    def __enter__(self) -> Self:
        files = self._folder / "files"
        files.mkdir(parents=True)
        with (files / "big").open("wb") as big:
            big.truncate(BIG)
        (files / "100k").write_bytes(os.urandom(100_000))
        (files / "zipped").write_bytes(gzip.compress(TEXT))
        if self._tls:
            self._make_certificate()
        deadline = time.monotonic() + READY_S
        while not self._start(deadline):
            if time.monotonic() > deadline:
                log = (self._folder / "error.log").read_text(errors="replace")
                raise RuntimeError(f"nginx did not start: {log}")
        return self

    def _start(self, deadline: float) -> bool:
        """Start on a free port; False when it ended at once, as when the port was just taken."""
        self.port = free_port()
        name = pwd.getpwuid(os.getuid()).pw_name
        user = f"user {name};" if os.getuid() == 0 else ""
        config = self._folder / "nginx.conf"
        config.write_text(NGINX_CONF.format(port=self.port, user=user, tls=self._tls_lines()))
        process = subprocess.Popen(
            [self._program, "-p", str(self._folder), "-c", str(config), "-e", "error.log"],
            stdin=subprocess.DEVNULL,
        )
        while process.poll() is None:
            try:
                self._own = 1
                fetch(self.port, "/nginx_status")
            except OSError:
                if time.monotonic() > deadline:
                    end(process)
                    return False
                time.sleep(0.02)
            else:
                self._process = process
                return True
        return False

    def _tls_lines(self) -> str:
        if not self._tls:
            return ""
        self.tls_port = free_port()
        listen = f"listen 127.0.0.1:{self.tls_port} ssl backlog=4096;"
        return f"{listen} ssl_certificate tls.crt; ssl_certificate_key tls.key;"

    def _make_certificate(self) -> None:
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
        files = ["-keyout", "tls.key", "-out", "tls.crt"]
        name = ["-addext", "subjectAltName=IP:127.0.0.1"]
        subprocess.run(
            [*command.split(), *name, *files], cwd=self._folder, check=True, capture_output=True
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            end(self._process)


class TimedServer:
    """A server whose every answer takes a time drawn from a seeded lognormal distribution, and
    that knows how long each really took: from having read the request to writing the answer.
    """

    def __init__(self, *, seed: int = 1, median_s: float = 0.02, sigma: float = 0.6) -> None:
        self._options = [f"--seed={seed}", f"--median={median_s}", f"--sigma={sigma}"]
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def durations(self) -> list[float]:
        """Seconds that each request so far really took, in the order they were answered."""
        return list(array("d", fetch(self.port, "/__durations")))

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "timed_server.py"), *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the timed server did not start")
        self.port = json.loads(line)["port"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            end(process)
            process.stdin.close()
            process.stdout.close()
