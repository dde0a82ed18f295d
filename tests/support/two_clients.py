"""Stock FastHttpSession and the fast one, doing the same against the same server.

Only for processes in which Locust was imported first of all.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import geventhttpclient.client
import locust.clients
import locust.contrib.fasthttp as fasthttp
import locust.user.users
import urllib3.connection
from geventhttpclient.connectionpool import ConnectionPool
from locust import User
from locust.env import Environment
from locust.exception import ResponseError

from loadtui.engine.http.fasthttp.accelerated_user_agent import AcceleratedUserAgent
from loadtui.engine.http.fasthttp.fasthttp_session import AcceleratedFastHttpSession
from loadtui.engine.http.install import install
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook

_PATCHED = [
    (fasthttp, "FastHttpSession"),
    (fasthttp, "LocustUserAgent"),
    (ConnectionPool, "_create_tcp_socket"),
    (geventhttpclient.client, "HTTPSocketPoolResponse"),
    (geventhttpclient.client, "_ExpectContinueProbe"),
    (locust.clients, "HttpSession"),
    (locust.clients, "LocustHttpAdapter"),
    (locust.clients, "ResponseContextManager"),
    (locust.user.users, "HttpSession"),
    (urllib3.connection.HTTPConnection, "response_class"),
]
_STOCK = [(owner, name, getattr(owner, name)) for owner, name in _PATCHED]
IN_FLIGHT = InFlight()


@contextmanager
def client(fast: bool) -> Iterator[None]:
    """The process as it is with the fast path, or as Locust leaves it."""
    if fast:
        install(IN_FLIGHT)
    try:
        yield
    finally:
        for owner, name, stock in _STOCK:
            setattr(owner, name, stock)


class Visitor(User):
    """The user to whom sessions belong."""

    abstract = True

    def context(self) -> dict[str, Any]:
        return {"username": "anna"}


def new_session(fast: bool, url: str | None, user: User | None = None, **settings: Any) -> Any:
    """A session, and in its `told` what its listeners are told."""
    hook = RequestHook(Recorder(), Failures())
    told: list[dict[str, Any]] = []
    hook.add_listener(lambda **meta: told.append(meta))
    settings = {"network_timeout": 10.0, "connection_timeout": 10.0, "concurrency": 2} | settings
    settings = {"max_redirects": 30, "max_retries": 0} | settings
    session = fasthttp.FastHttpSession(url, hook, user, **settings)
    assert isinstance(session, AcceleratedFastHttpSession) is fast
    assert isinstance(session.client, AcceleratedUserAgent) is fast
    session.told = told
    return session


def new_visitor() -> User:
    return Visitor(Environment())


@dataclass
class Exchange:
    """What a locustfile does once."""

    method: str
    url: str
    arguments: dict[str, Any] = field(default_factory=dict)
    within: str | None = None
    """What happens in the with-block of a request with catch_response; None without."""
    rename: str | None = None
    settles: bool = True


def do(session: Any, exchange: Exchange) -> Any:
    """Everything that the locustfile can see of one exchange."""
    response: Any = None
    raised = None
    try:
        with session.rename_request(exchange.rename) if exchange.rename else nullcontext():
            if exchange.within is None:
                response = session.request(exchange.method, exchange.url, **exchange.arguments)
            else:
                with session.request(
                    exchange.method, exchange.url, catch_response=True, **exchange.arguments
                ) as response:
                    _within(response, exchange.within)
    except Exception as error:
        raised = error
    seen = {
        "raised": outline(raised),
        "told": [_meta(meta) for meta in session.told],
        "response": look(response),
        "jar": sorted(
            (c.domain, c.path, c.name, str(c.value), c.secure) for c in session.cookiejar
        ),
    }
    session.told.clear()
    return seen


def _within(response: Any, what: str) -> None:
    if what == "success":
        response.success()
    elif what == "failure":
        response.failure("not what I want")
    elif what == "failure with an exception":
        response.failure(ValueError("not what I want"))
    elif what == "response error":
        raise ResponseError("not at all")
    elif what == "error":
        raise KeyError("a mistake")
    elif what == "status":
        response.raise_for_status()
    elif what == "failure and error":
        response.failure("not what I want")
        raise KeyError("a mistake")


def outline(error: Any) -> Any:
    """An exception, without what differs from run to run."""
    if error is None:
        return None
    recorded = {
        name: _plain(getattr(error, name))
        for name in ("url", "text", "code", "http_log", "errno")
        if hasattr(error, name)
    }
    request = getattr(error, "request", None)
    return (
        type(error).__qualname__,
        _plain(str(error)),
        _plain(repr(error)),
        recorded,
        None if request is None else (request.url, request.method, [*request.headers.items()]),
        hasattr(error, "response"),
    )


def _plain(value: Any) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x", str(value))


def _meta(meta: dict[str, Any]) -> dict[str, Any]:
    recorded = {k: meta[k] for k in ("request_type", "name", "response_length", "context", "url")}
    return recorded | {
        "keys": sorted(meta),
        "exception": outline(meta["exception"]),
        "timed": meta["response_time"] > 0 and meta["start_time"] > 0,
        "status": meta["response"].status_code,
    }


UNSET_IN_WITH = ("elapsed", "history")
"""Stock responses of with-blocks have lost these, by mistake; the fast path may keep them."""


def look(response: Any) -> Any:
    """A response, as far as its documented attributes go."""
    if response is None:
        return None
    views: dict[str, Callable[[], Any]] = {
        "kind": lambda: (isinstance(response, fasthttp.FastResponse), hasattr(response, "success")),
        "status": lambda: response.status_code,
        "ok": lambda: response.ok,
        "headers": lambda: (type(response.headers).__name__, [*(response.headers or {}).items()]),
        "declared": lambda: len(response),
        "content": lambda: response.content,
        "text": lambda: response.text,
        "encoding": lambda: response.encoding,
        "json": response.json,
        "url": lambda: response.url,
        "elapsed": lambda: response.elapsed is not None and response.elapsed.total_seconds() >= 0,
        "history": lambda: [
            (r.status_code, [*r.headers.items()], r.content, r.elapsed.total_seconds() > 0)
            for r in response.history
        ],
        "request": lambda: (
            response.request.url,
            response.request.method,
            [*response.request.headers.items()],
            response.request.body,
            response.request.payload,
            type(response.request).__name__,
        ),
        "error": lambda: (hasattr(response, "error"), outline(getattr(response, "error", None))),
        "raise": response.raise_for_status,
        "info": lambda: [*response.info().items()],
        "closed": response.isclosed,
        "read": response.read,
        "line": response.readline,
        "rest": lambda: [*response.iter_content()],
        "stream": lambda: (response.stream.read(), response.stream.get_code()),
        "again": lambda: response.content,
    }
    seen = {}
    for name, view in views.items():
        try:
            seen[name] = view()
        except Exception as error:
            seen[name] = outline(error)
    return seen


def pools(session: Any) -> Any:
    """Connections in use and at rest, by host and port."""
    return sorted(
        (str(key), c._connection_pool._semaphore.counter, len(c._connection_pool._socket_queue))
        for key, c in session.client.clientpool.clients.items()
    )


@dataclass
class Course:
    """How a sequence of exchanges went with one of the clients."""

    exchanges: list[Any]
    requests: list[Any]
    pools: Any


def run(
    server: Any,
    script: dict[str, Any],
    exchanges: list[Exchange],
    fast: bool,
    user: User | None = None,
    **settings: Any,
) -> Course:
    """One session's way through the exchanges."""
    server.play(script)
    with client(fast):
        url = settings.pop("base_url", server.url)
        session = new_session(fast, url, user, **settings)
        went = []
        for exchange in exchanges:
            went.append(do(session, exchange))
            if exchange.settles:
                server.settle()
        gc.collect()
        course = Course(went, server.seen(), pools(session))
        session.client.close()
    return course


def compare(stock: Course, fast: Course) -> None:
    """Fails where the two clients differ."""
    assert len(stock.exchanges) == len(fast.exchanges)
    for number, (theirs, ours) in enumerate(zip(stock.exchanges, fast.exchanges, strict=True)):
        if theirs["response"] and ours["response"]:
            for name in UNSET_IN_WITH:
                if isinstance(theirs["response"][name], tuple):  # an AttributeError
                    theirs["response"][name] = ours["response"][name] = None
        for part in ("raised", "told", "response", "jar"):
            assert ours[part] == theirs[part], f"exchange {number}: {part}"
    assert fast.requests == stock.requests
    assert fast.pools == stock.pools


def both(
    server: Any,
    script: dict[str, Any],
    exchanges: list[Exchange],
    **settings: Any,
) -> Course:
    """The same with both clients, which must not differ; how it went."""
    stock = run(server, script, exchanges, False, **settings)
    fast = run(server, script, exchanges, True, **settings)
    compare(stock, fast)
    return fast


def exceptions(course: Any) -> list[str | None]:
    """What listeners were told of, by the names of the classes; None for a success."""
    return [
        told["exception"][0] if told["exception"] else None
        for exchange in course.exchanges
        for told in exchange["told"]
    ]


def free(session: Any) -> list[int]:
    """How many more connections each host may have."""
    return [
        c._connection_pool._semaphore.counter for c in session.client.clientpool.clients.values()
    ]
