"""Runs drawn at random, written as each generation of Gatling writes its log, and what each must
come to.

The files are made from what Gatling's writers of 3.1, 3.4 and 3.13 write, and the truth from the
requests: nothing of the importer is used.
"""

from __future__ import annotations

import gzip
import random
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from loadtui.importing.source import ImportSource
from loadtui.report.account.run_contents import read_run_contents
from loadtui.store.stored_run import Run
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

BEGAN_MS = 1_780_000_000_250
BIN = 1 / 128
"""The width of a bin of the samples, which a percentile is read from."""
SEEDS = range(5)
NAMES = (((), "home"), (("shop",), "basket"), (("shop", "pay"), "Bezahlen ✓ 결제"), ((), "a, b"))


class Made(NamedTuple):
    start_ms: int
    end_ms: int
    groups: tuple[str, ...]
    name: str
    message: str | None


class MadeUser(NamedTuple):
    number: int
    start_ms: int
    end_ms: int


class MadeRun(NamedTuple):
    requests: list[Made]
    users: list[MadeUser]


def made(seed: int) -> MadeRun:
    draw = random.Random(seed)
    share = draw.choice([0.0, 0.004, 0.2])
    requests, users = [], []
    for number in range(draw.randint(3, 30)):
        now = began = BEGAN_MS + draw.randint(-200, 20_000)
        for _ in range(draw.randint(1, 20)):
            groups, name = draw.choice(NAMES)
            took = round(draw.lognormvariate(3 + seed % 3, 0.8))
            message = draw.choice(["status.is(200), found 503", "größer\tals"])
            failed = draw.random() < share
            requests.append(Made(now, now + took, groups, name, message if failed else None))
            now += took + draw.randint(0, 400)
        users.append(MadeUser(number + 1, began, now))
    draw.shuffle(requests)
    return MadeRun(requests, users)


def most_users(users: list[MadeUser]) -> int:
    """However many were there at a time; who goes and who comes at one moment meet."""
    return max(
        sum(other.start_ms <= user.start_ms <= other.end_ms for other in users) for user in users
    )


def as_text(run: MadeRun, *, names_users: bool, version: str) -> str:
    """As `LogFileDataWriter` of 3.1 to 3.3, whose lines name the user, or of 3.4 to 3.12."""
    lines = [
        "ASSERTION\tAAECBAA=",
        f"RUN\tshop.CheckoutSimulation\tcheckout\t{BEGAN_MS}\t \t{version}",
    ]
    for number, start, end in run.users:
        user = [str(number)] if names_users else []
        twice = [str(start)] if names_users else []
        lines.append("\t".join(["USER", "Buyers", *user, "START", *twice, str(start)]))
        lines.append("\t".join(["USER", "Buyers", *user, "END", *twice, str(end)]))
    for start, end, groups, name, message in run.requests:
        user = ["1"] if names_users else []
        said = " " if message is None else message.replace("\t", " ")
        outcome = "OK" if message is None else "KO"
        lines.append(
            "\t".join(
                ["REQUEST", *user, ",".join(groups), name, str(start), str(end), outcome, said]
            )
        )
        if groups:
            cells = ["GROUP", *user, groups[0], str(start), str(end), str(end - start), outcome]
            lines.append("\t".join(cells))
    return "".join(f"{line}\n" for line in lines)


class Binary:
    """As `LogFileDataWriter` of 3.13 and later, on a machine with the low byte first."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.known: dict[str, int] = {}

    def string(self, text: str) -> None:
        if not text:
            self.data += struct.pack(">i", 0)
            return
        try:
            value, coder = text.encode("latin-1"), 0
        except UnicodeEncodeError:
            value, coder = text.encode("utf-16-le"), 1
        self.data += struct.pack(">i", len(value)) + value + bytes([coder])

    def cached(self, text: str) -> None:
        if text in self.known:
            self.data += struct.pack(">i", -self.known[text])
            return
        self.known[text] = len(self.known) + 1
        self.data += struct.pack(">i", self.known[text])
        self.string(text)

    def groups(self, groups: tuple[str, ...]) -> None:
        self.data += struct.pack(">i", len(groups))
        for group in groups:
            self.cached(group)


def as_binary(run: MadeRun) -> bytes:
    log = Binary()
    log.data += b"\0"
    log.string("3.13.5")
    log.string("shop.CheckoutSimulation")
    log.data += struct.pack(">q", BEGAN_MS)
    log.string("")
    log.data += struct.pack(">i", 1)
    log.string("Buyers")
    log.data += struct.pack(">ii", 1, 4) + b"abcd"
    for _, start, end in run.users:
        log.data += struct.pack(">bi?i", 2, 0, True, start - BEGAN_MS)
        log.data += struct.pack(">bi?i", 2, 0, False, end - BEGAN_MS)
    for start, end, groups, name, message in run.requests:
        log.data += b"\1"
        log.groups(groups)
        log.cached(name)
        log.data += struct.pack(">ii?", start - BEGAN_MS, end - BEGAN_MS, message is None)
        log.cached(message or "")
        if groups:
            log.data += b"\3"
            log.groups(groups[:1])
            times = start - BEGAN_MS, end - BEGAN_MS, end - start
            log.data += struct.pack(">iii?", *times, message is None)
    return bytes(log.data)


WRITERS: dict[str, Callable[[MadeRun], str | bytes]] = {
    "3.1": lambda run: as_text(run, names_users=True, version="3.1.2"),
    "3.3, CRLF": lambda run: as_text(run, names_users=True, version="3.3.1").replace("\n", "\r\n"),
    "3.4": lambda run: as_text(run, names_users=False, version="3.4.0"),
    "3.9, gzip": lambda run: gzip.compress(
        as_text(run, names_users=False, version="3.9.5").encode(), mtime=0
    ),
    "3.12, BOM": lambda run: "\ufeff" + as_text(run, names_users=False, version="3.12.0"),
    "3.13": as_binary,
    "3.13, gzip": lambda run: gzip.compress(as_binary(run), mtime=0),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("seed", SEEDS)
def test_logs_agree_with_the_requests(read: Read, written: Written, seed: int, writer: str) -> None:
    run = made(seed)
    source = read(written("simulation.log", WRITERS[writer](run)))
    assert source.users == most_users(run.users)
    assert source.name == "CheckoutSimulation"
    first = min(user.start_ms for user in run.users)
    last = max(user.end_ms for user in run.users)
    assert (source.started, source.duration_s) == (first / 1000, (last - first) / 1000)
    took: dict[str, list[int]] = {}
    failed: Counter[str] = Counter()
    errors: Counter[tuple[str, str]] = Counter()
    for one in run.requests:
        name = " / ".join([*one.groups, one.name])
        took.setdefault(name, []).append((one.end_ms - one.start_ms) * 1000)
        if one.message is not None:
            failed[name] += 1
            errors[name, one.message.replace("\t", " ")] += 1
    found = samples_by_endpoint(source)
    assert found.keys() == {("", name) for name in took}
    for name, mine in took.items():
        samples = found["", name]
        assert samples[:5] == (len(mine), failed[name], sum(mine), min(mine), max(mine))
        assert samples.median_us == pytest.approx(
            sorted(mine)[(len(mine) - 1) // 2], rel=BIN, abs=1
        )
    kinds = source.record.errors.by_kind.items()
    assert {kind[1:]: known.count for kind, known in kinds} == errors
    in_time = [row.completed for row in source.record.seconds.values()]
    ends = Counter((one.end_ms - first) // 1000 for one in run.requests)
    assert in_time == [ends[second] for second in range(len(in_time))]


@pytest.mark.parametrize("seed", SEEDS)
def test_they_are_judged_like_measured_runs(saved: SaveRun, written: Written, seed: int) -> None:
    run = made(seed)
    kept = saved(written("simulation.log", as_binary(run)))
    failed = [one for one in run.requests if one.message is not None]
    assert kept.manifest.totals.requests == len(run.requests)
    assert kept.manifest.verdict == ("fail" if len(failed) / len(run.requests) >= 0.01 else "pass")
    assert kept.manifest.provenance.resolution_ms == 1
    total = read_run_contents(kept).summary
    rows = [row for row in total.endpoints if row.stage is None]
    assert {row.endpoint.name for row in rows} == {
        " / ".join([*one.groups, one.name]) for one in run.requests
    }
