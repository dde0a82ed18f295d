"""FastHttpSession on the fast path."""

from __future__ import annotations

import json as json_module
import time
from http.cookiejar import CookieJar
from typing import Any

from greenlet import GreenletExit
from locust import User
from locust.contrib.fasthttp import (
    FAILURE_EXCEPTIONS,
    FastHttpSession,
    FastResponse,
    LocustUserAgent,
    ResponseContextManager,
)

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.fasthttp.accelerated_user_agent import AcceleratedUserAgent
from loadtui.engine.http.fasthttp.fast_exchange import fast_exchange
from loadtui.engine.http.fasthttp.fast_request_head import (
    PLAIN_TARGET,
    FastRequestHead,
    body_of,
    build_fast_request_head,
)
from loadtui.engine.http.fasthttp.geventhttpclient_internals import stock_request
from loadtui.engine.http.fasthttp.handover import Handover
from loadtui.engine.http.fasthttp.lazy_fast_response import (
    LazyFastContextManager,
    LazyFastResponse,
    SentFastRequest,
)
from loadtui.engine.http.locust_client_internals import basic_auth
from loadtui.engine.http.request_head import MAX_CACHED_HEADS
from loadtui.engine.http.stock_fallback import StockFallback
from loadtui.engine.worker.in_flight import InFlight, is_entered
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.store.books import BEGUN

_PAYLOADS = frozenset([type(None), str, bytes, dict])
_ORDINARY = frozenset([200, 201, 202, 203, 204, 205, 206, 207, 208, 226])
"""Statuses that end an exchange well, whatever the headers say."""
_VALID = LocustUserAgent.valid_response_codes
_JAR: Any = CookieJar
"""Any, since whether it holds a cookie at all is asked of an attribute that the stubs leave out."""
_OVERRIDABLE = ("_build_url", "_send_request_safe_mode")


class AcceleratedFastHttpSession(FastHttpSession):
    """Sends ordinary requests itself and leaves the others to the stock session."""

    deadlines: Deadlines
    in_flight: InFlight
    _overridden = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A subclass that changes how requests are sent is served by the code that it changes."""
        super().__init_subclass__(**kwargs)
        cls._overridden = any(
            getattr(cls, name) is not getattr(FastHttpSession, name) for name in _OVERRIDABLE
        )

    def __init__(self, base_url: str | None, request_event: Any, user: User | None, **kwargs: Any):
        super().__init__(base_url, request_event, user, **kwargs)
        self._heads: dict[Any, FastRequestHead | None] = {}
        self._heads_pool: Any = None
        """The pool of clients that those heads go to."""
        self._bare_requests: dict[tuple[str, str], SentFastRequest] = {}
        """Requests that have nothing but method and target of their own."""
        self._bare_built_under: tuple[Any, ...] = ()
        """Base URL, auth header, clients and default headers under which those were made."""
        self._silent_context = user is None or type(user).context is User.context

    def request(
        self,
        method: str,
        url: str,
        name: str | None = None,
        data: Any = None,
        catch_response: bool = False,
        stream: bool = False,
        headers: dict[str, str] | None = None,
        auth: tuple[str | bytes, str | bytes] | None = None,
        json: Any = None,
        allow_redirects: bool = True,
        context: dict[str, Any] = {},  # noqa: B006  (as Locust has it)
        **kwargs: Any,
    ) -> Any:
        """Send an HTTP request; see locust.contrib.fasthttp.FastHttpSession.request."""
        flight = self.in_flight
        if flight.closing:
            flight.admit(self.user)
        flight.now += 1
        entered = type(self.request_event) is RequestHook
        if entered:
            flight.begun = flight.page[BEGUN] = flight.begun + 1
        try:
            if (
                kwargs
                or stream
                or type(self.client) is not AcceleratedUserAgent
                or self._overridden
            ):
                sent = None
            else:
                start_time = time.time()
                if headers or auth or data is not None or json is not None:
                    sent = self._sent(method, url, headers, auth, data, json)
                else:
                    sent = self._sent_bare(method, url)
            if sent is None:
                given = (
                    method, url, name, data, catch_response, stream, headers, auth, json,
                    allow_redirects, context,
                )  # fmt: skip
                if stream and not catch_response:
                    hold, request = flight.streams.hold, super().request
                    return flight.call_stock(hold, request, *given, **kwargs)
                return flight.call_stock(super().request, *given, **kwargs)
            if not name:
                name = self.request_name or url
            return self._send(sent, name, start_time, catch_response, allow_redirects, context)
        except BaseException as error:
            flight.killed += (
                flight.broken_off(error) if entered else isinstance(error, GreenletExit)
            )
            raise
        finally:
            flight.now -= 1

    def _sent_bare(self, method: str, url: str) -> SentFastRequest | None:
        """The request to send when there is nothing but method and target."""
        agent = self.client
        jar = agent.cookiejar
        built_under = self._bare_built_under
        if (
            not built_under
            or built_under[0] is not self.base_url
            or built_under[1] is not self.auth_header
            or built_under[2] is not agent.clientpool
            or not dict.__eq__(built_under[3], agent.default_headers)
        ):
            self._bare_requests.clear()
            self._bare_built_under = (
                self.base_url,
                self.auth_header,
                agent.clientpool,
                dict(agent.default_headers),
            )
        elif type(jar) is _JAR and not jar._cookies:
            sent = self._bare_requests.get((method, url))
            if sent is not None and not sent.pool._closed:
                return sent
        sent = self._sent(method, url, None, None, None, None)
        if sent is not None and sent.cookie is None:
            if len(self._bare_requests) >= MAX_CACHED_HEADS:
                self._bare_requests.clear()
            self._bare_requests[method, url] = sent
        return sent

    def _sent(
        self,
        method: str,
        url: str,
        own_headers: dict[str, str] | None,
        auth: tuple[str | bytes, str | bytes] | None,
        payload: Any,
        json: Any,
    ) -> SentFastRequest | None:
        """The request to send; None when it goes to the stock session."""
        if (
            type(method) is not str
            or method.upper() == "HEAD"
            or PLAIN_TARGET.fullmatch(url) is None
            or type(self.base_url) is not str
            or type(self.client.cookiejar) is not _JAR
        ):
            return None
        headers = dict(own_headers) if own_headers else {}
        if auth:
            headers["Authorization"] = basic_auth(auth[0], auth[1])
        elif self.auth_header:
            headers["Authorization"] = self.auth_header
        _set_default(headers, "Accept-Encoding", "gzip, deflate, br")
        if not payload and json is not None:
            payload = json_module.dumps(json)
            _set_default(headers, "Content-Type", "application/json")
            _set_default(headers, "Accept", "application/json")
        if type(payload) not in _PAYLOADS:
            return None
        if type(payload) is dict:
            payload = dict(payload)  # the locustfile may change its own
        cookie = self._cookie(url) if self.client.cookiejar._cookies else None
        head = self._head(method, headers, payload, cookie)
        if head is None:
            return None
        data = head.request(url, body_of(payload))
        full = f"{self.base_url}{url}"
        return SentFastRequest(self.client, method, full, headers, payload, cookie, head.pool, data)

    def _head(
        self, method: str, headers: dict[str, str], payload: Any, cookie: str | None
    ) -> FastRequestHead | None:
        """The head of requests like this one; None when they go to the stock session."""
        if self._heads_pool is not self.client.clientpool:
            self._heads.clear()
            self._heads_pool = self.client.clientpool
        kind = type(payload) if payload else None
        defaults = tuple(dict.items(self.client.default_headers))
        try:
            key = (method, kind, cookie, self.base_url, tuple(headers.items()), defaults)
            head = self._heads[key]
            if head is None or not head.pool._closed:
                return head
        except KeyError:
            pass
        except TypeError:  # a header whose value cannot be a key
            return None
        if len(self._heads) >= MAX_CACHED_HEADS:
            self._heads.clear()
        try:
            head = build_fast_request_head(
                self.client, method, self.base_url, headers, payload, cookie
            )
        except Exception:
            head = None  # the stock session says the same, where the locustfile expects it
        self._heads[key] = head
        return head

    def _cookie(self, url: str) -> str | None:
        """The Cookie header that the jar wants sent there."""
        request = stock_request(self.client, f"{self.base_url}{url}")
        self.client.cookiejar.add_cookie_header(request)
        cookie = request.headers.get("Cookie")
        return cookie if isinstance(cookie, str) else None

    def _send(
        self,
        sent: SentFastRequest,
        name: str,
        start_time: float,
        catch_response: bool,
        allow_redirects: bool,
        context: dict[str, Any],
    ) -> Any:
        if self.user and not self._silent_context:
            context = {**self.user.context(), **context}
        response: FastResponse
        start = time.perf_counter()
        try:
            message = fast_exchange(sent.pool, sent.data, self.deadlines)
        except StockFallback as fallback:
            handover = Handover(fallback, time.perf_counter() - start)
            response = self._leave_to_stock(handover, sent, allow_redirects)
        else:
            took_s = time.perf_counter() - start
            valid = self.client.valid_response_codes is _VALID
            response = LazyFastResponse(message, sent)
            response._elapsed = took_s
            if message.status == 200 and not message.more and valid:
                body = response._cached_content = message.body
                message.body = b""
                hook = self.request_event
                if (
                    not catch_response
                    and type(hook) is RequestHook
                    and not hook._handlers
                    and type(name) is str
                ):
                    hook.record(sent.method, name, start_time, took_s * 1000.0, len(body), True)
                    return response
            elif not valid or message.status not in _ORDINARY or message.sets_cookie:
                response = self._leave_to_stock(Handover(response, took_s), sent, allow_redirects)
        if self.user and self._silent_context:
            context = {**context}
        meta = {
            "request_type": sent.method,
            "name": name,
            "context": context,
            "response": response,
            "exception": None,
            "start_time": start_time,
            "url": sent.url,
            "response_length": 0,
        }
        return self._report(response, meta, start, catch_response)

    def _leave_to_stock(
        self, handover: Handover, sent: SentFastRequest, allow_redirects: bool
    ) -> FastResponse:
        """The stock agent continues what the fast path has begun."""
        agent = self.client
        before = agent.redirect_response_codes
        if not allow_redirects:
            agent.redirect_response_codes = frozenset()
        try:
            return agent.take_over(handover, sent, self._send_request_safe_mode)
        finally:
            if not allow_redirects:
                agent.redirect_response_codes = before

    def _report(
        self, response: FastResponse, meta: dict[str, Any], start: float, catch_response: bool
    ) -> Any:
        """Length, time and outcome of a request whose response is there."""
        try:
            meta["response_length"] = len(response.content) if response.content else 0
        except FAILURE_EXCEPTIONS as error:
            meta["response_time"] = (time.perf_counter() - start) * 1000
            meta["exception"] = error
        else:
            meta["response_time"] = (time.perf_counter() - start) * 1000
            try:
                response.raise_for_status()
            except FAILURE_EXCEPTIONS as error:
                meta["exception"] = error
        if not catch_response:
            self.in_flight.ends = is_entered(self.request_event)
            self.request_event.fire(**meta)
            return response
        if isinstance(response, LazyFastResponse):
            return LazyFastContextManager(response, self.request_event, meta)
        return ResponseContextManager(response, self.request_event, meta, catch_response)


def _set_default(headers: dict[str, str], name: str, value: str) -> None:
    """Add a header unless it is there as written or in small letters, as Locust looks for it."""
    if name not in headers and name.lower() not in headers:
        headers[name] = value
