"""Recordings of browsers: what is left out, what is merged, and what becomes of bodies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.new_project.har import MOST_TASKS, read_har
from loadtui.new_project.service_request import FromEnvironment, NewService
from tests.support.init_inputs import FOLDER


def read(folder: Path, *requests: dict[str, Any], host: str = "") -> NewService:
    entries = [{"request": {"method": "GET", "headers": [], **one}} for one in requests]
    path = folder / "a.har"
    path.write_text(json.dumps({"log": {"entries": entries}}))
    return read_har(str(path), host)


def test_the_same_requests_are_one_task(tmp_path: Path) -> None:
    service = read(
        tmp_path,
        *({"url": f"http://h/items/{number}?page=1"} for number in (17, 18, 19)),
        {"url": "http://h/items"},
        {"url": "http://h/items", "method": "POST"},
    )
    assert [(one.method, one.path, one.name, one.weight) for one in service.requests] == [
        ("GET", "/items/17?page=1", "/items/{id}", 3),
        ("GET", "/items", "", 1),
        ("POST", "/items", "", 1),
    ]


def test_one_host_is_meant(tmp_path: Path) -> None:
    requests = [{"url": "http://h/a"}, {"url": "https://other/b"}, {"url": "data:text/plain,a"}]
    service = read(tmp_path, *requests)
    assert (service.host, len(service.requests)) == ("http://h", 1)
    assert any("1 to https://other; --host URL" in one for one in service.told)
    assert read(tmp_path, *requests, host="https://other/").requests[0].path == "/b"
    service = read(tmp_path, *requests, host="http://elsewhere")
    assert [one.path for one in service.requests] == ["/a"]
    assert service.told[-1] == "what was recorded of http://h is sent to http://elsewhere"


def test_nothing_but_static_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing but static files"):
        read(tmp_path, {"url": "http://h/a.png"}, {"url": "http://h/site.css?v=1"})


@pytest.mark.parametrize(
    ("posted", "field", "value"),
    [
        ({"mimeType": "application/json", "text": '{"a": 1, "token": "s"}'}, "json",
         {"a": 1, "token": FromEnvironment("TOKEN")}),
        ({"mimeType": "application/json", "text": "{a"}, "data", "{a"),
        ({"mimeType": "application/x-www-form-urlencoded", "text": "a=1&b=x%20y"}, "data",
         {"a": "1", "b": "x y"}),
        ({"mimeType": "text/plain", "text": "hello"}, "data", "hello"),
        ({"mimeType": "text/plain", "text": ""}, "data", None),
        ({"mimeType": None, "text": None, "params": "x"}, "data", None),
    ],
)  # fmt: skip
def test_bodies(tmp_path: Path, posted: dict[str, Any], field: str, value: object) -> None:
    [request] = read(tmp_path, {"url": "http://h/", "method": "POST", "postData": posted}).requests
    assert getattr(request, field) == value


def test_many_endpoints(tmp_path: Path) -> None:
    service = read(tmp_path, *({"url": f"http://h/p{chr(97 + n % 26)}{n}x"} for n in range(100)))
    assert len(service.requests) == MOST_TASKS
    assert f"the {MOST_TASKS} busiest of 100 endpoints became tasks" in service.told


@pytest.mark.parametrize("name", ["chromium.har", "firefox.har"])
def test_whatever_part_is_something_else_it_is_read_or_refused(tmp_path: Path, name: str) -> None:
    text = (FOLDER / name).read_text()
    for key in ("entries", "request", "headers", "postData", "url", "method", "response",
                "content", "mimeType", "params", "text", "name", "value"):  # fmt: skip
        for other in (None, "text", 7, [], {}, [None], ["x"]):
            path = tmp_path / "other.har"
            path.write_text(json.dumps(changed(json.loads(text), key, other)))
            try:
                read_har(str(path))
            except UsageError:
                continue


def changed(value: Any, key: str, other: Any) -> Any:
    if isinstance(value, dict):
        return {k: other if k == key else changed(one, key, other) for k, one in value.items()}
    return [changed(one, key, other) for one in value] if isinstance(value, list) else value
