"""Swaps the fast path in, before the locustfile is imported."""

from __future__ import annotations

import locust.clients
import locust.contrib.fasthttp
import locust.user.users
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.fasthttp.connection import make_connections
from loadtui.engine.http.fasthttp.fasthttp_session import AcceleratedFastHttpSession
from loadtui.engine.http.fasthttp.user_agent import FastUserAgent
from loadtui.engine.http.requests.http_session import AcceleratedHttpSession
from loadtui.engine.http.requests.lazy_response import LazyResponse
from loadtui.engine.http.requests.transport_adapter import AcceleratedAdapter
from loadtui.engine.worker.in_flight import InFlight


def install(in_flight: InFlight) -> None:
    """From here on, FastHttpUser, HttpUser and whoever makes one of their sessions gets the fast
    one."""
    make_connections(ConnectionPool)
    deadlines = Deadlines()
    AcceleratedFastHttpSession.deadlines = AcceleratedHttpSession.deadlines = (
        AcceleratedAdapter.deadlines
    ) = deadlines
    AcceleratedFastHttpSession.in_flight = AcceleratedHttpSession.in_flight = in_flight
    locust.contrib.fasthttp.LocustUserAgent = FastUserAgent
    locust.contrib.fasthttp.FastHttpSession = AcceleratedFastHttpSession
    locust.clients.LocustHttpAdapter = AcceleratedAdapter
    locust.clients.ResponseContextManager = LazyResponse
    locust.clients.HttpSession = AcceleratedHttpSession
    locust.user.users.HttpSession = AcceleratedHttpSession
