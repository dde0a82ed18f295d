"""Twelve files in the shape of those that people have, and what `loadtui init` makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from loadtui.new_project.curl import read_curl
from loadtui.new_project.har import read_har
from loadtui.new_project.openapi import OpenApiChoice, read_openapi
from loadtui.new_project.postman import read_postman
from loadtui.new_project.service_request import NewService

FOLDER = Path(__file__).resolve().parents[1] / "new_project" / "inputs"
HOST = "http://127.0.0.1:8000"
"""What the files call the service."""


class InitInput(NamedTuple):
    file: str
    option: str
    sent: tuple[str, ...]
    """Endpoints of the tasks that are sent."""
    unsent: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    def arguments(self, url: str) -> list[str]:
        """Those of `loadtui init`, for a server at this URL."""
        if self.option == "--curl":
            return ["--curl", self.path.read_text(encoding="utf-8").replace(HOST, url)]
        return [self.option, str(self.path)]

    def read(self) -> NewService:
        if self.option == "--openapi":
            return read_openapi(str(self.path), OpenApiChoice())
        if self.option == "--har":
            return read_har(str(self.path))
        if self.option == "--postman":
            return read_postman(str(self.path), writes=False)
        return read_curl(self.path.read_text(encoding="utf-8"))


INPUTS = (
    InitInput(
        "petstore_2.json",
        "--openapi",
        ("GET /v2/pet/{petId}", "GET /v2/pet/findByStatus", "GET /v2/user/login"),
        (
            "POST /v2/pet/{petId}",
            "POST /v2/pet/{petId}/uploadImage",
            "PUT /v2/pet",
        ),
        ("API_KEY", "API_TOKEN", "PASSWORD"),
    ),
    InitInput(
        "petstore_3.yaml",
        "--openapi",
        ("GET /v1/pets", "GET /v1/pets/{petId}"),
        ("POST /v1/pets", "DELETE /v1/pets/{petId}"),
    ),
    InitInput(
        "bookshop_31.yaml",
        "--openapi",
        ("GET /api/books/{isbn}", "GET /api/search"),
        ("POST /api/orders",),
        ("API_KEY", "API_TOKEN"),
    ),
    InitInput("chat_31.json", "--openapi", ("POST /v1/chat/completions",), (), ("API_TOKEN",)),
    InitInput(
        "chromium.har",
        "--har",
        ("GET /", "GET /api/items/{id}", "POST /api/login", "POST /graphql Cart"),
        (),
        ("API_TOKEN", "COOKIE", "CSRF_TOKEN", "PASSWORD"),
    ),
    InitInput(
        "firefox.har", "--har", ("GET /orders/{id}", "POST /orders"), (), ("API_KEY", "CSRF_TOKEN")
    ),
    InitInput(
        "curl_chromium.txt",
        "--curl",
        ("GET /api/items/{id}", "POST /api/notes"),
        (),
        ("API_TOKEN", "COOKIE"),
    ),
    InitInput("curl_firefox.txt", "--curl", ("POST /login",), (), ("COOKIE", "PASSWORD")),
    InitInput("curl_form.txt", "--curl", ("POST /upload",), (), ("API_PASSWORD", "API_USER")),
    InitInput("curl_json.txt", "--curl", ("POST /v1/chat/completions",), (), ("API_KEY",)),
    InitInput(
        "postman_21.json",
        "--postman",
        ("GET /items/{itemId}",),
        ("POST /items", "POST /search", "PUT /photos/{id}", "POST /graphql"),
        ("API_KEY", "API_TOKEN", "SECRET"),
    ),
    InitInput(
        "postman_20.json",
        "--postman",
        ("GET /health", "GET /items/{id}"),
        ("DELETE /items/{id}",),
        ("API_KEY", "API_PASSWORD", "API_USER"),
    ),
)
