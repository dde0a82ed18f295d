"""Swaps the fast path in, before the locustfile is imported."""

from __future__ import annotations

import locust.contrib.fasthttp
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.agent import FastUserAgent
from loadtui.engine.http.connection import make_connections
from loadtui.engine.http.patience import Patience
from loadtui.engine.http.session import FastSession
from loadtui.engine.in_flight import InFlight


def install(in_flight: InFlight) -> None:
    """From here on, FastHttpUser and whoever makes a FastHttpSession gets the fast one."""
    make_connections(ConnectionPool)
    FastSession.patience = Patience()
    FastSession.in_flight = in_flight
    locust.contrib.fasthttp.LocustUserAgent = FastUserAgent
    locust.contrib.fasthttp.FastHttpSession = FastSession
