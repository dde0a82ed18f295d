"""Descriptions of services become requests: addresses, parameters, bodies, credentials."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.new_project.openapi import MOST_TASKS, OpenApiChoice, read_openapi
from loadtui.new_project.service_request import FromEnvironment, NewService, ServiceRequest
from tests.support.init_inputs import FOLDER


def read(folder: Path, document: dict[str, Any], **choice: Any) -> NewService:
    path = folder / "api.json"
    path.write_text(json.dumps(document))
    return read_openapi(str(path), OpenApiChoice(**choice))


def operation(folder: Path, method: str, path: str, inside: dict[str, Any], **more: Any) -> Any:
    """The request of the only operation of a description."""
    document = {"openapi": "3.0.0", "paths": {path: {method: inside}}, **more}
    [request] = read(folder, document, writes=True).requests
    return request


@pytest.mark.parametrize(
    ("document", "host", "path"),
    [
        ({"servers": [{"url": "https://api.example.com/v1/"}]}, "https://api.example.com", "/v1/a"),
        ({"servers": [{"url": "/v1"}]}, "", "/v1/a"),
        ({"servers": []}, "", "/a"),
        ({"servers": [{"url": "{s}://h:{p}", "variables": {"s": {"default": "https"},
          "p": {"default": "8443"}}}]}, "https://h:8443", "/a"),
        ({"swagger": "2.0", "host": "h:1", "basePath": "/v2", "schemes": ["https"]},
         "https://h:1", "/v2/a"),
        ({"swagger": "2.0", "basePath": "/"}, "", "/a"),
        ({"servers": [{"url": "http://[bad"}]}, "", "/a"),
    ],
)  # fmt: skip
def test_where_the_service_is(
    tmp_path: Path, document: dict[str, Any], host: str, path: str
) -> None:
    version = {} if "swagger" in document else {"openapi": "3.0.0"}
    service = read(tmp_path, {**version, **document, "paths": {"/a": {"get": {}}}})
    assert (service.host, service.requests[0].path) == (host, path)


@pytest.mark.parametrize(
    ("parameter", "path", "name"),
    [
        ({"in": "path", "name": "id", "schema": {"type": "integer"}}, "/a/1", "/a/{id}"),
        ({"in": "path", "name": "id", "example": "x y"}, "/a/x%20y", "/a/{id}"),
        ({"in": "path", "name": "id", "examples": {"one": {"value": 5}}}, "/a/5", "/a/{id}"),
        ({"in": "path", "name": "id", "schema": {"format": "uuid", "type": "string"}},
         "/a/123e4567-e89b-42d3-a456-426614174000", "/a/{id}"),
        ({"in": "path", "name": "other"}, "/a/1", "/a/{id}"),
        ({"in": "query", "name": "q", "required": True, "schema": {"type": "string"}},
         "/a/1?q=text", "/a/{id}"),
        ({"in": "query", "name": "q", "schema": {"type": "string"}}, "/a/1", "/a/{id}"),
        ({"in": "query", "name": "q", "required": True, "schema": {"type": "array",
          "items": {"enum": ["a b"]}}}, "/a/1?q=a%20b", "/a/{id}"),
        ({"in": "query", "name": "q", "required": True,
          "content": {"application/json": {"schema": {"const": {"a": 1}}}}},
         "/a/1?q=%7B%22a%22%3A%201%7D", "/a/{id}"),
    ],
)  # fmt: skip
def test_parameters(tmp_path: Path, parameter: dict[str, Any], path: str, name: str) -> None:
    request = operation(tmp_path, "get", "/a/{id}", {"parameters": [parameter]})
    assert (request.path, request.name) == (path, name)


def test_headers_and_cookies_that_are_required(tmp_path: Path) -> None:
    parameters = [
        {"in": "header", "name": "X-Trace", "required": True, "schema": {"const": "t"}},
        {"in": "header", "name": "X-Api-Key", "required": True, "example": "s3cr3t"},
        {"in": "header", "name": "Accept", "required": True, "example": "text/html"},
        {"in": "cookie", "name": "theme", "required": True, "example": "dark"},
        {"in": "query", "name": "access_token", "required": True, "example": "s3cr3t"},
    ]
    request = operation(tmp_path, "get", "/a", {"parameters": parameters})
    assert request.headers == {
        "X-Trace": "t",
        "X-Api-Key": FromEnvironment("API_KEY"),
        "Cookie": "theme=dark",
    }
    assert request.secret_query == {"access_token": FromEnvironment("ACCESS_TOKEN")}


PERSON = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("content", "field", "value"),
    [
        ({"application/json": {"schema": PERSON}}, "json", {"name": "text", "age": 1}),
        ({"text/plain": {}, "application/json": {"example": [1]}}, "json", [1]),
        ({"application/vnd.a+json": {"schema": PERSON}}, "json", {"name": "text", "age": 1}),
        ({"application/json": {}}, "json", {}),
        ({"application/x-www-form-urlencoded": {"schema": PERSON}}, "data",
         {"name": "text", "age": "1"}),
        ({"text/plain": {"example": "hello"}}, "data", "hello"),
        ({"application/json": {"examples": {"a": {"$ref": "#/x"}}}}, "json", {"of": "x"}),
    ],
)  # fmt: skip
def test_bodies(tmp_path: Path, content: dict[str, Any], field: str, value: object) -> None:
    request = operation(
        tmp_path, "post", "/a", {"requestBody": {"content": content}}, x={"value": {"of": "x"}}
    )
    assert getattr(request, field) == value


def test_files(tmp_path: Path) -> None:
    file = {"type": "string", "format": "binary"}
    schema = {"properties": {"title": {"type": "string"}, "photo": file,
                             "more": {"type": "array", "items": file}}}  # fmt: skip
    body = {"content": {"multipart/form-data": {"schema": schema}}}
    request = operation(tmp_path, "post", "/a", {"requestBody": body})
    assert request.data == {"title": "text"}
    assert [one.field for one in request.files] == ["photo", "more"]


@pytest.mark.parametrize(
    ("scheme", "variables", "headers"),
    [
        ({"type": "http", "scheme": "bearer"}, ["API_TOKEN"], ["Authorization"]),
        ({"type": "http", "scheme": "Basic"}, ["API_USER", "API_PASSWORD"], []),
        ({"type": "basic"}, ["API_USER", "API_PASSWORD"], []),
        ({"type": "oauth2"}, ["API_TOKEN"], ["Authorization"]),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, ["KEY"], ["X-Key"]),
        ({"type": "apiKey", "in": "query", "name": "key"}, ["KEY"], []),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, ["SID"], ["Cookie"]),
        ({"type": "apiKey", "in": "header", "name": "Authorization"}, ["AUTHORIZATION"],
         ["Authorization"]),
        ({"type": "mutualTLS"}, [], []),
    ],
)  # fmt: skip
def test_credentials(
    tmp_path: Path, scheme: dict[str, Any], variables: list[str], headers: list[str]
) -> None:
    request = operation(
        tmp_path, "get", "/a", {"security": [{"it": []}]},
        components={"securitySchemes": {"it": scheme}},
    )  # fmt: skip
    assert list(request.variables()) == variables
    assert list(request.headers) == headers


@pytest.mark.parametrize("security", [[], [{}, {"it": []}], [{"unknown": []}], "it"])
def test_operations_that_need_none(tmp_path: Path, security: Any) -> None:
    more = {
        "security": [{"it": []}],
        "components": {"securitySchemes": {"it": {"type": "oauth2"}}},
    }
    request = operation(tmp_path, "get", "/a", {"security": security}, **more)
    assert list(request.variables()) == []
    assert list(operation(tmp_path, "get", "/a", {}, **more).variables()) == ["API_TOKEN"]


def weights(service: NewService) -> dict[str, int]:
    def label(one: ServiceRequest) -> str:
        return f"{one.method} {one.endpoint}"

    return {label(one): one.weight for one in service.requests}


def test_what_changes_data_is_not_sent_unless_that_is_wanted_or_all_there_is(
    tmp_path: Path,
) -> None:
    paths: dict[str, Any] = {"/a": {"get": {}, "post": {}, "delete": {}}}
    document = {"openapi": "3.0.0", "paths": paths}
    service = read(tmp_path, document)
    assert weights(service) == {"GET /a": 1, "POST /a": 0, "DELETE /a": 0}
    assert service.told[0].startswith("2 requests that change data are in the locustfile with")
    assert set(weights(read(tmp_path, document, writes=True)).values()) == {1}
    del paths["/a"]["get"]
    assert weights(read(tmp_path, document)) == {"POST /a": 1, "DELETE /a": 0}
    del paths["/a"]["post"]
    with pytest.raises(UsageError, match="--writes has them sent"):
        read(tmp_path, document)


def test_many_operations(tmp_path: Path) -> None:
    paths = {f"/a{number}": {"get": {}} for number in range(100)}
    document = {"openapi": "3.0.0", "paths": paths}
    service = read(tmp_path, document)
    assert len(service.requests) == MOST_TASKS
    assert service.told[0].startswith(f"{MOST_TASKS} of 100 operations became tasks; --only")
    assert len(read(tmp_path, document, only=("GET /a9*",)).requests) == 11


def test_a_description_of_a_url() -> None:
    """The server of the description is relative to where it was read."""
    document = {"openapi": "3.1.0", "servers": [{"url": "/v1"}], "paths": {"/a": {"get": {}}}}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = json.dumps(document).encode()
            self.send_response(200 if self.path == "/openapi.json" else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        service = read_openapi(f"{url}/openapi.json", OpenApiChoice())
        assert (service.host, service.requests[0].path) == (url, "/v1/a")
        with pytest.raises(UsageError, match="answered with status 404"):
            read_openapi(f"{url}/none.json", OpenApiChoice())
        server.shutdown()


@pytest.mark.parametrize("name", ["petstore_2.json", "petstore_3.yaml", "bookshop_31.yaml"])
def test_whatever_part_is_something_else_it_is_read_or_refused(tmp_path: Path, name: str) -> None:
    """Each value of a description in turn is of another kind."""
    from loadtui.new_project.given_document import document_of

    data = (FOLDER / name).read_bytes()
    paths = list(places(document_of(data, name, "", yaml=True)))
    for place in paths[:: max(1, len(paths) // 60)]:
        for other in (None, "text", 7, [], {}, [None], {"a": None}):
            document = document_of(data, name, "", yaml=True)
            inside: Any = document
            for key in place[:-1]:
                inside = inside[key]
            inside[place[-1]] = other
            try:
                read(tmp_path, document)
            except UsageError:
                continue


def places(value: Any, at: tuple[Any, ...] = ()) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(pairs):
        yield (*at, key)
        if isinstance(one, dict | list):
            yield from places(one, (*at, key))
