"""Trying a target without a request: one sentence for each way that it cannot be reached."""

from __future__ import annotations

import socket
import threading

import pytest

from loadtui.plan.target_probe import target_fault
from tests.support.servers import Nginx, deaf_port, free_port
from tests.support.tools import need_tool


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> object:
    with Nginx(need_tool("nginx"), tmp_path_factory.mktemp("nginx"), tls=True) as nginx:
        yield nginx


def test_a_target_that_is_up(server: Nginx) -> None:
    assert target_fault(f"http://127.0.0.1:{server.port}", verify=True) == ""
    assert target_fault(f"https://127.0.0.1:{server.tls_port}/v1", verify=False) == ""


def test_nobody_listens() -> None:
    port = free_port()
    fault = target_fault(f"http://127.0.0.1:{port}", verify=True)
    assert fault == f"nothing listens at 127.0.0.1:{port}; is it up? -H gives another host"


@pytest.mark.parametrize("name", ["no.such.name.invalid", "a..b", "x" * 70])
def test_an_unknown_name(name: str) -> None:
    assert f"the name {name} is not known" in target_fault(f"http://{name}", verify=True)


def test_tls_where_there_is_none(server: Nginx) -> None:
    fault = target_fault(f"https://127.0.0.1:{server.port}", verify=True)
    assert "does not speak TLS; is it http:// rather than https://?" in fault


def test_no_tls_where_there_is(server: Nginx) -> None:
    fault = target_fault(f"http://127.0.0.1:{server.tls_port}", verify=True)
    assert "speaks TLS; is it https:// rather than http://?" in fault


def test_a_certificate_that_is_not_trusted(server: Nginx) -> None:
    fault = target_fault(f"https://127.0.0.1:{server.tls_port}", verify=True)
    assert "is not trusted (self-signed certificate)" in fault


def test_connections_that_are_closed_at_once() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=_close_first, args=[listening], daemon=True).start()
        fault = target_fault(f"https://127.0.0.1:{listening.getsockname()[1]}", verify=True)
    assert "closes them during TLS" in fault


def _close_first(listening: socket.socket) -> None:
    listening.accept()[0].close()


def test_tls_that_is_never_answered() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        assert "does not answer TLS" in target_fault(url, verify=True, timeout_s=0.2)


def test_a_host_that_drops_what_comes() -> None:
    with deaf_port() as port:
        fault = target_fault(f"http://127.0.0.1:{port}", verify=True, timeout_s=0.3)
    assert f"127.0.0.1:{port} does not answer attempts to connect" in fault


def test_what_is_no_port() -> None:
    assert "is not a base URL" in target_fault("http://127.0.0.1:99999", verify=True)
