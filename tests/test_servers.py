"""The servers that other tests take for the truth."""

from __future__ import annotations

import http.client
import math
import statistics
import time

import pytest

from tests.support.servers import Nginx, TimedServer
from tests.support.tools import need_tool


def test_nginx_counts_every_request_and_only_those_of_the_test(nginx: Nginx) -> None:
    assert nginx.count() == 0
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port)
    for path, status in [
        ("/", 200),
        ("/404", 404),
        ("/500", 500),
        ("/moved", 302),
        ("/x?y=1", 200),
    ]:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert response.status == status
    connection.request("POST", "/form", body=b"a=1")
    assert connection.getresponse().read() == b"ok\n"
    connection.close()
    assert nginx.count() == 6
    assert nginx.count() == 6
    nginx.reset()
    assert nginx.count() == 0


def test_nginx_serves_a_response_of_50_mb(nginx: Nginx) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port)
    connection.request("HEAD", "/big")
    assert connection.getresponse().getheader("Content-Length") == str(50 * 1024 * 1024)
    connection.close()


def test_timed_server_logs_what_a_client_sees() -> None:
    seen = []
    with TimedServer(seed=7, median_s=0.004, sigma=0.5) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for number in range(40):
            body = b"x" * 3000 if number % 2 else None
            begun = time.perf_counter()
            connection.request("POST" if body else "GET", "/", body=body)
            connection.getresponse().read()
            seen.append(time.perf_counter() - begun)
        connection.close()
        logged = server.durations()
        assert server.durations() == logged, "asking is not logged"
    assert len(logged) == 40
    # What a client sees contains what the server logged, whatever else the machine is doing.
    assert all(outside > inside for outside, inside in zip(seen, logged, strict=True))
    drawn = math.exp(statistics.fmean(map(math.log, logged)))
    assert drawn > 0.003, "delays of 4 ms at the median were really waited for"


def test_a_missing_tool_skips_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        need_tool("no-such-program")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        need_tool("no-such-program")
    assert need_tool("sh").endswith("/sh")
