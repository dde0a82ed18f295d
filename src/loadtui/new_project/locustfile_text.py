"""A locustfile for a service: one user class, a task for each request."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterator, Sequence

from loadtui.new_project.python_text import (
    INDENT,
    Expression,
    assignment,
    call_statement,
    f_string,
    literal,
    python_words,
)
from loadtui.new_project.service_request import (
    NO_JSON,
    FromEnvironment,
    HeaderValue,
    NewService,
    ServiceRequest,
)

_OF_THE_CLASS = frozenset(
    """
    abstract client client_pool concurrency connection_timeout context default_headers environment
    fixed_count full_name fullname group greenlet host id insecure json max_redirects max_retries
    network_timeout on_start on_stop proxy_host proxy_port rest rest_ start start_time stop
    ssl_context_factory tasks test_start to_dict user_count wait wait_time weight
    """.split()  # noqa: SIM905
)
"""Names that user classes have already, which no task may take."""
_LONGEST_NAME = 50
_SHORT = ("get", "post", "put", "patch", "delete", "head", "options")
_HEADERS = "HEADERS"
_NO_WRITES = (
    "Tasks of weight 0 change data and are not sent: raise their weight once the target is a\n"
    "system that is there for tests."
)


def locustfile_text(service: NewService, made_from: str) -> str:
    """The file as ruff formats it.  `made_from` is the end of the sentence that says from what."""
    requests = service.requests
    variables = list(dict.fromkeys(name for one in requests for name in one.variables()))
    shared = _shared_headers(requests)
    names = _task_names(requests)
    title = " ".join(service.title.split()) or service.host
    told = f"Load on {title}, made by `loadtui init` {made_from}."
    blocks = [_docstring(told, any(one.weight == 0 for one in requests))]
    imports = ["import os\n"] if variables else []
    blocks.append("\n".join([*imports, "from locust import FastHttpUser, between, task"]))
    constants = [f'{name} = os.environ.get("{name}", "")' for name in variables]
    if shared is not None:
        start = f"{_HEADERS} = "
        constants.append(f"{start}{literal(dict(shared), len(start), 0, 0)}")
    if constants:
        blocks.append("\n".join(constants))
    head = "\n\n".join(blocks)
    body = "\n".join(
        [
            f"class {class_name(service.title)}(FastHttpUser):",
            assignment("host", service.host, len(INDENT)),
            f"{INDENT}wait_time = between(1, 3)  # seconds a person thinks between requests",
        ]
    )
    tasks = [_task(one, name, shared) for one, name in zip(requests, names, strict=True)]
    return head + "\n\n\n" + "\n\n".join([body, *tasks]) + "\n"


def class_name(title: str) -> str:
    """`PetStoreUser` for `Pet store`."""
    name = "".join(word.capitalize() for word in python_words(title))[:_LONGEST_NAME]
    if not name:
        return "ServiceUser"
    name = name if name[:1].isalpha() else f"Service{name}"
    return name if name.endswith("User") and name != "User" else f"{name}User"


def _docstring(told: str, has_unsent: bool) -> str:
    told = told.replace("\\", "/").replace('"""', "'''")
    told = "".join(character for character in told if character.isprintable())
    return f'"""{told}\n\n{_NO_WRITES}\n"""' if has_unsent else f'"""{told}"""'


def _shared_headers(requests: Sequence[ServiceRequest]) -> dict[str, HeaderValue] | None:
    """The headers that most requests send, when at least two do."""
    counts = Counter(tuple(one.headers.items()) for one in requests if one.headers)
    if not counts:
        return None
    headers, count = counts.most_common(1)[0]
    return dict(headers) if count > 1 else None


def _task_names(requests: Sequence[ServiceRequest]) -> list[str]:
    names: list[str] = []
    for one in requests:
        method = one.method.lower()
        words = python_words(one.title) if len(one.title) <= _LONGEST_NAME else []
        words = words or [method, *(python_words(one.endpoint) or ["root"])]
        name = "_".join(words)[:_LONGEST_NAME].strip("_")
        if len(words) == 1 or name[0].isdigit() or keyword.iskeyword(name) or _is_taken(name):
            name = f"{method}_{name}"
        taken, number = name, 2
        while taken in names:
            taken, number = f"{name}_{number}", number + 1
        names.append(taken)
    return names


def _is_taken(name: str) -> bool:
    return name in _OF_THE_CLASS


def _task(request: ServiceRequest, name: str, shared: dict[str, HeaderValue] | None) -> str:
    decorator = "@task" if request.weight == 1 else f"@task({request.weight})"
    method = request.method.lower()
    function = f"self.client.{method}"
    first: list[tuple[str, object]] = []
    if method not in _SHORT:
        function, first = "self.client.request", [("", request.method)]
    arguments = [*first, *_arguments(request, shared)]
    lines = [
        f"{INDENT}{decorator}",
        f"{INDENT}def {name}(self):",
        call_statement(function, arguments, 2 * len(INDENT)),
    ]
    return "\n".join(lines)


def _arguments(
    request: ServiceRequest, shared: dict[str, HeaderValue] | None
) -> Iterator[tuple[str, object]]:
    path: object = request.path
    if request.secret_query:
        parts: list[str | FromEnvironment] = [request.path]
        for key, value in request.secret_query.items():
            mark = "?" if len(parts) == 1 and "?" not in request.path else "&"
            parts += [f"{mark}{key}=", value]
        path = Expression(f_string(parts))
    yield "", path
    if request.json is not NO_JSON:
        yield "json", request.json
    if request.data is not None:
        yield "data", request.data
    if request.files:
        yield "files", {one.field: (one.filename or None, one.content) for one in request.files}
    if request.headers:
        is_shared = shared is not None and dict(request.headers) == shared
        yield "headers", Expression(_HEADERS) if is_shared else dict(request.headers)
    if request.user_and_password is not None:
        user, password = request.user_and_password
        yield "auth", Expression(f"({user}, {password})")
    name = request.name
    if not name and (request.secret_query or "?" in request.path):
        name = request.endpoint
    if name:
        yield "name", name
