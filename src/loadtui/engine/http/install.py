"""Swaps the fast path in, before the locustfile is imported."""

from __future__ import annotations

import locust.clients
import locust.contrib.fasthttp
import locust.user.users
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.agent import FastUserAgent
from loadtui.engine.http.connection import make_connections
from loadtui.engine.http.patience import Patience
from loadtui.engine.http.requests_adapter import FastAdapter
from loadtui.engine.http.requests_response import LazyResponse
from loadtui.engine.http.requests_session import FastHttpSession
from loadtui.engine.http.session import FastSession
from loadtui.engine.in_flight import InFlight


def install(in_flight: InFlight) -> None:
    """From here on, FastHttpUser, HttpUser and whoever makes one of their sessions gets the fast
    one."""
    make_connections(ConnectionPool)
    patience = Patience()
    FastSession.patience = FastHttpSession.patience = FastAdapter.patience = patience
    FastSession.in_flight = FastHttpSession.in_flight = in_flight
    locust.contrib.fasthttp.LocustUserAgent = FastUserAgent
    locust.contrib.fasthttp.FastHttpSession = FastSession
    locust.clients.LocustHttpAdapter = FastAdapter
    locust.clients.ResponseContextManager = LazyResponse
    locust.clients.HttpSession = FastHttpSession
    locust.user.users.HttpSession = FastHttpSession
