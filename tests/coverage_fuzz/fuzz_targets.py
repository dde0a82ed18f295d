"""What reads bytes of others, examples of them, and what must hold whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from geventhttpclient.response import HTTPSocketResponse

from loadtui.engine.http.message import Receiver
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.plan.threshold_check import parse_check
from loadtui.plan.toml import load_plan
from loadtui.samples.delta import (
    CounterAdd,
    Delta,
    ErrorCount,
    LateCount,
    RateAdd,
    RemarkCount,
    TrendInfo,
    WorkerHealth,
    decode_delta,
    encode_delta,
)
from loadtui.samples.delta_checks import check_delta
from loadtui.samples.delta_fold import DeltaFold
from loadtui.settings import read_settings
from loadtui.store import journal
from loadtui.store.baseline_file import read_baseline
from loadtui.store.journal import JournalWriter, StageBegan, TimelineRow, WorkerSecond
from loadtui.store.journal_contents import read_journal
from loadtui.store.manifest import RUN_FORMAT, Manifest, Mark, Provenance
from loadtui.store.manifest_file import read_manifest
from loadtui.store.run_files import JOURNAL, MANIFEST
from loadtui.users.jsonrpc import decode_messages
from loadtui.users.retry_after import retry_after_s
from loadtui.users.sse import EventParser, ServerSentEvent
from loadtui.wire.frames import unpack_command, unpack_pushed
from loadtui.wire.messages import Command
from tests.support.run_writer import trend_add
from tests.support.written_baseline import written_baseline

KINDS = (journal.DELTA_FRAME, journal.STAGE_FRAME, journal.SECOND_FRAME, journal.MARK_FRAME)


@dataclass(frozen=True)
class FuzzTarget:
    seeds: Callable[[], list[bytes]]
    attempt: Callable[[bytes, Path], bool]
    """Whether the bytes are accepted; raises for what is wrong.  The folder is for files."""


# ---------------------------------------------------------------- files
def _plan(data: bytes, folder: Path) -> bool:
    path = folder / "plan.toml"
    if not path.exists():
        (folder / "gateway.py").touch()
    path.write_bytes(data)
    try:
        plan = load_plan(path)
    except UsageError as error:
        return _refused(error)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
    return True


def _plans() -> list[bytes]:
    return [
        b'locustfile = "gateway.py"\nhost = "http://127.0.0.1:8000"\nargs = {key = "a", b = true}\n'
        b'stop_timeout = "30s"\ntags = ["x"]\n'
        b'[[stage]]\nname = "L1"\nusers = 10\nspawn_rate = 2\nduration = "1m30s"\n'
        b'[[stage]]\nname = "L2"\nusers = { A = 8, B = 2 }\nspawn_rate = 0.5\nduration = "2m"\n'
        b'[[threshold]]\ncheck = "p95 < 2s"\nendpoint = "GET /a"\nabort = true\n'
        b'[[threshold]]\ncheck = "error_rate < 1%"\nstage = "L*"\n'
        b'[[tolerance]]\nmetric = "p95"\nwarn = "+25%"\nfail = "+50%"\n',
        b'locustfiles = ["gateway.py"]\nuser_classes = ["A"]\nhosts = {A = "http://a"}\n'
        b'give_up = "never"\nallow_exceptions = true\nexclude_tags = []\n',
    ]


def _settings(data: bytes, folder: Path) -> bool:
    (folder / "pyproject.toml").write_bytes(data)
    try:
        read_settings(folder)
    except UsageError as error:
        return _refused(error)
    return True


def _all_settings() -> list[bytes]:
    return [
        b'[tool.loadtui]\nruns = "r"\nbaselines = "b"\npercentiles = [50, 99.9]\ntheme = "x"\n'
        b'[tool.loadtui.keys]\nstop = "ctrl+s"\n'
    ]


def _manifest(data: bytes, folder: Path) -> bool:
    (folder / MANIFEST).write_bytes(data)
    try:
        manifest = read_manifest(folder)
    except UsageError as error:
        return _refused(error)
    msgspec.json.encode(manifest)
    return True


def _manifests() -> list[bytes]:
    plan = Plan(name="gateway", locustfiles=("/project/gateway.py",), host="http://a")
    manifest = Manifest(
        format=RUN_FORMAT,
        run="20261123-101502-gateway-0001",
        state="finished",
        provenance=Provenance("measured"),
        plan=plan,
        fingerprint="f1",
        started="2026-11-23T10:15:02Z",
        marks=[Mark(1.5, "note", "slow")],
    )
    return [msgspec.json.encode(manifest)]


def _baseline(data: bytes, folder: Path) -> bool:
    path = folder / "gateway.json"
    path.write_bytes(data)
    try:
        msgspec.json.encode(read_baseline(path))
    except UsageError as error:
        return _refused(error)
    return True


def _journal(data: bytes, folder: Path) -> bool:
    """The input is kinds and bodies; their lengths and checksums are right, so that all is read."""
    path = folder / JOURNAL
    path.unlink(missing_ok=True)
    writer = JournalWriter(path)
    for kind, body in _frames(data):
        writer.append(kind, body)
    writer.close()
    try:
        record = read_journal(path)
    except ValueError:
        return False
    assert record.last_second() >= -1
    assert record.windows.frame().height == len({*record.windows.frame().rows()})
    record.cells.frame()
    record.metric_rows.frame()
    return True


def _frames(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while len(data) > 3:
        end = 3 + int.from_bytes(data[1:3], "big")
        yield KINDS[data[0] % len(KINDS)], data[3:end]
        data = data[end:]


def _journals() -> list[bytes]:
    bodies = [
        (1, msgspec.msgpack.encode(StageBegan("L1", 0, 10, 5.0, 2.0, 30.0))),
        (0, _deltas()[0]),
        (2, msgspec.msgpack.encode(TimelineRow(0, 10, 0, 5, 1, 2, [WorkerSecond(0, 0.2, 0.5, 1)]))),
        (3, msgspec.msgpack.encode(Mark(1.5, "note", "slow"))),
    ]
    return [b"".join(bytes([kind]) + len(b).to_bytes(2, "big") + b for kind, b in bodies)]


# ---------------------------------------------------------------- what comes over sockets
def _delta(data: bytes, _folder: Path) -> bool:
    fold = DeltaFold()
    for _ in range(2):
        try:
            delta = decode_delta(data)
            check_delta(delta)
        except (msgspec.MsgspecError, ValueError):
            return False
        rows = fold.fold(delta)
    assert rows is None or delta.seq == 0, "a delta that comes twice counts once"
    return True


def _deltas() -> list[bytes]:
    return [
        encode_delta(
            Delta(
                worker=0,
                seq=1,
                total=2,
                endpoints=[(0, "GET", "/a")],
                cells=[0, 1, 3, 300, 2],
                windows=[0, 1, 3, 2, 5000, 1000, 4000, 12],
                errors=[ErrorCount("GET", "/a", "HTTP 500", 1, 2.0, 3.0)],
                counters=[CounterAdd("tokens", "GET /a", 3, 7)],
                rates=[RateAdd("slow", "", 3, 1, 2)],
                trends=[trend_add("ttft", "", 3, 12.5)],
                trend_infos=[TrendInfo("ttft", "ms", "lower")],
                health=[WorkerHealth(3, 0.5, 0.1, 1.0, 2, 1)],
                remarks=[RemarkCount("cut", 1)],
                late=[LateCount(0, 1, 1)],
                final=True,
            )
        )
    ]


def _frame(data: bytes, _folder: Path) -> bool:
    accepted = False
    for unpack in (unpack_command, unpack_pushed):
        try:
            unpack(data)
        except (msgspec.MsgspecError, ValueError):
            continue
        accepted = True
    return accepted


def _sent_events(data: bytes, _folder: Path) -> bool:
    whole = EventParser()
    events = whole.feed(data)
    for step in (1, 3):
        parser = EventParser()
        found: list[ServerSentEvent] = []
        for at in range(0, len(data), step):
            found += parser.feed(data[at : at + step])
        assert found == events
        assert (parser.pending, parser.last_id, parser.retry_ms) == (
            whole.pending,
            whole.last_id,
            whole.retry_ms,
        )
    return True


class _Sent:
    """Stands for a socket on which so much has come, and then its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, most: int) -> bytes:
        piece, self._data = self._data[:most], self._data[most:]
        return piece

    def close(self) -> None: ...


def _response(data: bytes, _folder: Path) -> bool:
    """In pieces it is what it is as a whole, and what the stock client makes of it."""
    whole = _received(data, len(data) or 1)
    if whole is None:  # then the stock client is asked; what comes behind makes the whole unusual
        return False
    assert whole == _received(data, 1)
    stock = HTTPSocketResponse(_Sent(data))
    assert stock.read() == whole[2]
    assert (stock.get_code(), [*stock.items()], stock.should_close()) == (*whole[:2], not whole[3])
    assert stock.length == whole[4]
    assert whole[0] == 200 or stock.get_http_version() == whole[5]
    return True


def _received(data: bytes, step: int) -> tuple[int, list[object], bytes, bool, object, str] | None:
    receiver = Receiver()
    receiver.expect()
    at = 0
    while at < len(data) and receiver.message is None:
        if not receiver.feed(data[at : at + step]):
            return None
        at += step
    message = receiver.message
    if message is None:
        return None
    message.decodes, message.sets_cookie  # noqa: B018
    headers: list[object] = [*message._headers_index.items()]
    head, tail = (message.status, headers), (message.keep_alive, message.length, message.version)
    return *head, message.body, *tail


def _messages(data: bytes, _folder: Path) -> bool:
    try:
        decode_messages(data)
    except ValueError as error:
        return _refused(error)
    return True


def _header(data: bytes, _folder: Path) -> bool:
    text = data.decode("latin-1")
    seconds = retry_after_s(text)
    assert seconds is None or seconds >= 0
    try:
        parse_check(data.decode("utf-8", "replace"))
    except ValueError:
        return seconds is not None
    return True


def _refused(error: Exception) -> bool:
    """In one sentence."""
    assert str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 2000
    return False


FUZZ_TARGETS = {
    "plan": FuzzTarget(_plans, _plan),
    "settings": FuzzTarget(_all_settings, _settings),
    "manifest": FuzzTarget(_manifests, _manifest),
    "baseline": FuzzTarget(lambda: [msgspec.json.encode(written_baseline())], _baseline),
    "journal": FuzzTarget(_journals, _journal),
    "delta": FuzzTarget(_deltas, _delta),
    "frame": FuzzTarget(
        lambda: [msgspec.msgpack.encode(Command(1, "users", users=5, text="x"))], _frame
    ),
    "events": FuzzTarget(
        lambda: [b"\xef\xbb\xbfid: 7\nevent: error\ndata: x\rdata: y\r\n\r\n: c\nretry: 150\n\n"],
        _sent_events,
    ),
    "response": FuzzTarget(
        lambda: [
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: a=b\r\n\r\nabc",
            b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        ],
        _response,
    ),
    "mcp": FuzzTarget(
        lambda: [
            b'{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}',
            b'[{"jsonrpc":"2.0","method":"ping","id":2},{"jsonrpc":"2.0","id":3,"error":{"code":1}}]',
        ],
        _messages,
    ),
    "header": FuzzTarget(
        lambda: [b"120", b"Fri, 31 Dec 1999 23:59:59 GMT", b"p99.9 < 2.5s", b"tokens.rate > 10/s"],
        _header,
    ),
}
"""Name -> what is tried."""
