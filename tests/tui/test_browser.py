"""The workbench in a real browser that has no network but the way to it."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import sync_playwright

from loadtui.errors import UsageError
from loadtui.tui.textual_serve_internals import web_application
from loadtui.web_api.loopback import is_loopback
from tests.support.terminal_screen import TerminalScreen
from tests.support.tools import need_tool

TIMEOUT_MS = 60_000


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """The whole address that `loadtui serve` prints."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "locustfile.py").write_text("from locust import User\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "serve", "--port", "0"],
        cwd=tmp_path, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = process.stdout.readline()
    yield re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", said)[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    process.stdout.close()


@pytest.fixture
def address(entry):
    """The same without its token."""
    return entry.partition("/?")[0]


@pytest.fixture
def browser():
    chromium = need_tool("chromium")
    # Root, as in a container, has no sandbox to start it in.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield started
        started.close()


def test_a_key_changes_the_screen_and_nothing_is_asked_of_elsewhere(entry, address, browser):
    page = browser.new_page(viewport={"width": 1100, "height": 700})
    asked, sockets, wrong = [], [], []
    screen = TerminalScreen(200, 80)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def opened(socket):
        sockets.append(socket.url)
        socket.on("framereceived", received)

    def received(data):
        if isinstance(data, bytes):
            screen.feed(data)

    page.on("websocket", opened)
    page.goto(entry)
    assert page.url == f"{address}/", "the token does not stay in the address"

    def wait_for(text, *, there=True):
        for _ in range(TIMEOUT_MS // 50):
            if (text in screen.text()) == there:
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"waited in vain for {text!r} in\n{screen.text()}")

    wait_for("1 plans 2 runs")
    wait_for("locustfile")
    before = page.screenshot(path=os.environ.get("BROWSER_SCREENSHOT"))
    assert "Show all keys" not in screen.text()
    page.keyboard.press("?")
    wait_for("Show all keys")
    page.wait_for_timeout(200)
    assert page.screenshot() != before
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert [url.split("?")[0] for url in sockets] == [f"ws{address[4:]}/ws"]
    page.keyboard.press("Escape")
    wait_for("Show all keys", there=False)
    page.keyboard.press("q")
    page.get_by_text("The workbench was left.").wait_for(timeout=TIMEOUT_MS)
    assert wrong == []


def answer(address, path="/", **headers):
    """Status and headers of a request."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    connection.close()
    return response.status, response.headers


def test_whoever_has_the_printed_address_comes_in_and_nobody_else(entry, address):
    for path in ("/", "/?token=", "/?token=guessed", "/ws", "/static/js/textual.js"):
        assert answer(address, path)[0] == 403, path
    status, headers = answer(address, entry.removeprefix(address))
    assert (status, headers["Location"]) == (302, "/")
    cookie, _, more = headers["Set-Cookie"].partition(";")
    assert {word.strip() for word in more.split(";")} == {"HttpOnly", "Path=/", "SameSite=Lax"}
    status, headers = answer(address, Cookie=cookie)
    assert status == 200
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer(address, Cookie=f"{cookie}x")[0] == 403
    assert answer(address, "/static/js/textual.js", Cookie=cookie)[0] == 200


def test_other_pages_in_the_same_browser_are_refused(entry, address):
    own = address.removeprefix("http://")
    tunnel = "localhost:9000"
    cookie = answer(address, entry.removeprefix(address))[1]["Set-Cookie"].partition(";")[0]

    def status(path="/ws", **headers):
        return answer(address, path, Cookie=cookie, **headers)[0]

    assert status("/") == 200
    assert status("/", Origin=address) == 200
    assert status("/", Host=tunnel, Origin=f"http://{tunnel}") == 200
    assert status(Origin="http://elsewhere.example") == 403
    assert status(Origin="null") == 403
    assert status(Host="elsewhere.example", Origin="http://elsewhere.example") == 403
    assert status(Host=own, Origin="http://127.0.0.1:1") == 403


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("192.0.2.1", False), ("box", False), ("", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host, only_here):
    assert is_loopback(host) is only_here


def test_a_server_whose_application_cannot_be_guarded_is_refused():
    with pytest.raises(UsageError, match=r"install textual-serve 1\.1"):
        asyncio.run(web_application(object()))
