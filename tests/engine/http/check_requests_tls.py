"""HttpUser's fast session and the stock one against a server with TLS."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from urllib3.exceptions import InsecureRequestWarning

from loadtui.engine.http.requests import http_session
from tests.support.tls_server import TlsServer, self_signed
from tests.support.two_clients import client
from tests.support.two_http_sessions import Call, do, new_session


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


def test_certificates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = self_signed(folder)
    served: list[int] = []
    real = http_session.pooled_exchange

    def exchange(*what: Any) -> Any:
        done = real(*what)
        served.append(1)
        return done

    monkeypatch.setattr(http_session, "pooled_exchange", exchange)
    with TlsServer(made) as server:
        calls = [
            Call("GET", "/unverified"),
            Call("GET", "/a", {"verify": False}),
            Call("POST", "/b", {"verify": False, "json": {"a": 1}, "timeout": 5}),
            Call("GET", "/c", {"verify": str(made.certificate)}),
            Call("GET", "/d", {"verify": str(folder / "nothing.pem")}),
            Call("GET", "/e", {"verify": False, "timeout": (2, 0.5)}),
        ]
        went = []
        for fast in (False, True):
            with client(fast), warnings.catch_warnings():
                warnings.simplefilter("ignore", InsecureRequestWarning)
                session = new_session(fast, server.url)
                went.append([do(session, call) for call in calls])
                session.close()
    for theirs, ours in zip(*went, strict=True):
        for seen in (theirs, ours):  # the date among them
            for name in ("headers", "raw"):
                (seen["response"] or {}).pop(name, None)
        assert ours == theirs
    assert [each["raised"] is None for each in went[1]] == [True] * 4 + [False, True]
    assert "CERTIFICATE_VERIFY_FAILED" in str(went[1][0]["response"]["error"])
    assert went[1][1]["response"]["status"][0] == 200
    assert len(served) == 4
