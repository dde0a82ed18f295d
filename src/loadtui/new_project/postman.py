"""Reads collections of Postman, of the formats 2.0 and 2.1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from loadtui.errors import UsageError
from loadtui.new_project.given_document import document_of, given_bytes
from loadtui.new_project.path_names import (
    base_and_path,
    endpoint_name,
    needed_name,
    split_query,
)
from loadtui.new_project.secret_names import (
    TOKEN,
    USER_AND_PASSWORD,
    body_of_text,
    fields_without_secrets,
    is_secret_name,
    sent_headers,
    variable_name,
)
from loadtui.new_project.sent_by_default import weighted
from loadtui.new_project.service_request import (
    METHODS,
    NO_JSON,
    FilePart,
    FromEnvironment,
    NewService,
    ServiceRequest,
)

OPTION = "--postman"
MOST_TASKS = 60
_DEEPEST = 20
_VARIABLE = re.compile(r"\{\{\s*([^{}]{1,200}?)\s*\}\}")
_MADE = {
    "$guid": "123e4567-e89b-42d3-a456-426614174000",
    "$randomUUID": "123e4567-e89b-42d3-a456-426614174000",
    "$timestamp": "1790000000",
    "$isoTimestamp": "2026-01-31T12:00:00.000Z",
    "$randomInt": "1",
}
"""What Postman makes anew for each request."""
_HOST = "http://host-of-a-variable.invalid"


def read_postman(source: str, writes: bool) -> NewService:
    """The requests of a collection, folders included.  Raises UsageError."""
    document = document_of(given_bytes(source, OPTION), source, OPTION)
    if isinstance(document.get("collection"), dict):  # as Postman's own API answers
        document = document["collection"]
    items = document.get("item")
    if not isinstance(items, list):
        raise UsageError(
            f"{OPTION}: {source} is no collection of Postman: it has no `item`; export it as "
            "Collection v2.1"
        )
    collection = _Collection(document)
    found = list(collection.requests(items, document.get("auth"), 0))
    if not found:
        raise UsageError(f"{OPTION}: {source} holds no requests")
    base = next((one for one, _ in found if one != _HOST), "")
    own = [request for one, request in found if one in (base, _HOST)]
    told = []
    if len(own) < len(found):
        told.append(f"{len(found) - len(own)} requests to other hosts than {base} left out")
    if len(own) > MOST_TASKS:
        told.append(f"the first {MOST_TASKS} of {len(own)} requests became tasks")
    requests, sentence = weighted(own[:MOST_TASKS], writes)
    info = document.get("info")
    title = info.get("name") if isinstance(info, dict) else None
    return NewService(str(title or ""), base, tuple(requests), (*told, *sentence))


class _Collection:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._variables = dict(_MADE)
        for one in _objects(document.get("variable")):
            key, value = str(one.get("key") or one.get("id") or ""), one.get("value")
            is_secret = is_secret_name(key) or one.get("type") == "secret"
            if key and value not in (None, "") and not is_secret and not one.get("disabled"):
                self._variables[key] = str(value)

    def requests(
        self, items: list[Any], auth: Any, depth: int
    ) -> Iterator[tuple[str, ServiceRequest]]:
        """Each request with the base URL that it goes to."""
        for item in _objects(items):
            inner = item.get("item")
            if isinstance(inner, list) and depth < _DEEPEST:
                yield from self.requests(inner, item.get("auth") or auth, depth + 1)
            request = item.get("request")
            if isinstance(request, str):
                request = {"url": request}
            if isinstance(request, dict):
                made = self._request(request, request.get("auth") or auth)
                if made is not None:
                    yield made[0], replace(made[1], title=str(item.get("name") or ""))

    def _request(self, given: dict[str, Any], auth: Any) -> tuple[str, ServiceRequest] | None:
        method = str(given.get("method") or "GET").upper()
        url, values = self._url(given.get("url"))
        if method not in METHODS or not url:
            return None
        try:
            base, path, has_user = base_and_path(url, OPTION)
        except UsageError:
            return None
        path, name = _with_values(path, values)
        path, secret_query = split_query(path)
        headers, user = sent_headers(
            (str(one.get("key", "")), self._filled(str(one.get("value", ""))))
            for one in _objects(given.get("header"))
            if not one.get("disabled") and one.get("key")
        )
        request = ServiceRequest(
            method=method,
            path=path,
            name=name,
            headers=headers,
            secret_query=secret_query,
            user_and_password=USER_AND_PASSWORD if has_user else user,
        )
        body = given.get("body")
        if isinstance(body, dict) and not body.get("disabled"):
            request = self._with_body(request, body)
        return base, _with_auth(request, auth)

    def _url(self, url: Any) -> tuple[str, dict[str, str]]:
        """The URL, and the values of `:name` in its path."""
        values: dict[str, str] = {}
        raw = url
        if isinstance(url, dict):
            for one in _objects(url.get("variable")):
                key, value = one.get("key") or one.get("id"), one.get("value")
                values[str(key)] = self._filled(str(value)) if value else "1"
            raw = url.get("raw")
            if not isinstance(raw, str):
                raw = _joined(url)
        if not isinstance(raw, str):
            return "", {}
        raw = raw.strip()
        start = _VARIABLE.match(raw)
        if start and start[1] not in self._variables:
            raw = _HOST + raw[start.end() :]
        return self._filled(raw), values

    def _filled(self, text: str) -> str:
        """The text with the collection's values for variables, and with the names of others."""
        for _ in range(5):  # variables may hold variables
            filled = _VARIABLE.sub(lambda found: self._variables.get(found[1], found[0]), text)
            if filled == text or len(filled) > 1_000_000:
                break
            text = filled
        return _VARIABLE.sub(lambda found: found[1], text)

    def _with_body(self, request: ServiceRequest, body: dict[str, Any]) -> ServiceRequest:
        mode = body.get("mode")
        headers = {k: v for k, v in request.headers.items() if k.lower() != "content-type"}
        if mode == "urlencoded":
            fields = dict(self._fields(body.get("urlencoded")))
            return replace(request, data=fields_without_secrets(fields), headers=headers)
        if mode == "formdata":
            files = tuple(
                FilePart(str(one["key"]), "test.txt")
                for one in _objects(body.get("formdata"))
                if one.get("type") == "file" and one.get("key") and not one.get("disabled")
            )
            fields = dict(self._fields(body.get("formdata")))
            files = files or tuple(FilePart(name, "", value) for name, value in fields.items())
            named = {one.field for one in files}
            left = {name: value for name, value in fields.items() if name not in named}
            secret = fields_without_secrets(left)
            return replace(request, data=secret or None, files=files, headers=headers)
        if mode == "graphql" and isinstance(body.get("graphql"), dict):
            return self._with_graphql(request, body["graphql"], headers)
        raw = body.get("raw")
        if mode != "raw" or not isinstance(raw, str) or not raw.strip():
            return request
        kind = "".join(
            str(value) for name, value in request.headers.items() if name.lower() == "content-type"
        )
        options = body.get("options")
        language = options.get("raw") if isinstance(options, dict) else None
        if isinstance(language, dict) and language.get("language") == "json":
            kind = "application/json"
        made, data = body_of_text(self._filled(raw), kind.lower())
        if data is not None:
            return replace(request, data=data)
        return replace(request, json=NO_JSON if made is None else made, headers=headers)

    def _with_graphql(
        self, request: ServiceRequest, given: dict[str, Any], headers: dict[str, Any]
    ) -> ServiceRequest:
        body: dict[str, Any] = {"query": self._filled(str(given.get("query", "")))}
        variables = given.get("variables")
        if isinstance(variables, str) and variables.strip():
            made, data = body_of_text(self._filled(variables), "application/json")
            body["variables"] = {} if data is not None else made
        elif isinstance(variables, dict):
            body["variables"] = variables
        return replace(request, json=body, headers=headers)

    def _fields(self, listed: Any) -> Iterator[tuple[str, str]]:
        for one in _objects(listed):
            if one.get("key") and not one.get("disabled") and one.get("type") != "file":
                yield str(one["key"]), self._filled(str(one.get("value") or ""))


def _joined(url: Mapping[str, Any]) -> str:
    host, path = url.get("host"), url.get("path")
    host = ".".join(map(str, host)) if isinstance(host, list) else str(host or "")
    path = "/".join(map(str, path)) if isinstance(path, list) else str(path or "").lstrip("/")
    protocol = f"{url['protocol']}://" if url.get("protocol") else ""
    port = f":{url['port']}" if url.get("port") else ""
    query = "&".join(
        f"{quote(str(one.get('key', '')))}={quote(str(one.get('value') or ''))}"
        for one in _objects(url.get("query"))
        if not one.get("disabled")
    )
    return f"{protocol}{host}{port}/{path}{f'?{query}' if query else ''}" if host else ""


def _with_values(path: str, values: Mapping[str, str]) -> tuple[str, str]:
    """`/users/7` and `/users/{id}` for `/users/:id`."""
    plain, mark, query = path.partition("?")
    sent, named = [], []
    for part in plain.split("/"):
        if part.startswith(":") and len(part) > 1:
            sent.append(quote(values.get(part[1:], "1"), safe=""))
            named.append(f"{{{part[1:]}}}")
        else:
            sent.append(part)
            named.append(endpoint_name(part))
    path = "/".join(sent)
    return path + mark + query, needed_name(path, "/".join(named))


def _with_auth(request: ServiceRequest, auth: Any) -> ServiceRequest:
    """The request with what its own authorization, or that of its folder, asks for."""
    if not isinstance(auth, dict) or any(k.lower() == "authorization" for k in request.headers):
        return request
    kind = auth.get("type")
    if kind == "basic":
        return replace(request, user_and_password=USER_AND_PASSWORD)
    if kind in ("bearer", "oauth2", "jwt"):
        value = FromEnvironment(TOKEN, "Bearer ")
        return replace(request, headers={**request.headers, "Authorization": value})
    if kind == "apikey":
        given = auth.get("apikey")
        if isinstance(given, list):  # 2.1; 2.0 has an object
            given = {str(one.get("key")): one.get("value") for one in _objects(given)}
        given = given if isinstance(given, dict) else {}
        name = str(given.get("key") or "X-API-Key")
        value = FromEnvironment(variable_name(name))
        if given.get("in") == "query":
            return replace(request, secret_query={**request.secret_query, name: value})
        return replace(request, headers={**request.headers, name: value})
    return request


def _objects(listed: Any) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
