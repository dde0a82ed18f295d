"""What the end-to-end tests share: a folder to run in, and locustfiles in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.command import Write
from tests.support.planted_secrets import (
    CONF,
    ENVIRONMENT,
    HEADERS,
    KNOWN,
    LOCUSTFILE,
    RefusingShop,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder the command is given in."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def write(project: Path) -> Write:
    """`write(text, name)` puts a file into the project and gives its name, ready for a command."""

    def write(text: str, name: str = "locustfile.py") -> str:
        (project / name).write_text(dedent(text), encoding="utf-8")
        return name

    return write


@pytest.fixture
def shop() -> Iterator[str]:
    """Where a shop is, with a password."""
    with ThreadingHTTPServer(("127.0.0.1", 0), RefusingShop) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"shop:{KNOWN['password of the base URL']}@127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def state(project: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of loadtui's state, beside the project."""
    monkeypatch.setenv("XDG_STATE_HOME", str(project.parent / "state"))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    write(LOCUSTFILE.format(known=list(KNOWN.values()), headers=HEADERS), "shop.py")
    write(CONF, "locust.conf")
    return project.parent / "state"
