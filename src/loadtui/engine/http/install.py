"""Swaps the fast path in, before the locustfile is imported."""

from __future__ import annotations

import logging

import locust.clients
import locust.contrib.fasthttp
import locust.user.users

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.stock_clients import stock_clients
from loadtui.engine.worker.in_flight import InFlight

logger = logging.getLogger(__name__)


def install(in_flight: InFlight) -> None:
    """From here on, FastHttpUser, HttpUser and whoever makes one of their sessions gets the fast
    one, unless a version of a dependency is installed that it cannot work with."""
    stock = stock_clients()
    deadlines = Deadlines()
    in_flight.watch_blocks(locust.contrib.fasthttp.ResponseContextManager)
    in_flight.watch_blocks(locust.clients.ResponseContextManager)
    if stock.fast_http_user is None:
        _install_for_fast_http_user(in_flight, deadlines)
    else:
        _leave_stock("FastHttpUser", stock.fast_http_user)
        in_flight.watch(locust.contrib.fasthttp.FastHttpSession)
    if stock.http_user is None:
        _install_for_http_user(in_flight, deadlines)
    else:
        _leave_stock("HttpUser", stock.http_user)
        in_flight.watch(locust.clients.HttpSession)


def _leave_stock(user_class: str, problem: str) -> None:
    logger.warning(
        "%s sends with Locust's own client, which takes several times the CPU: the fast one cannot"
        " work with %s.",
        user_class,
        problem,
    )


# The sessions are imported where they are installed: with other versions that may fail.
def _install_for_fast_http_user(in_flight: InFlight, deadlines: Deadlines) -> None:
    from geventhttpclient.connectionpool import ConnectionPool

    from loadtui.engine.http.fasthttp.accelerated_user_agent import AcceleratedUserAgent
    from loadtui.engine.http.fasthttp.bounded_stock_response import (
        BoundedContinueProbe,
        BoundedStockResponse,
    )
    from loadtui.engine.http.fasthttp.fasthttp_session import AcceleratedFastHttpSession
    from loadtui.engine.http.fasthttp.geventhttpclient_internals import read_with
    from loadtui.engine.http.fasthttp.tcp_connection import open_tcp_connections

    open_tcp_connections(ConnectionPool)
    read_with(BoundedStockResponse, BoundedContinueProbe)
    AcceleratedFastHttpSession.deadlines = deadlines
    AcceleratedFastHttpSession.in_flight = in_flight
    in_flight.knows(AcceleratedFastHttpSession.request)
    locust.contrib.fasthttp.LocustUserAgent = AcceleratedUserAgent
    locust.contrib.fasthttp.FastHttpSession = AcceleratedFastHttpSession


def _install_for_http_user(in_flight: InFlight, deadlines: Deadlines) -> None:
    from loadtui.engine.http.requests.bounded_stock_file import BoundedStockMessage
    from loadtui.engine.http.requests.http_session import AcceleratedHttpSession
    from loadtui.engine.http.requests.lazy_response import LazyResponse
    from loadtui.engine.http.requests.transport_adapter import AcceleratedAdapter
    from loadtui.engine.http.requests.urllib3_internals import read_with_class

    read_with_class(BoundedStockMessage)
    AcceleratedHttpSession.deadlines = AcceleratedAdapter.deadlines = deadlines
    AcceleratedHttpSession.in_flight = in_flight
    in_flight.knows(AcceleratedHttpSession.request)
    locust.clients.LocustHttpAdapter = AcceleratedAdapter
    locust.clients.ResponseContextManager = LazyResponse
    locust.clients.HttpSession = AcceleratedHttpSession
    locust.user.users.HttpSession = AcceleratedHttpSession
