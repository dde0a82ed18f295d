"""Hypothesis strategies for what locustfiles ask of servers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.scripted_server import Answer
from tests.support.two_clients import Exchange
from tests.support.unusual_answers import answers

METHODS = st.sampled_from(
    ["GET"] * 6
    + ["POST"] * 5
    + ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get", "post", "head"]
    + ["TRACE", "BREW", "BAD METHOD"]
)
SUFFIXES = st.sampled_from(
    [""] * 8
    + ["?", "?a=1&b=2", "?a=1?b", "#part", "/./x/../y", "?q=%41%2f", "?q=gr\xfc\xdfe ok", ";p=1"]
    + ["?x=[1]", "?x=a|b", "??"]
)
GIVEN_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "X-One",
            "x-two",
            "Content-Type",
            "content-type",
            "Accept",
            "Accept-Encoding",
            "Cookie",
            "Host",
            "User-Agent",
            "Content-Length",
            "Connection",
            "Authorization",
            "accept-encoding",
            "If-None-Match",
            "Bad Name",
        ]
    ),
    st.sampled_from(
        ["1", "1", "text/plain; charset=utf-8", "a b", "gr\xfc\xdfe", "", 1, True, "x\r\ny"]
    ),
    max_size=3,
)
PAYLOADS = st.sampled_from(
    [None] * 3
    + ["", b"", {}, "text gr\xfc\xdfe", "a=1&b=2", b"bytes \x00\xff", {"a": 1, "b": "\xfc &"}]
    + [{"k": ["x", "y"]}, "z" * 5000, b"w" * 300_000, bytearray(b"array"), [1, 2], ["a", "b"]]
)
JSONS = st.sampled_from([{"a": [1, None, "\xfc"]}, [], 0, "text", {}, None])
OPTIONS: dict[str, Any] = {
    "headers": GIVEN_HEADERS,
    "params": st.sampled_from([{"p": 1}, [("p", "x y")], "p=1", {}, None]),
    "auth": st.sampled_from([("anna", "pa:ss"), (b"anna", b"x"), ("\xfc", "")]),
    "allow_redirects": st.booleans(),
    "context": st.sampled_from([{}, {"tag": "x"}, {"username": "bert"}]),
    "name": st.sampled_from(["named", "", None, "/a/[id]"]),
    "stream": st.booleans(),
}
WITHINS = st.sampled_from(
    [
        "nothing",
        "nothing",
        "success",
        "failure",
        "failure with an exception",
        "status",
        "response error",
        "error",
        "failure and error",
    ]
)
ARGUMENTS = [*OPTIONS, "headers", "within", "within", "method", "method", "suffix", "rename"]


@st.composite
def exchanges(draw: Any, number: int) -> Exchange:
    """What a locustfile does, mostly sane."""
    unusual = draw(st.sets(st.sampled_from(ARGUMENTS), max_size=3))
    arguments = {name: draw(strategy) for name, strategy in OPTIONS.items() if name in unusual}
    method = draw(METHODS) if "method" in unusual else draw(st.sampled_from(["GET", "GET", "POST"]))
    if method.upper() in ("POST", "PUT", "PATCH", "DELETE"):
        body = draw(st.sampled_from(["data", "json", ""]))
        if body:
            arguments[body] = draw(PAYLOADS if body == "data" else JSONS)
    if arguments.get("headers", {}).keys() & {"Content-Length"}:
        # a server would wait for ever for a body that does not come
        arguments["headers"]["Content-Length"] = "0"
    suffix = draw(SUFFIXES) if "suffix" in unusual else ""
    within = draw(WITHINS) if "within" in unusual else None
    rename = "renamed" if "rename" in unusual else None
    return Exchange(method, f"/e{number}{suffix}", arguments, within, rename)


@st.composite
def scripts(draw: Any, port: int, other: int) -> tuple[dict[str, list[Answer]], list[Exchange]]:
    """A script for the server, and 1 to 4 exchanges in one session, some alike."""
    count = draw(st.integers(1, 4))
    script = {
        f"/e{number}": draw(st.lists(answers(f"/e{number}", port, other), min_size=1, max_size=2))
        for number in range(count)
    }
    if draw(st.booleans()):
        script["/e0/hop"] = [draw(answers("/e0/hop", port, other))]
    todo = [draw(exchanges(draw(st.integers(0, count - 1)))) for _ in range(count)]
    for step in todo:
        target = step.url.partition("?")[0]
        step.settles = any(a.end != "keep" for a in script.get(target, [])) or len(script) > count
    return script, todo
