"""Reads command lines of curl, as they are typed and as browsers copy them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, quote

from loadtui.errors import UsageError
from loadtui.new_project.path_names import (
    base_and_path,
    endpoint_name,
    host_title,
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
)
from loadtui.new_project.service_request import (
    FORM,
    METHODS,
    NO_JSON,
    FilePart,
    FromEnvironment,
    NewService,
    ServiceRequest,
)
from loadtui.new_project.shell_words import shell_commands
from loadtui.suggestion import did_you_mean

OPTION = "--curl"
_WITHOUT_VALUE = frozenset(
    """
    0 1.0 1.1 2 3 4 6 N O S a anyauth basic compressed digest f fail fail-with-body g globoff
    http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 i include insecure ipv4 ipv6 j k L
    location location-trusted M n no-buffer no-keepalive no-progress-meter path-as-is progress-bar
    q R raw s show-error silent ssl-reqd sslv3 tcp-nodelay tlsv1 tlsv1.2 tlsv1.3 tr-encoding v
    verbose no-compressed l no-location remote-name Z parallel
    """.split()  # noqa: SIM905
)
"""Options that change nothing that a locustfile says."""
_WITH_VALUE = frozenset(
    """
    C D E K P Q T U Y c cacert capath cert cert-type ciphers config connect-timeout connect-to
    cookie-jar dump-header interface key key-type keepalive-time limit-rate m max-filesize
    max-redirs max-time noproxy o output pass pinnedpubkey proto proxy proxy-header
    proxy-user r range resolve
    retry retry-delay retry-max-time socks5 socks5-hostname speed-limit speed-time stderr t
    tls-max tls13-ciphers trace trace-ascii unix-socket upload-file w write-out x y z
    """.split()  # noqa: SIM905
)
"""Options whose values change nothing either."""
_SHORT = {
    "X": "request", "d": "data", "H": "header", "F": "form", "u": "user", "b": "cookie",
    "G": "get", "I": "head", "A": "user-agent", "e": "referer", "k": "insecure",
}  # fmt: skip


@dataclass
class _Given:
    """What a command line says so far."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    form: list[tuple[str, str]] = field(default_factory=list)
    is_json: bool = False
    in_query: bool = False
    has_user: bool = False
    has_bearer: bool = False
    agent: str = ""


def read_curl(text: str) -> NewService:
    """The requests of one command, or of several in a row.  Raises UsageError."""
    if '^"' in text and "curl" in text:
        raise UsageError(
            f"{OPTION}: this was copied for Windows' cmd; choose `Copy as cURL (bash)` there"
        )
    try:
        commands = list(shell_commands(text))
    except ValueError as error:
        raise UsageError(f"{OPTION}: {error}; give the whole command") from None
    requests: list[ServiceRequest] = []
    base = ""
    for words in commands:
        given = _parsed(words[1:] if words[0] in ("curl", "curl.exe") else words)
        for url in given.urls:
            own, path, has_user = base_and_path(url, OPTION)
            base = base or own
            if own != base:
                raise UsageError(
                    f"{OPTION}: the commands go to {base} and to {own}; a locustfile has one host"
                )
            requests.append(_request(given, path, has_user))
    if not requests:
        raise UsageError(
            f"{OPTION}: found no URL; give a command such as 'curl http://127.0.0.1:8000/items'"
        )
    return NewService(host_title(base), base, tuple(requests))


def _parsed(words: list[str]) -> _Given:
    given = _Given()
    rest = iter(words)
    for word in rest:
        if word == "--":
            given.urls += rest
        elif word.startswith("--"):
            _long(given, word[2:], rest)
        elif word.startswith("-") and len(word) > 1:
            _short(given, word[1:], rest)
        else:
            given.urls.append(word)
    return given


def _short(given: _Given, letters: str, rest: Iterator[str]) -> None:
    """Letters of options; the first that takes a value takes what stands behind it."""
    for at, letter in enumerate(letters):
        name = _SHORT.get(letter, letter)
        if name in _TAKES or letter in _WITH_VALUE:
            behind = letters[at + 1 :]
            _long(given, name, iter([behind]) if behind else rest)
            return
        _long(given, name, rest)


def _long(given: _Given, name: str, rest: Iterator[str]) -> None:
    if name in _FLAGS:
        _FLAGS[name](given)
    elif name in _TAKES or name in _WITH_VALUE:
        value = next(rest, None)
        if value is None:
            raise UsageError(f"{OPTION}: the option {_dashed(name)} of curl has no value")
        if name in _TAKES:
            _TAKES[name](given, value)
    elif name not in _WITHOUT_VALUE:
        known = [_dashed(one) for one in (*_TAKES, *_FLAGS)]
        hint = did_you_mean(_dashed(name), known, "leave it out if the request does not need it")
        raise UsageError(f"{OPTION}: curl's option {_dashed(name)} is not known here; {hint}")


def _dashed(name: str) -> str:
    return f"-{name}" if len(name) == 1 else f"--{name}"


def _header(given: _Given, value: str) -> None:
    name, colon, text = value.partition(":")
    if colon and name.strip() and text.strip():
        given.headers.append((name.strip(), text.strip()))
    elif value.endswith(";") and value[:-1].strip():
        given.headers.append((value[:-1].strip(), ""))


def _data(given: _Given, value: str) -> None:
    if value.startswith("@"):
        raise UsageError(
            f"{OPTION}: the data is in the file {value[1:] or '-'}; give it in the command, as -d "
            "'TEXT'"
        )
    given.data.append(value)


def _url_encoded(given: _Given, value: str) -> None:
    """As curl: `name=content`, `=content` or `content`, of which the content is encoded."""
    name, equals, content = value.partition("=")
    if not equals and "@" in value:
        _data(given, "@" + value.partition("@")[2])
    given.data.append(
        f"{name}={quote(content, safe='')}" if name and equals else quote(content or name, safe="")
    )


def _json(given: _Given, value: str) -> None:
    _data(given, value)
    given.is_json = True


def _set_method(given: _Given, value: str) -> None:
    given.method = value.upper()


def _set_agent(given: _Given, value: str) -> None:
    given.agent = value


def _cookie(given: _Given, value: str) -> None:
    if "=" in value:
        given.headers.append(("Cookie", value))


def _with_user(given: _Given, _value: str) -> None:
    given.has_user = True


def _with_bearer(given: _Given, _value: str) -> None:
    given.has_bearer = True


def _in_query(given: _Given) -> None:
    given.in_query = True


def _head(given: _Given) -> None:
    given.method = given.method or "HEAD"


_TAKES: dict[str, Callable[[_Given, str], None]] = {
    "request": _set_method,
    "url": lambda given, value: given.urls.append(value),
    "header": _header,
    "data": _data,
    "data-ascii": _data,
    "data-binary": _data,
    "data-raw": lambda given, value: given.data.append(value),
    "data-urlencode": _url_encoded,
    "json": _json,
    "form": lambda given, value: _form(given, value, is_text=False),
    "form-string": lambda given, value: _form(given, value, is_text=True),
    "user": _with_user,
    "oauth2-bearer": _with_bearer,
    "cookie": _cookie,
    "user-agent": _set_agent,
    "referer": lambda given, value: None,
}
_FLAGS: dict[str, Callable[[_Given], None]] = {"get": _in_query, "head": _head}


def _form(given: _Given, value: str, *, is_text: bool) -> None:
    name, equals, content = value.partition("=")
    if not equals or not name:
        raise UsageError(f"{OPTION}: -F {value!r} is no field; it is written as NAME=VALUE")
    given.form.append((name, f"={content}" if is_text else content))


def _request(given: _Given, path: str, has_user: bool) -> ServiceRequest:
    pairs = list(given.headers)
    if given.agent:
        pairs.append(("User-Agent", given.agent))
    headers, user = sent_headers(pairs)
    if given.has_bearer:
        headers["Authorization"] = FromEnvironment(TOKEN, "Bearer ")
    if given.has_user or has_user:
        user = USER_AND_PASSWORD
    method = given.method or (
        "POST" if (given.data and not given.in_query) or given.form else "GET"
    )
    if method not in METHODS:
        raise UsageError(f"{OPTION}: found the method {method}, expected one such as GET or POST")
    if given.in_query and given.data:
        path += ("&" if "?" in path else "?") + "&".join(given.data)
    path, secret_query = split_query(path)
    request = ServiceRequest(
        method=method,
        path=path,
        name=needed_name(path.partition("?")[0], endpoint_name(path)),
        headers=headers,
        secret_query=secret_query,
        user_and_password=user,
    )
    if given.form:
        return _with_form(request, given.form)
    return request if given.in_query or not given.data else _with_data(request, given)


def _with_data(request: ServiceRequest, given: _Given) -> ServiceRequest:
    text = ("" if given.is_json else "&").join(given.data)
    low = {name.lower(): name for name in request.headers}
    typed = request.headers.get(low.get("content-type", ""), "")
    kind = typed.partition(";")[0].strip().lower() if isinstance(typed, str) else ""
    without_type = {k: v for k, v in request.headers.items() if k.lower() != "content-type"}
    if given.is_json or kind == "application/json":
        body, data = body_of_text(text, "application/json")
        if data is None:
            return replace(request, json=NO_JSON if body is None else body, headers=without_type)
        headers = {**without_type, "Content-Type": "application/json"}
        return replace(request, data=data, headers=headers)
    if kind in ("", FORM):
        fields = _fields(text)
        if fields is not None:
            secret = fields_without_secrets(fields)
            return replace(request, data=secret, headers=without_type)
        body, _ = body_of_text(text, "")
        typed_form = {**without_type, "Content-Type": FORM}
        if body is not None:  # JSON that curl sends as a form
            return replace(request, json=body, headers=typed_form)
        return replace(request, data=text, headers=typed_form)
    body, data = body_of_text(text, kind)
    return replace(request, data=data) if data is not None else replace(request, json=body)


def _fields(text: str) -> dict[str, str] | None:
    """The fields of a form; None for what is not one, or has a field twice."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) and _is_form(text, fields) else None


def _is_form(text: str, fields: dict[str, str]) -> bool:
    """Not JSON that happens to hold an equals sign."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return bool(fields) and not text.lstrip().startswith(("{", "[", "<"))
    return False


def _with_form(request: ServiceRequest, form: list[tuple[str, str]]) -> ServiceRequest:
    fields: dict[str, Any] = {}
    files: list[FilePart] = []
    for name, content in form:
        if content.startswith(("@", "<")):
            path = content[1:].partition(";")[0]
            files.append(FilePart(name, PurePath(path).name or "test.txt"))
        else:
            text = content.removeprefix("=")
            fields[name] = text if content.startswith("=") else text.partition(";type=")[0]
    headers = {k: v for k, v in request.headers.items() if k.lower() != "content-type"}
    data = fields_without_secrets(fields)
    if not files:
        # Parts without a file name: FastHttpUser sends parts only as files.
        files = [
            FilePart(name, "", text) for name, text in fields.items() if not is_secret_name(name)
        ]
        data = {name: value for name, value in data.items() if is_secret_name(name)}
    return replace(request, data=data or None, files=tuple(files), headers=headers)
