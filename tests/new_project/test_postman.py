"""Collections of Postman: folders, variables, bodies and credentials."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.new_project.postman import read_postman
from loadtui.new_project.service_request import FromEnvironment, NewService, ServiceRequest
from tests.support.init_inputs import FOLDER


def read(folder: Path, *requests: Any, **more: Any) -> NewService:
    path = folder / "a.json"
    items = [{"name": "it", "request": one} for one in requests]
    path.write_text(json.dumps({"info": {"name": "A"}, "item": items, **more}))
    return read_postman(str(path), writes=True)


def only(folder: Path, request: Any, **more: Any) -> ServiceRequest:
    [made] = read(folder, request, **more).requests
    return made


def test_variables(tmp_path: Path) -> None:
    variables = [
        {"key": "base", "value": "http://{{host}}:8000"},
        {"key": "host", "value": "h"},
        {"key": "token", "value": "s3cr3t"},
        {"key": "loop", "value": "{{loop}}{{loop}}"},
    ]
    service = read(tmp_path, "{{base}}/a/{{$guid}}/{{loop}}/{{token}}", variable=variables)
    assert service.host == "http://h:8000"
    assert "s3cr3t" not in repr(service)
    assert service.requests[0].path.endswith("/token")


def test_a_host_that_nothing_says(tmp_path: Path) -> None:
    service = read(tmp_path, "{{url}}/a", {"url": {"host": ["{{url}}"], "path": ["b", ":id"]}})
    assert service.host == ""
    assert [(one.path, one.name) for one in service.requests] == [("/a", ""), ("/b/1", "/b/{id}")]


def test_other_hosts_are_left_out(tmp_path: Path) -> None:
    service = read(tmp_path, "http://h/a", "http://other/b", "{{url}}/c")
    assert [one.path for one in service.requests] == ["/a", "/c"]
    assert service.told == ("1 requests to other hosts than http://h left out",)


@pytest.mark.parametrize(
    ("auth", "variables"),
    [
        ({"type": "bearer", "bearer": [{"key": "token", "value": "s3cr3t"}]}, ["API_TOKEN"]),
        ({"type": "basic", "basic": {"username": "a"}}, ["API_USER", "API_PASSWORD"]),
        ({"type": "apikey", "apikey": [{"key": "key", "value": "k"},
          {"key": "in", "value": "query"}]}, ["K"]),
        ({"type": "apikey", "apikey": {"key": "X-Key"}}, ["KEY"]),
        ({"type": "apikey"}, ["API_KEY"]),
        ({"type": "noauth"}, []),
        ("text", []),
    ],
)  # fmt: skip
def test_credentials(tmp_path: Path, auth: Any, variables: list[str]) -> None:
    assert list(only(tmp_path, "http://h/", auth=auth).variables()) == variables
    own = {"url": "http://h/", "auth": auth}
    assert list(only(tmp_path, own, auth={"type": "noauth"}).variables()) == variables


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        ({"mode": "raw", "raw": '{"a": {{$randomInt}}}'}, "json", {"a": 1}),
        ({"mode": "raw", "raw": "hello {{who}}"}, "data", "hello who"),
        ({"mode": "urlencoded", "urlencoded": [{"key": "pwd", "value": "x"}]}, "data",
         {"pwd": FromEnvironment("PWD")}),
        ({"mode": "graphql", "graphql": {"query": "{ a }", "variables": ""}}, "json",
         {"query": "{ a }"}),
        ({"mode": "file", "file": {"src": "/tmp/x"}}, "data", None),
        ({"mode": "raw", "raw": "x", "disabled": True}, "data", None),
    ],
)  # fmt: skip
def test_bodies(tmp_path: Path, body: dict[str, Any], field: str, value: object) -> None:
    request = only(tmp_path, {"method": "POST", "url": "http://h/", "body": body})
    assert getattr(request, field) == value


@pytest.mark.parametrize("name", ["postman_20.json", "postman_21.json"])
def test_whatever_part_is_something_else_it_is_read_or_refused(tmp_path: Path, name: str) -> None:
    text = (FOLDER / name).read_text()
    keys = (
        *("info", "auth", "item", "request", "url", "raw", "host", "path", "variable", "header"),
        *("body", "mode", "graphql", "formdata", "key", "value", "bearer"),
    )
    for key in keys:
        for other in (None, "text", 7, [], {}, [None], ["x"]):
            document = changed(json.loads(text), key, other)
            path = tmp_path / "other.json"
            path.write_text(json.dumps(document))
            try:
                read_postman(str(path), writes=True)
            except UsageError:
                continue


def changed(value: Any, key: str, other: Any) -> Any:
    if isinstance(value, dict):
        return {k: other if k == key else changed(one, key, other) for k, one in value.items()}
    return [changed(one, key, other) for one in value] if isinstance(value, list) else value
