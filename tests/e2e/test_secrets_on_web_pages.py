"""What Locust's own pages and documents say, with secrets wherever they can stand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Write
from tests.support.planted_secrets import KNOWN, TYPED, leaks, written
from tests.support.project import Followed, Project
from tests.support.waiting import wait_until
from tests.support.web_question import Heard, asked

PAGES = (
    "/",
    "/stats/requests",
    "/stats/requests/csv",
    "/stats/requests_full_history/csv",
    "/stats/failures/csv",
    "/stats/report",
    "/stats/report?download=1&theme=dark",
    "/exceptions",
    "/exceptions/csv",
    "/tasks",
    "/logs",
    "/worker-count",
    "/user",
    "/nothing",
)
FORMED = "canary-formed-24"
LATER = "canary-later-25"
FORM = {"user_count": "2", "spawn_rate": "2", "pin": FORMED, "api_key": LATER}
ROUTE = """
@events.init.add_listener
def routes(environment, web_ui, **kwargs):
    if web_ui:
        @web_ui.app.route("/user")
        def user():
            options = vars(environment.parsed_options)
            return {"all": ALL, "options": {k: str(v) for k, v in options.items()}}
"""


class Pages:
    """Of a command that serves them."""

    def __init__(self, command: Followed, folder: Path) -> None:
        self.command = command
        self._folder = folder
        command.wait_for(r"at http://\S+;")
        found = re.search(r"at (http://\S+);", command.said)
        assert found is not None
        self._address = found[1]
        self.said: list[tuple[str, bytes]] = []

    def ask(self, path: str, form: dict[str, str] | None = None) -> Heard:
        heard = asked(self._address + path, "GET", form)
        text = f"{heard.headers}\n{heard.text}"
        self.said.append((f"{path} {len(self.said)}", text.encode()))
        return heard

    def look_at_all(self) -> None:
        for path in PAGES:
            self.ask(path)

    def until(self, word: str, path: str) -> None:
        wait_until(lambda: word in self.ask(path).text, f"{word} in {path}")


@pytest.fixture
def pages(project: Path, write: Write, state: Path, shop: str) -> Iterator[Pages]:
    path = project / "shop.py"
    path.write_text(path.read_text() + ROUTE)
    known = [KNOWN[kind] for kind in KNOWN if kind.startswith("plan ")]
    own = zip(("--db-password", "--pin", "--api-key"), known, strict=True)
    arguments = ["run", "shop.py", "--no-ui", "-H", f"http://{shop}", "--web-port", "0"]
    arguments += ["--processes", "1", "--", *TYPED, *(word for pair in own for word in pair)]
    within = Project(project, **os.environ)
    yield Pages(within.follow(*arguments), project)
    within.close()


@pytest.mark.thorough
def test_before_during_and_after_a_run(pages: Pages, project: Path, state: Path) -> None:
    pages.look_at_all()
    assert pages.ask("/swarm", FORM).document["success"]
    pages.until("RAISED", "/exceptions")
    pages.until("TOLD", "/stats/failures/csv")
    pages.look_at_all()
    pages.ask("/swarm", FORM | {"pin": LATER})
    pages.look_at_all()
    pages.ask("/stop", {})
    pages.until('"stopped"', "/stats/requests")
    pages.look_at_all()
    formed = [
        name for name, text in pages.said if FORMED.encode() in text or LATER.encode() in text
    ]
    assert formed == []
    assert leaks([*pages.said, *written(project), *written(state)]) == ""
    assert any(name.startswith("/user") and b"***" in text for name, text in pages.said)
