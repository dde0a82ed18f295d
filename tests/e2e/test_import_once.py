"""A locustfile is imported once a run, with the command line that Locust would have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Write, command, load
from tests.support.fake_host import notes, serverless

AT_IMPORT = """
    import os
    import socket
    import sys
    import uuid

    RUN_ID = uuid.uuid4().hex
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    request = events.request
    request.fire(request_type="X", name="at import", response_time=1, response_length=0,
                 exception=None)
    note(f"imported {sys.argv}")

    @events.init_command_line_parser.add_listener
    def _(parser):
        parser.add_argument("--folder", required=True)
        if not os.path.isdir(parser.parse_args().folder):
            parser.error("no such folder")

    @events.init.add_listener
    def _(environment, **_):
        note(f"{RUN_ID} {server.getsockname()} {environment.parsed_options.headless}")

    @request.add_listener
    def _(name, **_):
        if name == "by hand":
            note("listened")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")

        def on_start(self):
            request.fire(request_type="X", name="by hand", response_time=1, response_length=0,
                         exception=None)
"""


def test_what_is_done_at_import_is_done_once(project: Path, write: Write) -> None:
    file = write(serverless(AT_IMPORT))
    users = ("-u", "2", "-r", "100", "-t", "1s", "--processes", "2")
    outcome = load(project, file, *users, own=("--folder", str(project)))
    assert outcome.quiet_code == 0, outcome.stderr
    lines = notes(project)
    [argv] = [line for line in lines if line.startswith("imported")]
    words = [
        "locust",
        "-f",
        "locustfile.py",
        "--headless",
        "-u",
        "2",
        "-r",
        "100.0",
        "-t",
        "1s",
    ]
    assert argv == f"imported {[*words, '--folder', str(project)]}"
    in_init = [line for line in lines if line.endswith(" True")]
    assert len(in_init) == 3, "host and two workers"
    assert len({*in_init}) == 1, "with one id and one port"
    assert lines.count("listened") == 2, "once a user, though the hook was taken at import"
    endpoints = outcome.endpoints()
    assert endpoints["X by hand"]["requests"] == 2
    assert "X at import" not in endpoints


def test_check_says_what_the_import_did(
    project: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not that Python saves what it compiled."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    text = """
        import socket

        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        open("data.csv", "w").close()

        class Someone(ServerlessUser):
            @task
            def hello(self):
                fire(self, "hello")
    """
    said = command(project, "check", write(serverless(text)))
    assert "at import  binds 127.0.0.1:0, writes data.csv\n" in said.stdout
