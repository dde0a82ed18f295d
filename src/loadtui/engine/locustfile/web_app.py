"""Locust's own web application, asked without a server: what the web API answers comes from it.

It is called as any WSGI server would (PEP 3333), in the greenlet that asks.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any

from locust.env import Environment

from loadtui.engine.locustfile.run_secrets import learn_from_changes
from loadtui.known_secrets import SECRETS
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion

PATHS = (
    "/stats/requests",
    "/stats/requests/csv",
    "/stats/failures/csv",
    "/stats/report",
    "/exceptions",
    "/exceptions/csv",
    "/tasks",
    "/logs",
    "/worker-count",
)
"""What is answered also while nothing runs."""
_TEXTS = ("text/", "application/json", "application/javascript", "application/xml")
"""Beginnings of types of what is read as text."""
_BODILESS = ("CONTENT_LENGTH", "CONTENT_TYPE")


class LocustWebApp:
    """The application of an environment that has its runner; it becomes `environment.web_ui`, to
    which a locustfile may add routes of its own."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        # It parses sys.argv again for the page, which nobody sees, where there is a runner already.
        runner, environment.runner = environment.runner, None
        self._app = environment.create_web_ui("127.0.0.1", 0, delayed_start=True).app
        environment.runner = runner

    def answer(self, question: HttpQuestion) -> HttpAnswer:
        return _without_secrets(_called(self._app, question))

    def last_answers(self) -> dict[str, HttpAnswer]:
        """Path -> answer of now, by an application that remembers none from before."""
        known = self._environment.web_ui
        fresh = LocustWebApp(self._environment)
        self._environment.web_ui = known
        return {path: fresh.answer(HttpQuestion("GET", path)) for path in PATHS}

    def take_options(self, options: dict[str, list[str]]) -> None:
        """Set `parsed_options` to what a form says, each value of the type that it has, as Locust's
        `/swarm` does; ValueError for a value that is not of that type."""
        known = vars(self._environment.parsed_options)
        for name in known.keys() & options.keys():
            known[name] = _like(known[name], options[name])
        learn_from_changes(known)


def _like(before: Any, values: list[str]) -> Any:
    """Values of a form's field in the type of what they replace."""
    match before:
        case bool():
            return values[0] == "true"
        case None:
            return values[0]
        case list():
            given = values[0].split(",") if "," in values[0] else values
            return [int(v) for v in given] if all(isinstance(x, int) for x in before) else given
    return type(before)(values[0])


def _without_secrets(answer: HttpAnswer) -> HttpAnswer:
    headers = [(name, SECRETS.hidden_name(value)) for name, value in answer.headers]
    kind = next((value for name, value in headers if name.lower() == "content-type"), "text/")
    body = _shown(answer.body) if kind.lower().startswith(_TEXTS) else answer.body
    if len(body) != len(answer.body):
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        headers.append(("Content-Length", str(len(body))))
    return HttpAnswer(answer.status, headers, body)


def _shown(body: bytes) -> bytes:
    """A document with each of its strings as a message is shown; a page or a table without values
    that are known, in whatever form they stand in it."""
    text = body.decode("utf-8", "surrogateescape")
    try:
        document = json.loads(text)
        shown = _message(document)
        if shown == document:
            return body
        return json.dumps(shown, indent=2, sort_keys=True).encode() + b"\n"  # as Locust writes it
    except (ValueError, RecursionError):
        return SECRETS.hidden_name(text).encode("utf-8", "surrogateescape")


def _message(part: Any) -> Any:
    match part:
        case str():
            return SECRETS.hidden(part)
        case list():
            return [_message(one) for one in part]
        case dict():
            return {SECRETS.hidden(key): _message(value) for key, value in part.items()}
    return part


def _called(app: Callable[..., Any], question: HttpQuestion) -> HttpAnswer:
    status, headers = "500 INTERNAL SERVER ERROR", []

    def start_response(
        line: str, fields: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = line, list(fields)
        return written.append

    written: list[bytes] = []
    try:
        parts = app(_environ(question), start_response)
        try:
            written += parts
        finally:
            getattr(parts, "close", lambda: None)()
    except Exception as error:  # of a route of the locustfile's own
        text = f"{type(error).__name__}: {error}".encode(errors="replace")
        return HttpAnswer("500 INTERNAL SERVER ERROR", [("Content-Type", "text/plain")], text)
    return HttpAnswer(status, headers, b"".join(written))


def _environ(question: HttpQuestion) -> dict[str, Any]:
    environ: dict[str, Any] = {}
    for name, value in question.headers:
        key = name.upper().replace("-", "_")
        key = key if key in _BODILESS else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ | {
        "REQUEST_METHOD": question.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": question.path.encode().decode("latin-1"),
        "QUERY_STRING": question.query,
        "CONTENT_LENGTH": str(len(question.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8089",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(question.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
