"""Reads what a browser recorded: HTTP archives (HAR), of Chromium and Firefox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from loadtui.errors import UsageError
from loadtui.new_project.given_document import document_of, given_bytes
from loadtui.new_project.path_names import (
    base_and_path,
    endpoint_name,
    host_title,
    needed_name,
    split_query,
)
from loadtui.new_project.secret_names import body_of_text, fields_without_secrets, sent_headers
from loadtui.new_project.service_request import (
    FORM,
    METHODS,
    NO_JSON,
    PARTS,
    FilePart,
    NewService,
    ServiceRequest,
)
from loadtui.plurals import counted

OPTION = "--har"
MOST_TASKS = 60
_STATIC_TYPES = frozenset(
    """
    eventsource font image manifest media ping preflight script stylesheet texttrack websocket
    """.split()  # noqa: SIM905
)
"""What Chromium calls the types of resources that no load test of a service fetches."""
_STATIC_ENDINGS = frozenset(
    """
    .avif .css .eot .gif .ico .jpeg .jpg .js .map .mjs .mp3 .mp4 .otf .png .svg .ttf .wasm .webm
    .webmanifest .webp .woff .woff2
    """.split()  # noqa: SIM905
)
_STATIC_CONTENT = (
    *("image/", "font/", "video/", "audio/", "text/css", "text/javascript"),
    *("application/javascript", "application/x-javascript", "application/font"),
)


class _Recorded(NamedTuple):
    base: str
    request: ServiceRequest


def read_har(source: str, host: str = "") -> NewService:
    """What a recording asks one host for, the same requests merged: a task's weight is how often
    it was seen.  `host` is the base URL that is meant; where it is empty, or not in the recording,
    the host of the first request is.

    Raises UsageError.
    """
    document = document_of(given_bytes(source, OPTION), source, OPTION)
    log = document.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise UsageError(f"{OPTION}: {source} is no HTTP archive: it has no `log.entries`")
    if not entries:
        raise UsageError(
            f"{OPTION}: {source} holds no requests; record with the network panel open, and save "
            "it as HAR"
        )
    recorded = list(_recorded(entries))
    if not recorded:
        raise UsageError(
            f"{OPTION}: {source} holds nothing but static files; record what the page asks the "
            "service for"
        )
    wanted = base_and_path(host, "--host")[0] if host else ""
    is_recorded = any(one.base == wanted for one in recorded)
    base = wanted if is_recorded else recorded[0].base
    own = [one.request for one in recorded if one.base == base]
    merged = _merged(own)
    told = list(_left_out(len(entries) - len(recorded), recorded, base))
    if wanted and not is_recorded:
        told.append(f"what was recorded of {base} is sent to {wanted}")
    if len(merged) > MOST_TASKS:
        told.append(f"the {MOST_TASKS} busiest of {len(merged)} endpoints became tasks")
        merged = sorted(merged, key=lambda one: -one.weight)[:MOST_TASKS]
    return NewService(host_title(base), base, tuple(merged), tuple(told))


def _left_out(static: int, recorded: list[_Recorded], base: str) -> Iterator[str]:
    if static:
        yield f"{counted(static, 'request')} for static files or of the browser itself left out"
    others = Counter(one.base for one in recorded if one.base != base)
    if others:
        listed = ", ".join(f"{count} to {name}" for name, count in others.most_common(5))
        yield f"requests to other hosts left out: {listed}; --host URL chooses another host"


def _merged(requests: list[ServiceRequest]) -> list[ServiceRequest]:
    """One for each endpoint, as it was sent first."""
    counts = Counter((one.method, one.endpoint) for one in requests)
    first = {(one.method, one.endpoint): one for one in reversed(requests)}
    return [replace(first[key], weight=count) for key, count in counts.items()]


def _recorded(entries: list[Any]) -> Iterator[_Recorded]:
    for entry in entries:
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict) or _is_static(entry, request):
            continue
        method = str(request.get("method", "")).upper()
        url = str(request.get("url", ""))
        if method not in METHODS or not url.lower().startswith(("http://", "https://")):
            continue
        try:
            base, path, has_user = base_and_path(url, OPTION)
        except UsageError:
            continue
        yield _Recorded(base, _request(method, path, request, has_user))


def _is_static(entry: dict[str, Any], request: dict[str, Any]) -> bool:
    kind = str(entry.get("_resourceType", "")).lower()
    response = entry.get("response")
    response = response if isinstance(response, dict) else {}
    content = response.get("content")
    mime = str(content.get("mimeType", "")) if isinstance(content, dict) else ""
    path = str(request.get("url", "")).partition("?")[0]
    preflight = request.get("method") == "OPTIONS" and "access-control-request-method" in (
        name.lower() for name, _ in _pairs(request.get("headers"))
    )
    return (
        kind in _STATIC_TYPES
        or preflight
        or PurePosixPath(path).suffix.lower() in _STATIC_ENDINGS
        or (request.get("method") == "GET" and mime.lower().startswith(_STATIC_CONTENT))
    )


def _request(method: str, path: str, recorded: dict[str, Any], has_user: bool) -> ServiceRequest:
    headers, user = sent_headers(_pairs(recorded.get("headers")))
    if has_user and user is None:
        user = ("API_USER", "API_PASSWORD")
    path, secret_query = split_query(path)
    name = endpoint_name(path)
    request = ServiceRequest(
        method=method,
        path=path,
        name=needed_name(path.partition("?")[0], name),
        headers=headers,
        secret_query=secret_query,
        user_and_password=user,
    )
    posted = recorded.get("postData")
    return _with_body(request, posted) if isinstance(posted, dict) else request


def _with_body(request: ServiceRequest, posted: dict[str, Any]) -> ServiceRequest:
    kind = str(posted.get("mimeType", "")).partition(";")[0].strip().lower()
    text = posted.get("text")
    text = text if isinstance(text, str) else ""
    typed = {k: v for k, v in request.headers.items() if k.lower() == "content-type"}
    others = {k: v for k, v in request.headers.items() if k not in typed}
    params = _pairs(posted.get("params"))
    if kind == FORM:
        fields = dict(params) or dict(parse_qsl(text, keep_blank_values=True))
        return replace(request, data=fields_without_secrets(fields), headers=others)
    if kind == PARTS:
        # What was in the parts is not in every recording.
        files = tuple(FilePart(name, "test.txt", value or "test") for name, value in params)
        return replace(request, files=files or (FilePart("file", "test.txt"),), headers=others)
    if not text:
        return request
    body, data = body_of_text(text, kind)
    if data is not None:
        return replace(request, data=data)
    operation = body.get("operationName") if isinstance(body, dict) else None
    name = request.name
    if isinstance(operation, str) and operation.isidentifier() and "query" in body:
        name = f"{request.endpoint} {operation}"
    kept = others if kind == "application/json" else request.headers
    return replace(request, json=NO_JSON if body is None else body, name=name, headers=kept)


def _pairs(listed: Any) -> list[tuple[str, str]]:
    """Of a list of {"name": ..., "value": ...} the pairs."""
    return [
        (str(one.get("name", "")), str(one.get("value", "")))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("name")
    ]
