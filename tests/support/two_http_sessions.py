"""Stock HttpSession (requests) and the fast one, doing the same against the same server.

Only for processes in which Locust was imported first of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import locust.clients
from locust.exception import ResponseError

from loadtui.engine.http.requests.http_session import AcceleratedHttpSession
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook
from tests.support.two_clients import IN_FLIGHT, client


def new_session(fast: bool, url: str, user: Any = None) -> Any:
    """A session, and in its `told` what its listeners are told; inside `client(fast)`."""
    hook = RequestHook(Recorder(), Failures())
    told: list[dict[str, Any]] = []
    hook.add_listener(lambda **meta: told.append(meta))
    session = locust.clients.HttpSession(url, hook, user)
    assert isinstance(session, AcceleratedHttpSession) is fast
    session.trust_env = False
    session.told = told
    return session


@dataclass
class Call:
    """What a locustfile does once."""

    method: str
    url: str
    arguments: dict[str, Any] = field(default_factory=dict)
    within: str | None = None
    """What happens in the with-block of a request with catch_response; None without."""
    rename: str | None = None
    before: Callable[[Any], None] | None = None
    """Done to the session first."""


def do(session: Any, call: Call) -> Any:
    """Everything that the locustfile can see of one call."""
    response: Any = None
    raised = None
    if call.before is not None:
        call.before(session)
    try:
        with session.rename_request(call.rename) if call.rename else nullcontext():
            if call.within is None:
                response = session.request(call.method, call.url, **call.arguments)
            else:
                with session.request(
                    call.method, call.url, catch_response=True, **call.arguments
                ) as response:
                    _within(response, call.within)
    except Exception as error:
        raised = error
    seen = {
        "raised": outline(raised),
        "told": [_meta(meta) for meta in session.told],
        "response": look(response),
        "jar": _jar(session.cookies),
        "in flight": IN_FLIGHT.now,
    }
    session.told.clear()
    return seen


def _within(response: Any, what: str) -> None:
    if what == "success":
        response.success()
    elif what == "failure":
        response.failure("not what I want")
    elif what == "response error":
        raise ResponseError("not at all")
    elif what == "error":
        raise KeyError("a mistake")
    elif what == "status":
        response.raise_for_status()


def outline(error: Any) -> Any:
    """An exception, its causes and the request it names, without what differs from run to run."""
    if error is None:
        return None
    chain: list[tuple[str, str, str]] = []
    cause = error
    while cause is not None and len(chain) < 6:
        chain.append((type(cause).__qualname__, plain(str(cause)), plain(repr(cause))))
        cause = cause.__cause__ or cause.__context__
        if type(cause).__qualname__ in ("AttributeError", "BlockingIOError", "KeyError"):
            break
    request = getattr(error, "request", None)
    return (
        chain[0],
        [name for name, *_ in chain],
        None if request is None else (request.method, request.url),
    )


def plain(value: str) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x", value)


def _meta(meta: dict[str, Any]) -> dict[str, Any]:
    recorded = {k: meta[k] for k in ("request_type", "name", "response_length", "context", "url")}
    return recorded | {
        "keys": sorted(meta),
        "exception": outline(meta["exception"]),
        "timed": meta["response_time"] > 0 and meta["start_time"] > 0,
        "status": meta["response"].status_code,
    }


def _jar(jar: Any) -> Any:
    return sorted((c.domain, c.path, c.name, str(c.value), c.secure) for c in jar)


def _request(request: Any) -> Any:
    if request is None:
        return None
    named = getattr(request, "_explicit_name", None)
    return (request.method, request.url, [*request.headers.items()], request.body, named)


def look(response: Any) -> Any:
    """A response, as far as a locustfile can see it."""
    if response is None:
        return None
    views: dict[str, Callable[[], Any]] = {
        "kind": lambda: (isinstance(response, locust.clients.ResponseContextManager)),
        "status": lambda: (response.status_code, response.ok, bool(response), response.reason),
        "headers": lambda: (type(response.headers).__name__, [*response.headers.items()]),
        "header": lambda: response.headers.get("CONTENT-type"),
        "content": lambda: response.content,
        "text": lambda: response.text if len(response.content or b"") < 10000 else None,
        "encoding": lambda: response.encoding,
        "json": lambda: response.json() if len(response.content or b"") < 10000 else None,
        "url": lambda: response.url,
        "elapsed": lambda: response.elapsed.total_seconds() >= 0,
        "history": lambda: [
            (r.status_code, [*r.headers.items()], r.content, _request(r.request), _jar(r.cookies))
            for r in response.history
        ],
        "request": lambda: _request(response.request),
        "cookies": lambda: _jar(response.cookies),
        "links": lambda: response.links,
        "redirect": lambda: (response.is_redirect, response.is_permanent_redirect),
        "next": lambda: _request(response.next),
        "error": lambda: outline(response.error),
        "raise": response.raise_for_status,
        "meta": lambda: (response.request_meta["name"], response.request_meta["response_length"]),
        "raw": lambda: None if response.raw is None else (
            response.raw.status,
            response.raw.version,
            response.raw.reason,
            [*response.raw.headers.items()],
            response.raw.read(),
            response.raw.closed,
            response.raw.getheader("Content-Type"),
        ),
        "pieces": lambda: b"".join(response.iter_content(1 + len(response.content) // 50)),
        # A line that never ends is put together anew with each piece.
        "lines": lambda: [*response.iter_lines(8192 + len(response.content) // 8)][:50],
        "close": response.close,
        "again": lambda: response.content,
    }  # fmt: skip
    seen = {}
    for name, view in views.items():
        try:
            seen[name] = view()
        except Exception as error:
            seen[name] = outline(error)
    return seen


def _idle(session: Any) -> int:
    """Connections at rest."""
    return sum(
        connection is not None and connection.sock is not None
        for adapter in {id(a): a for a in session.adapters.values()}.values()
        for pool in adapter.poolmanager.pools._container.values()
        for connection in pool.pool.queue
    )


def run(server: Any, script: dict[str, Any], calls: list[Call], fast: bool) -> Any:
    """One session's way through the calls: what was seen here, and there."""
    server.play(script)
    with client(fast):
        session = new_session(fast, server.url)
        went = []
        for call in calls:
            went.append(do(session, call))
            server.settle()
        seen = server.seen(), _idle(session)
        session.close()
    return went, seen


def both(server: Any, script: dict[str, Any], calls: list[Call]) -> Any:
    """The same with both clients, which must not differ; how it went, and what the server saw."""
    stock, stock_seen = run(server, script, calls, False)
    fast, fast_seen = run(server, script, calls, True)
    for number, (theirs, ours) in enumerate(zip(stock, fast, strict=True)):
        for part, value in theirs.items():
            if isinstance(value, dict):
                assert ours[part].keys() == value.keys()
                for name in value:
                    assert ours[part][name] == value[name], f"call {number}: {part} {name}"
            assert ours[part] == value, f"call {number}: {part}: {ours[part]} is not {value}"
    assert fast_seen == stock_seen
    return fast, fast_seen[0]
