"""HttpSession on the fast path."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import requests
from greenlet import GreenletExit
from locust import User
from locust.clients import HttpSession
from requests.auth import HTTPBasicAuth
from requests.cookies import MockRequest, RequestsCookieJar, extract_cookies_to_jar
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema, RequestException
from requests.models import PreparedRequest
from requests.structures import CaseInsensitiveDict

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.request_head import MAX_CACHED_HEADS
from loadtui.engine.http.requests.begun_exchange import BegunExchange
from loadtui.engine.http.requests.destination import Destination, Destinations
from loadtui.engine.http.requests.lazy_response import LazyResponse, lazy_response
from loadtui.engine.http.requests.pooled_connection import Unsuited, release_connection
from loadtui.engine.http.requests.pooled_exchange import pooled_exchange
from loadtui.engine.http.requests.request_template import (
    NO_HOOKS,
    NO_PAYLOAD,
    Payload,
    RequestTemplate,
    SentRequest,
    build_template,
    payload_of,
)
from loadtui.engine.http.requests.transport_adapter import timeouts_of
from loadtui.engine.http.stdlib_internals import ENVIRONMENT_VARIABLES, cookie_header
from loadtui.engine.http.stock_fallback import StockFallback
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.store.books import BEGUN

_SERVED = frozenset(["allow_redirects", "auth", "headers", "params", "stream", "timeout", "verify"])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
# Whoever overrides or replaces one of these wants to be called.
_STEPS = (
    (HttpSession, "prepare_request"),
    (HttpSession, "_build_url"),
    (HttpSession, "_send_request_safe_mode"),
    (requests.Session, "send"),
    (requests.Session, "get_adapter"),
    (requests.Session, "merge_environment_settings"),
    (requests.Session, "resolve_redirects"),
)
_STOCK_STEPS = tuple(getattr(owner, name) for owner, name in _STEPS)
_STEP_NAMES = frozenset(name for _, name in _STEPS)
_STOCK_REQUEST = requests.Session.request


class AcceleratedHttpSession(HttpSession):
    """Sends ordinary requests itself and leaves the others to the stock session, whose adapter is
    an AcceleratedAdapter."""

    deadlines: Deadlines
    in_flight: InFlight

    def __init__(self, base_url: Any, request_event: Any, user: Any, *args: Any, **kwargs: Any):
        self._templates: dict[Any, RequestTemplate | None] = {}
        self._destinations = Destinations()
        self._bare_requests: dict[tuple[str, str], tuple[RequestTemplate, str, str]] = {}
        """Template, URL and target of requests that have nothing else of their own."""
        self._built_under: list[Any] = []
        """What the session was like when those were made."""
        self._scratch_jar: Any = RequestsCookieJar()
        super().__init__(base_url, request_event, user, *args, **kwargs)
        self._silent_context = user is None or type(user).context is User.context
        self._is_stock = all(
            getattr(type(self), name, None) is stock
            for (_, name), stock in zip(_STEPS, _STOCK_STEPS, strict=True)
        ) and (requests.Session.request is _STOCK_REQUEST)

    def mount(self, prefix: str, adapter: Any) -> None:
        self._built_under = []
        super().mount(prefix, adapter)

    def request(
        self,
        method: Any,
        url: Any,
        name: str | None = None,
        catch_response: bool = False,
        context: dict[str, Any] = {},  # noqa: B006  (as Locust has it)
        *,
        data: Any = None,
        json: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Send an HTTP request; see locust.clients.HttpSession.request."""
        flight = self.in_flight
        if flight.closing:
            flight.admit(self.user)
        flight.now += 1
        entered = type(self.request_event) is RequestHook
        if entered:
            flight.begun = flight.page[BEGUN] = flight.begun + 1
        try:
            start_time = time.time()
            start = time.perf_counter()
            sent = self._sent(method, url, data, json, kwargs)
            timeouts = timeouts_of(kwargs.get("timeout"))
            if sent is None or timeouts is None:
                given = (method, url, name, catch_response, context)
                if kwargs.get("stream") and not catch_response:
                    hold, request = flight.streams.hold, super().request
                    held = (request, *given)
                    return flight.call_stock(hold, *held, data=data, json=json, **kwargs)
                return flight.call_stock(super().request, *given, data=data, json=json, **kwargs)
            self.explicit_name = sent.explicit_name = name or self.request_name
            sent.context = context
            sent.written_url = url
            sent.start_time = start_time
            return self._send(sent, timeouts, start, catch_response, kwargs)
        except BaseException as error:
            flight.killed += (
                flight.broken_off(error) if entered else isinstance(error, GreenletExit)
            )
            raise
        finally:
            flight.now -= 1

    # ------------------------------------------------------------------ what is sent
    def _sent(
        self, method: Any, url: Any, data: Any, json: Any, kwargs: dict[str, Any]
    ) -> SentRequest | None:
        """The request to send; None when it goes to the stock session."""
        if (
            type(method) is not str
            or type(url) is not str
            or not _SERVED.issuperset(kwargs)
            or not self._is_ordinary()
        ):
            return None
        if not self._is_as_before():
            self._forget()
        headers = kwargs.get("headers")
        auth = kwargs.get("auth")
        verify = kwargs.get("verify")
        params = kwargs.get("params")
        if kwargs.get("stream"):
            return None
        bare = not (
            headers or auth or params or self.cookies._cookies
            or verify is not None or data is not None or json is not None
        )  # fmt: skip
        if bare:
            known = self._bare_requests.get((method, url))
            if known is not None:
                return SentRequest(self, known[0], method, known[1], known[2], NO_PAYLOAD)
        payload = payload_of(data, json)
        destination = self._destinations.of(self._build_url(url), params)
        if payload is None or destination is None:
            return None
        template = self._template(method, destination, headers, auth, verify, payload)
        if template is None:
            return None
        _, full, target = destination
        if bare:
            if len(self._bare_requests) >= MAX_CACHED_HEADS:
                self._bare_requests.clear()
            self._bare_requests[method, url] = template, full, target
        return SentRequest(self, template, method, full, target, payload)

    def _is_ordinary(self) -> bool:
        """Whether nobody has changed how this session works."""
        return (
            self._is_stock
            and _STEP_NAMES.isdisjoint(self.__dict__)
            and not self.params
            and not self.proxies
            and not self.stream
            and self.hooks == NO_HOOKS
            and type(self.headers) is CaseInsensitiveDict
            and type(self.cookies) is RequestsCookieJar
            and (self.auth is None or type(self.auth) is HTTPBasicAuth)
        )

    def _is_as_before(self) -> bool:
        """Whether what was built for earlier requests still holds."""
        built_under = self._built_under
        return (
            bool(built_under)
            and built_under[0] is self.base_url
            and built_under[1] == self.auth
            and built_under[2] is self.verify
            and built_under[3] is self.cert
            and built_under[4] is self.trust_env
            and built_under[5] == tuple(self.headers._store.values())
            and built_under[6] == self.adapters
            and built_under[7] == ENVIRONMENT_VARIABLES
        )

    def _forget(self) -> None:
        self._templates.clear()
        self._destinations.forget()
        self._bare_requests.clear()
        auth = self.auth
        self._built_under = [
            self.base_url,
            HTTPBasicAuth(auth.username, auth.password) if auth is not None else None,
            self.verify,
            self.cert,
            self.trust_env,
            tuple(self.headers._store.values()),
            dict(self.adapters),
            dict(ENVIRONMENT_VARIABLES),
        ]

    def _template(
        self,
        method: str,
        destination: Destination,
        headers: Any,
        auth: Any,
        verify: Any,
        payload: Payload,
    ) -> RequestTemplate | None:
        """What requests like this one have in common; None when they go to the stock session."""
        if headers and type(headers) is not dict:
            return None
        if auth is not None and (type(auth) is not tuple or len(auth) != 2):
            return None
        if verify is not None and type(verify) not in (bool, str):
            return None
        cookie = None
        if self.cookies._cookies:
            names = {name.lower() for name in [*(headers or ()), *self.headers]}
            if "host" in names or "cookie" in names:
                return None
            cookie = self._cookie(destination.url)
        lines = tuple(headers.items()) if headers else ()
        key = (destination.origin, method, payload.kind, cookie, lines, auth, verify)
        try:
            if key in self._templates:
                return self._templates[key]
        except TypeError:  # something that cannot be a key
            return None
        if len(self._templates) >= MAX_CACHED_HEADS:
            self._templates.clear()
        try:
            template = build_template(self, method, destination, headers, auth, verify, payload)
        except Exception:
            template = None  # the stock session says the same, where the locustfile expects it
        self._templates[key] = template
        return template

    def _cookie(self, url: str) -> str | None:
        """The Cookie header that requests would send there."""
        probe: Any = PreparedRequest()
        probe.url, probe.headers = url, {}
        # its own jar, since this throws cookies out that the session still shows
        self._scratch_jar._cookies = self.cookies._cookies
        return cookie_header(self._scratch_jar, MockRequest(probe))

    # ------------------------------------------------------------------ what comes of it
    def _send(
        self,
        sent: SentRequest,
        timeouts: tuple[float | None, float | None],
        start: float,
        catch_response: bool,
        kwargs: dict[str, Any],
    ) -> Any:
        template = sent.template
        adapter = template.adapter
        response: Any = None
        begun: Any = None
        try:
            if not adapter.is_ordinary:
                raise Unsuited
            settings = template.settings
            pool = adapter.pool_of(
                template.prepared, template.origin, settings["verify"], settings["cert"]
            )
            connection, received = pooled_exchange(pool, sent.data, *timeouts, self.deadlines)
        except Unsuited:
            pass
        except StockFallback as fallback:
            begun = BegunExchange(pool, fallback)
        else:
            response = lazy_response(received, sent, start)
            if response is None:
                begun = BegunExchange(pool, received.as_fallback(connection))
            else:
                release_connection(pool, connection, received)
                if response.status_code in _REDIRECTS and b"location" in received.fields:
                    begun, response = response, None
                elif b"set-cookie" in received.fields:
                    extract_cookies_to_jar(self.cookies, response.request, response.raw)
        # after the handlers, so that no exception of ours is the context of one of urllib3's
        if response is None:
            response = self._leave_to_stock(sent, begun, start, kwargs)
        sent.took_ms = (time.perf_counter() - start) * 1000
        hook, name = self.request_event, sent.name
        if (
            not catch_response
            and type(hook) is RequestHook
            and not hook._handlers
            and self._silent_context
            and response.status_code < 400
            and response.__dict__.get("_sent") is sent
            and type(name) is str
        ):
            hook.record(
                sent.method, name, sent.start_time, sent.took_ms, len(response._content), True
            )
            response._catch_response = False
            response._request_event = hook
            return response
        return self._report(sent, response, catch_response)

    def _leave_to_stock(
        self, sent: SentRequest, begun: Any, start: float, kwargs: dict[str, Any]
    ) -> Any:
        """requests' own session continues what the fast path has begun."""
        prepared = sent.request()
        prepared.__dict__["begun"] = begun
        before = timedelta(seconds=time.perf_counter() - start)
        try:
            response = self.send(
                prepared,
                timeout=kwargs.get("timeout"),
                allow_redirects=kwargs.get("allow_redirects", True),
                **sent.template.settings,
            )
        except (MissingSchema, InvalidSchema, InvalidURL):
            raise
        except RequestException as error:
            return LazyResponse(error)
        first = response.history[0] if response.history else response
        first.elapsed += before
        return response

    def _report(self, sent: SentRequest, response: Any, catch_response: bool) -> Any:
        """As the end of HttpSession.request."""
        meta = sent.meta(response)
        first = ((response.history and response.history[0]) or response).request
        if first:
            meta["url"] = str(first.url)
            meta["name"] = sent.explicit_name or first.path_url
        else:  # an error that does not know its request, as when a body ends too early
            meta["url"] = self._build_url(sent.written_url)
            meta["name"] = sent.explicit_name or sent.written_url
        if self.user:
            meta["context"] = {**self.user.context(), **sent.context}
        reported = LazyResponse.wrap_response(
            response,
            request_event=self.request_event,
            request_meta=meta,
            catch_response=catch_response,
        )
        if not catch_response:
            reported.__exit__(None, None, None)
        return reported
