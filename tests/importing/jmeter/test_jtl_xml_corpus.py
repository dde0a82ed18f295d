"""Runs drawn at random, written as JMeter's XML listeners do, and what each must come to.

The files are made from JMeter's documentation of its XML results (a sample is an element with the
attributes `t lt ts s lb rc rm tn by`; samples within it are its parts, and those within a
transaction its requests), and the truth from the requests: nothing of the importer is used.
"""

from __future__ import annotations

import gzip
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import pytest

from loadtui.importing.source import ImportSource
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

T0 = 1_780_000_000_000
LABELS = ("home", "/cart?id=1&x=<2>", 'say "hi"', "größe")
SAMPLERS = (
    "httpSample",
    "sample",
    "kg.apc.jmeter.samplers.DummySampler",
    "com.example.Own-Sampler",
)
TRANSACTION = "Number of samples in transaction : {}, number of failing samples : {}"
KINDS = {
    "UTF-8": ("UTF-8", False), "ISO-8859-1": ("ISO-8859-1", False), "gzipped": ("UTF-8", True),
}  # fmt: skip


class Request(NamedTuple):
    label: str
    start_ms: int
    ms: int
    size: int
    good: bool


class Script:
    """A thread that sends requests, some of them pages with parts, some within transactions."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._share = self._draw.choice([0.0, 0.02, 0.4])
        self.requests: list[Request] = []
        self.lines: list[str] = []

    def run(self, thread: str, things: int) -> None:
        now = T0 + self._draw.randrange(1000)
        for _ in range(things):
            kind = self._draw.choice([self._request, self._page, self._parent, self._after])
            end, elements = kind(thread, now)
            self.lines += elements
            now = end + self._draw.choice([0, 3, 500])

    def _element(
        self, name: str, thread: str, request: Request, message: str, inside: list[str]
    ) -> str:
        code = "200" if request.good else "503"
        texts = {"lb": request.label, "rc": code, "rm": message, "tn": thread}
        numbers = {"t": request.ms, "lt": request.ms // 2, "ts": request.start_ms,
                   "by": request.size}  # fmt: skip
        attributes = [f"{key}={quoteattr(text)}" for key, text in texts.items()]
        attributes += [f'{key}="{number}"' for key, number in numbers.items()]
        attributes.append(f's="{str(request.good).lower()}"')
        self._draw.shuffle(attributes)
        body = "".join(f"\n{line}" for line in inside)
        return f"<{name} {' '.join(attributes)}>{body}\n</{name}>"

    def _sent(self, start: int) -> Request:
        ms, size = self._draw.randrange(4, 900), self._draw.randrange(100, 9000)
        good = self._draw.random() >= self._share
        request = Request(self._draw.choice(LABELS), start, ms, size, good)
        self.requests.append(request)
        return request

    def _request(self, thread: str, now: int) -> tuple[int, list[str]]:
        request = self._sent(now)
        body = ['  <responseData class="java.lang.String">&lt;p&gt;</responseData>']
        element = self._element(self._draw.choice(SAMPLERS), thread, request, "OK", body)
        return now + request.ms, [element]

    def _page(self, thread: str, now: int) -> tuple[int, list[str]]:
        """Its parts, redirects or what is embedded, are no requests of their own."""
        request = self._sent(now)
        half = request.ms // 2
        parts = [
            Request(f"{request.label}-{at}", now + at * half, half, request.size // 2, good=True)
            for at in range(2)
        ]
        inside = [self._element("httpSample", thread, part, "OK", []) for part in parts]
        return now + request.ms, [self._element("httpSample", thread, request, "OK", inside)]

    def _children(self, thread: str, now: int) -> tuple[int, list[str], list[Request]]:
        at, end, elements = len(self.requests), now, []
        for _ in range(self._draw.randrange(1, 4)):
            end, more = self._draw.choice([self._request, self._page])(thread, end)
            elements += more
        return end, elements, self.requests[at:]

    def _whole(self, now: int, end: int, children: list[Request]) -> tuple[Request, str]:
        bad = sum(not child.good for child in children)
        size = sum(child.size for child in children)
        return Request("TX", now, end - now, size, not bad), TRANSACTION.format(len(children), bad)

    def _parent(self, thread: str, now: int) -> tuple[int, list[str]]:
        """A transaction that was set to generate a parent sample."""
        end, elements, children = self._children(thread, now)
        whole, message = self._whole(now, end, children)
        return end, [self._element("sample", thread, whole, message, elements)]

    def _after(self, thread: str, now: int) -> tuple[int, list[str]]:
        """One that was not: its sum follows its requests."""
        end, elements, children = self._children(thread, now)
        whole, message = self._whole(now, end, children)
        return end, [*elements, self._element("sample", thread, whole, message, [])]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_samples_agree_with_the_requests(
    read: Read, written: Written, seed: int, kind: str
) -> None:
    encoding, packed = KINDS[kind]
    script = Script(seed)
    for number in range(3):
        script.run(f"Users 1-{number + 1}", 25)
    text = "\n".join(
        [f'<?xml version="1.0" encoding="{encoding}"?>', '<testResults version="1.2">',
         *script.lines, "</testResults>\n"]
    ).encode(encoding)  # fmt: skip
    source = read(written("run.jtl.xml", gzip.compress(text) if packed else text))

    truth: dict[str, list[Request]] = defaultdict(list)
    for request in script.requests:
        truth[request.label].append(request)
    found = samples_by_endpoint(source)
    assert {name for _, name in found} == set(truth)
    for (_, name), sample in found.items():
        requests = truth[name]
        latencies = [1000 * request.ms for request in requests]
        bad = sum(not request.good for request in requests)
        expected = len(requests), bad, sum(latencies), min(latencies), max(latencies)
        assert sample[:5] == expected, name
    assert source.started == min(request.start_ms for request in script.requests) / 1000
