"""The feed of a real socket: history once, then a point a snapshot, gaps asked for again."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager

from loadtui.tui.watched.feed import FeedEnded, SnapshotArrived, SocketFeed
from loadtui.wire import frames
from loadtui.wire.messages import Pushed, Reply
from tests.support.stored_runs import Traffic, keep_run


class Host:
    """Answers history with what it knows, and pushes snapshots as they are told."""

    def __init__(self, story):
        self.story = story
        self.known = 0
        self.heard = []
        self.subscribed = asyncio.Event()
        self.left = asyncio.Event()

    async def serve(self, reader, writer):
        self.writer = writer
        try:
            while True:
                header = await reader.readexactly(frames.HEADER.size)
                command = frames.unpack_command(
                    await reader.readexactly(frames.body_length(header))
                )
                self.heard.append(command.do)
                reply = Reply(command.id)
                if command.do == "history":
                    reply.history = list(self.story.points(self.known))
                writer.write(frames.pack(Pushed(reply=reply)))
                if command.do == "subscribe":
                    self.subscribed.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left.set()

    async def push(self, second, **changes):
        self.known = second
        snapshot = self.story.snapshot(second, **changes)
        self.writer.write(frames.pack(Pushed(snapshot=snapshot)))
        await self.writer.drain()


@asynccontextmanager
async def host_in(folder, story):
    door = socket.socket(socket.AF_UNIX)
    descriptor = os.open(folder, os.O_DIRECTORY)
    door.bind(f"/proc/self/fd/{descriptor}/control.sock")
    os.close(descriptor)
    host = Host(story)
    server = await asyncio.start_unix_server(host.serve, sock=door)
    yield host
    server.close()


def test_history_once_then_points_then_gaps_then_the_end(tmp_path, story, run):
    async def steps():
        arrived = asyncio.Queue()
        async with host_in(tmp_path, story) as host:
            host.known = 20
            feed = SocketFeed(tmp_path)
            reading = asyncio.create_task(feed.run(arrived.put_nowait))
            await host.subscribed.wait()
            told = []
            for second in (21, 22, 40):
                await host.push(second)
                told.append(await arrived.get())
            assert (await feed.command("mark", text="x")).error == ""
            await host.push(300, point=None, exit_code=0)
            host.writer.close()
            told.append(await arrived.get())
            ended = await arrived.get()
            await reading
            return told, ended, host.heard

    told, ended, heard = run(steps())
    assert all(isinstance(message, SnapshotArrived) for message in told)
    assert [[p.second for p in message.points] for message in told] == [
        list(range(21)),
        list(range(22)),
        list(range(40)),
        list(range(40)),
    ]
    assert told[-1].snapshot.exit_code == 0
    assert isinstance(ended, FeedEnded)
    assert heard == ["history", "subscribe", "history", "mark"]


def test_no_host(tmp_path, run):
    told = []
    run(SocketFeed(tmp_path).run(told.append))
    assert "no running load test" in told[0].reason


def test_leaving_closes_the_connection(tmp_path, story, run):
    async def steps():
        async with host_in(tmp_path, story) as host:
            reading = asyncio.create_task(SocketFeed(tmp_path).run(lambda _: None))
            await host.subscribed.wait()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await host.left.wait()

    run(steps())


def test_the_log_and_the_baseline_come_along(tmp_path, story, run):
    (tmp_path / "host.log").write_text("ready\n")
    keep_run(tmp_path / "kept", {"GET /a": Traffic()})
    (tmp_path / "manifest.json").write_bytes((tmp_path / "kept" / "manifest.json").read_bytes())
    baseline = str(tmp_path / "gone.json")

    async def steps():
        arrived = asyncio.Queue()
        async with host_in(tmp_path, story) as host:
            feed = SocketFeed(tmp_path)
            reading = asyncio.create_task(feed.run(arrived.put_nowait))
            await host.subscribed.wait()
            await host.push(21, baseline=baseline)
            told = [await arrived.get()]
            # The last one waits for the baseline, however long reading it takes.
            await host.push(300, baseline=baseline, point=None, exit_code=0)
            host.writer.close()
            told.append(await arrived.get())
            await reading
            return told

    first, last = run(steps())
    assert first.moment.log == ("ready",)
    assert "there is no baseline 'gone'" in last.moment.reference.unreadable


def test_a_run_whose_manifest_is_gone_has_no_baseline(tmp_path, story, run):
    async def steps():
        arrived = asyncio.Queue()
        async with host_in(tmp_path, story) as host:
            reading = asyncio.create_task(SocketFeed(tmp_path).run(arrived.put_nowait))
            await host.subscribed.wait()
            await host.push(300, baseline="/b/plan.json", point=None, exit_code=0)
            host.writer.close()
            told = await arrived.get()
            await reading
            return told

    assert run(steps()).moment.reference is None
