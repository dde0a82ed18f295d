"""Locustfiles for tests that need no server: their users only say that they sent requests."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

SERVERLESS_USERS = '''
    import os
    import time
    from pathlib import Path

    from locust import LoadTestShape, User, constant, events, tag, task
    from locust.exception import StopUser
    from locust.runners import MasterRunner, WorkerRunner


    def note(text):
        """Append a line to notes.txt; one write, since several processes do."""
        with open("notes.txt", "a") as file:
            file.write(f"{os.getpid()} {text}\\n")


    def fire(user, name, method="SAY", ms=20.0, size=2, error=None, **more):
        user.environment.events.request.fire(
            request_type=method, name=name, response_time=ms, response_length=size,
            exception=error, context=user.context(), **more,
        )


    class ServerlessUser(User):
        abstract = True
        wait_time = constant(0.05)
'''


def serverless(text: str) -> str:
    """A locustfile: `ServerlessUser`, which needs no server, `fire`, `note`, and `text`."""
    return dedent(SERVERLESS_USERS) + dedent(text)


def notes_by_process(project: Path) -> dict[str, list[str]]:
    """The notes of each process in the order it wrote them."""
    found: dict[str, list[str]] = {}
    for line in (project / "notes.txt").read_text().splitlines():
        pid, _, text = line.partition(" ")
        found.setdefault(pid, []).append(text)
    return found


def notes(project: Path) -> list[str]:
    """The notes of all processes."""
    lines = (project / "notes.txt").read_text().splitlines()
    return [line.partition(" ")[2] for line in lines]
