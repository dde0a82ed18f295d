"""The benchmarks' locustfile: a class for each case, as FastHttpUser and as HttpUser."""

from typing import Any

import urllib3
from locust import FastHttpUser, HttpUser, constant

from article import ARTICLE

urllib3.disable_warnings()  # the certificate is self-signed; a warning a request is no benchmark


def get(user: Any) -> None:
    user.client.get("/")


def post(user: Any) -> None:
    user.client.post("/articles", json=ARTICLE)


def body(user: Any) -> None:
    user.client.get("/100k")


def zipped(user: Any) -> None:
    user.client.get("/zipped")


class FastGet(FastHttpUser):
    tasks = (get,)


class FastPost(FastHttpUser):
    tasks = (post,)


class FastBody(FastHttpUser):
    tasks = (body,)


class FastZipped(FastHttpUser):
    tasks = (zipped,)


class FastThink(FastHttpUser):
    tasks = (get,)
    wait_time = constant(1)


class FastIdle(FastHttpUser):
    """Keeps its connection open and does nothing with it: for the memory of a user."""

    tasks = (get,)
    wait_time = constant(600)


class PlainGet(HttpUser):
    tasks = (get,)


class PlainPost(HttpUser):
    tasks = (post,)


class PlainBody(HttpUser):
    tasks = (body,)


class PlainZipped(HttpUser):
    tasks = (zipped,)


class PlainThink(HttpUser):
    tasks = (get,)
    wait_time = constant(1)


class PlainTls(HttpUser):
    tasks = (get,)

    def on_start(self) -> None:
        self.client.verify = False
