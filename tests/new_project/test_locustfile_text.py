"""Locustfiles: what is in them, and that ruff has nothing to say about them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from loadtui.new_project.locustfile_text import class_name, locustfile_text
from loadtui.new_project.service_request import (
    NO_JSON,
    FilePart,
    FromEnvironment,
    NewService,
    ServiceRequest,
)
from tests.support.init_inputs import INPUTS, InitInput


def ruff(folder: Path) -> None:
    """Check and format with ruff's own settings."""
    for arguments in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def endpoints(requests: tuple[ServiceRequest, ...], sent: bool) -> list[str]:
    return [f"{one.method} {one.endpoint}" for one in requests if (one.weight > 0) is sent]


@pytest.mark.parametrize("case", INPUTS, ids=lambda case: case.file)
def test_what_is_made_of_the_inputs(case: InitInput) -> None:
    service = case.read()
    assert sorted(endpoints(service.requests, True)) == sorted(case.sent)
    assert sorted(endpoints(service.requests, False)) == sorted(case.unsent)
    variables = {name for one in service.requests for name in one.variables()}
    assert sorted(variables) == sorted(case.variables)
    text = locustfile_text(service, "from a file")
    assert "s3cr3t" not in text
    ast.parse(text)


def test_ruff_has_nothing_to_say_about_those_of_the_inputs(tmp_path: Path) -> None:
    for case in INPUTS:
        text = locustfile_text(case.read(), f"from {case.file}")
        (tmp_path / f"{case.path.stem}.py").write_text(text, encoding="utf-8")
    ruff(tmp_path)


def test_a_whole_file() -> None:
    requests = (
        ServiceRequest("GET", "/users/7?full=1", name="/users/{id}", title="getUser"),
        ServiceRequest("POST", "/users", json={"name": "Kim", "tags": []}, weight=0),
        ServiceRequest(
            "GET",
            "/search?q=a",
            headers={"Authorization": FromEnvironment("API_TOKEN", "Bearer ")},
            secret_query={"key": FromEnvironment("KEY")},
        ),
    )
    service = NewService("Shop", "http://127.0.0.1:8000", requests)
    assert locustfile_text(service, "from shop.json (OpenAPI)") == SHOP


SHOP = '''"""Load on Shop, made by `loadtui init` from shop.json (OpenAPI).

Tasks of weight 0 change data and are not sent: raise their weight once the target is a
system that is there for tests.
"""

import os

from locust import FastHttpUser, between, task

API_TOKEN = os.environ.get("API_TOKEN", "")
KEY = os.environ.get("KEY", "")


class ShopUser(FastHttpUser):
    host = "http://127.0.0.1:8000"
    wait_time = between(1, 3)  # seconds a person thinks between requests

    @task
    def get_user(self):
        self.client.get("/users/7?full=1", name="/users/{id}")

    @task(0)
    def post_users(self):
        self.client.post("/users", json={"name": "Kim", "tags": []})

    @task
    def get_search(self):
        self.client.get(
            f"/search?q=a&key={KEY}",
            headers={"Authorization": f"Bearer {API_TOKEN}"},
            name="/search",
        )
'''


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pet store", "PetStoreUser"),
        ("", "ServiceUser"),
        ("3D models", "Service3DModelsUser"),
        ("chat user", "ChatUser"),
        ("ü \"'\\", "ServiceUser"),
    ],
)
def test_the_name_of_a_class(title: str, name: str) -> None:
    assert class_name(title) == name


def test_names_of_tasks_are_those_of_no_attribute_and_of_no_other_task() -> None:
    titles = ["wait", "on_start", "client", "import", "listPets", "listPets", "", "on start", "9"]
    requests = tuple(ServiceRequest("GET", "/", title=title) for title in titles)
    tree = ast.parse(locustfile_text(NewService("", "http://h", requests), "from its URL"))
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert names == [
        "get_wait", "get_on_start", "get_client", "get_import", "list_pets", "list_pets_2",
        "get_root", "get_on_start_2", "get_9",
    ]  # fmt: skip


# Ruff and Python do not agree on the width of every character there is.
texts = st.text(
    st.characters(codec="ascii") | st.sampled_from("äßéñ\"'\"'{}가나漢字ラ\u202e\x85\ue000"),
    max_size=100,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
variables = st.builds(
    FromEnvironment,
    st.sampled_from(["API_TOKEN", "COOKIE"]),
    st.sampled_from(["", "Bearer ", '{"']),
)
headers = st.dictionaries(texts, texts | variables, max_size=3)
requests_made = st.builds(
    ServiceRequest,
    method=st.sampled_from(["GET", "POST", "PUT", "OPTIONS"]),
    path=texts.map(lambda text: f"/{text}"),
    name=st.just("") | texts,
    title=texts,
    headers=headers,
    secret_query=st.dictionaries(texts, variables, max_size=1),
    user_and_password=st.none() | st.just(("API_USER", "API_PASSWORD")),
    json=st.just(NO_JSON) | json_values,
    data=st.none() | texts | headers,
    files=st.just(()) | st.just((FilePart("a", "b"), FilePart("c", "", "long " * 30))),
    weight=st.integers(0, 3),
)


services_made = st.builds(
    NewService, texts, texts, st.lists(requests_made, min_size=1, max_size=4).map(tuple)
)


@settings(max_examples=5, phases=[Phase.generate])  # to shrink would take minutes
@given(st.lists(services_made, min_size=10, max_size=10))
def test_whatever_was_read_is_written_as_ruff_writes_it(
    tmp_path_factory: pytest.TempPathFactory, services: list[NewService]
) -> None:
    folder = tmp_path_factory.mktemp("written")
    for number, service in enumerate(services):
        text = locustfile_text(service, "from a file")
        (folder / f"file_{number}.py").write_text(text, encoding="utf-8")
    ruff(folder)


@given(json_values)
def test_json_is_what_it_was(value: Any) -> None:
    service = NewService("", "http://h", (ServiceRequest("POST", "/", json=value),))
    tree = ast.parse(locustfile_text(service, "from a file"))
    [call] = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self.client.post"
    ]
    [written] = [keyword.value for keyword in call.keywords if keyword.arg == "json"]
    if not _has_infinity(value):
        assert ast.literal_eval(written) == value


def _has_infinity(value: Any) -> bool:
    return "inf" in repr(value)
