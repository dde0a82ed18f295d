"""Reads descriptions of services: Swagger 2.0, OpenAPI 3.0 and 3.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from loadtui.errors import UsageError
from loadtui.new_project.given_document import document_of, given_bytes, is_url
from loadtui.new_project.openapi_body import request_body
from loadtui.new_project.openapi_security import with_credentials
from loadtui.new_project.path_names import base_and_path
from loadtui.new_project.schema_example import SchemaExamples
from loadtui.new_project.secret_names import is_secret_name, variable_name
from loadtui.new_project.sent_by_default import weighted
from loadtui.new_project.service_request import (
    METHODS,
    SAFE_METHODS,
    FromEnvironment,
    HeaderValue,
    NewService,
    ServiceRequest,
)
from loadtui.plurals import counted

OPTION = "--openapi"
MOST_TASKS = 40
"""What a file may have that a person is to read."""
_BY_OTHERS = frozenset({"accept", "content-type", "authorization", "host", "content-length"})
"""Headers that OpenAPI itself leaves to other parts of a description."""


class OpenApiChoice(NamedTuple):
    """Which operations are wanted."""

    only: tuple[str, ...] = ()
    """Patterns over method and path, as `GET /users/*`; none: all."""
    writes: bool = False
    """True: requests that change data are sent as well."""


def read_openapi(source: str, choice: OpenApiChoice) -> NewService:
    """The requests that a description lists.  Raises UsageError."""
    document = document_of(given_bytes(source, OPTION), source, OPTION, yaml=True)
    version = str(document.get("openapi") or document.get("swagger") or "")
    if not version.startswith(("2", "3")):
        raise UsageError(
            f"{OPTION}: {source} is no OpenAPI description: it has no key `openapi` or `swagger`"
        )
    found = list(_Operations(document).requests())
    if not found:
        raise UsageError(f"{OPTION}: {source} lists no operations under `paths`")
    wanted = [one for one in found if _is_wanted(one, choice.only)]
    if not wanted:
        raise UsageError(
            f"--only: none of the {counted(len(found), 'operation')} of {source} is one of "
            f"{' '.join(choice.only)}; a pattern is written as 'GET /users/*'"
        )
    # What can be sent comes first, in the order of the description.
    wanted.sort(key=lambda one: one.method not in SAFE_METHODS)
    told = []
    if len(wanted) > MOST_TASKS:
        told.append(
            f"{MOST_TASKS} of {len(wanted)} operations became tasks; --only 'GET /users/*' "
            "chooses others"
        )
    requests, sentence = weighted(wanted[:MOST_TASKS], choice.writes)
    info = document.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    return NewService(
        title=str(title or ""),
        host=_host(document, source),
        requests=tuple(requests),
        told=(*told, *sentence),
    )


def _is_wanted(request: ServiceRequest, only: tuple[str, ...]) -> bool:
    label = f"{request.method} {request.endpoint}"
    return not only or any(
        fnmatchcase(label, pattern) or fnmatchcase(request.endpoint, pattern) for pattern in only
    )


def _host(document: dict[str, Any], source: str) -> str:
    """The first base URL that it names, without a path: that is part of the requests'."""
    url = _server(document)
    if is_url(source):
        url = urljoin(source, url or "/")
    if not is_url(url):
        return ""
    try:
        return base_and_path(url, OPTION)[0]
    except UsageError:
        return ""


def _server(document: dict[str, Any]) -> str:
    if "swagger" in document:
        host = document.get("host")
        schemes = document.get("schemes")
        scheme = schemes[0] if isinstance(schemes, list) and schemes else "http"
        base = document.get("basePath")
        base = base if isinstance(base, str) else ""
        return f"{scheme}://{host}{base}" if isinstance(host, str) and host else base
    servers = document.get("servers")
    server = servers[0] if isinstance(servers, list) and servers else None
    if not isinstance(server, dict) or not isinstance(server.get("url"), str):
        return ""
    url: str = server["url"]
    variables = server.get("variables")
    for name, variable in (variables if isinstance(variables, dict) else {}).items():
        if isinstance(variable, dict):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


class _Operations:
    """The operations of a document, as requests."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._examples = SchemaExamples(document)
        try:
            base = urlsplit(_server(document)).path
        except ValueError:
            base = ""
        self._base = base.rstrip("/")

    def requests(self) -> Iterator[ServiceRequest]:
        paths = self._document.get("paths")
        for path, one in (paths if isinstance(paths, dict) else {}).items():
            item = self._examples.resolved(one)
            for method, operation in item.items():
                if method.upper() in METHODS and isinstance(operation, dict):
                    yield self._request(str(path), method.upper(), item, operation)

    def _request(
        self, path: str, method: str, item: dict[str, Any], operation: dict[str, Any]
    ) -> ServiceRequest:
        parameters = self._parameters(item, operation)
        name = self._base + (path if path.startswith("/") else f"/{path}")
        sent = name
        query: list[str] = []
        headers: dict[str, HeaderValue] = {}
        cookies: list[str] = []
        secret_query: dict[str, FromEnvironment] = {}
        for parameter in parameters:
            place, key = parameter.get("in"), str(parameter.get("name", ""))
            if place == "path":
                sent = sent.replace(f"{{{key}}}", _quoted(self._value(parameter)) or "1")
            elif not parameter.get("required") or not key:
                continue
            elif place == "query" and is_secret_name(key):
                secret_query[key] = FromEnvironment(variable_name(key))
            elif place == "query":
                query += _pairs(key, self._value(parameter), parameter)
            elif place == "header" and key.lower() not in _BY_OTHERS:
                secret = is_secret_name(key)
                value = FromEnvironment(variable_name(key)) if secret else None
                headers[key] = value or _text(self._value(parameter))
            elif place == "cookie":
                cookies.append(f"{key}={_quoted(self._value(parameter))}")
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        # Parameters that nothing describes.
        sent = "/".join("1" if p[:1] == "{" and p[-1:] == "}" else p for p in sent.split("/"))
        sent = quote(sent, safe="/:@!$&'()*+,;=-._~%")
        request = ServiceRequest(
            method=method,
            path=f"{sent}?{'&'.join(query)}" if query else sent,
            name="" if sent == name else name,
            title=str(operation.get("operationId") or ""),
            headers=headers,
            secret_query=secret_query,
        )
        request = request_body(request, operation, parameters, self._document, self._examples)
        return with_credentials(request, operation, self._document, self._examples)

    def _parameters(self, item: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
        """Those of the path, and of the operation in their place."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for listed in (item.get("parameters"), operation.get("parameters")):
            for one in listed if isinstance(listed, list) else []:
                parameter = self._examples.resolved(one)
                found[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        return list(found.values())

    def _value(self, parameter: dict[str, Any]) -> Any:
        """An example: the parameter's own, else one of its schema; in Swagger 2.0 it is one."""
        own = {key: parameter[key] for key in ("example", "examples") if key in parameter}
        if own and (value := self._examples.example(own)) is not None:
            return value
        content = parameter.get("content")
        if isinstance(content, dict) and content:
            media = self._examples.resolved(next(iter(content.values())))
            return self._examples.example(media.get("schema"))
        schema = parameter.get("schema")
        if schema is None and "type" in parameter:
            schema = {key: value for key, value in parameter.items() if key != "required"}
        return self._examples.example(schema)


def _pairs(key: str, value: Any, parameter: dict[str, Any]) -> list[str]:
    if isinstance(value, list):
        together = parameter.get("explode") is False or parameter.get("collectionFormat") == "csv"
        if together:
            return [f"{quote(key)}={','.join(_quoted(one) for one in value)}"]
        return [f"{quote(key)}={_quoted(one)}" for one in value]
    if isinstance(value, dict) and parameter.get("style") == "deepObject":
        return [f"{quote(f'{key}[{name}]')}={_quoted(one)}" for name, one in value.items()]
    return [f"{quote(key)}={_quoted(value)}"]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    return "" if value is None else json.dumps(value)


def _quoted(value: Any) -> str:
    return quote(_text(value), safe="", errors="replace")
