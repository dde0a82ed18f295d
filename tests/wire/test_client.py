from __future__ import annotations

import asyncio
import contextlib

import pytest

from loadtui.wire.client import Client
from loadtui.wire.messages import Reply
from loadtui.wire.socket_address import HostNotRunning


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 20))


def test_a_reply_finds_its_command(folder, fake_host):
    async def story():
        def users(command):
            return Reply(id=command.id, error=f"no {command.users}")

        async with fake_host(folder, users):
            client = await Client.connect(folder)
            replies = await asyncio.gather(*(client.command("users", users=n) for n in range(5)))
            await client.close()
            return [reply.error for reply in replies]

    assert run(story()) == [f"no {n}" for n in range(5)]


def test_snapshots_arrive_and_end_with_the_host(folder, fake_host, done, snapshot_at):
    async def story():
        seen = []
        async with fake_host(folder, done) as fake:
            client = await Client.connect(folder)
            stream = client.snapshots()
            for elapsed in (1.0, 2.0, 3.0):
                arriving = asyncio.ensure_future(anext(stream))
                await fake.subscribed.wait()
                await fake.push(snapshot_at(elapsed))
                seen.append((await arriving).elapsed_s)
            await fake.hang_up()
            with contextlib.suppress(StopAsyncIteration):
                await anext(stream)
                pytest.fail("a snapshot after the end")
            assert client.ended
            return seen

    assert run(story()) == [1.0, 2.0, 3.0]


def test_the_newest_snapshot_wins_and_the_last_one_survives_the_end(
    tmp_path, fake_host, done, snapshot_at
):
    async def story():
        async with fake_host(tmp_path, done) as fake:
            client = await Client.connect(tmp_path)
            stream = client.snapshots()
            first = asyncio.ensure_future(anext(stream))
            await fake.subscribed.wait()
            await fake.push(snapshot_at(1))
            await first
            await fake.push(*(snapshot_at(n) for n in range(2, 50)))
            await fake.hang_up()
            while not client.ended:
                await asyncio.sleep(0)
            return [snapshot.elapsed_s async for snapshot in stream]

    assert run(story()) == [49.0]


def test_a_command_to_a_host_that_goes_away_says_so(tmp_path, fake_host):
    async def story():
        async with fake_host(tmp_path, lambda _: None) as fake:
            client = await Client.connect(tmp_path)
            asking = asyncio.ensure_future(client.command("stop"))
            while not fake.heard:
                await asyncio.sleep(0)
            await fake.hang_up()
            with pytest.raises(HostNotRunning):
                await asking
            with pytest.raises(HostNotRunning):
                await client.command("stop")

    run(story())


def test_closing_leaves_the_host_alone(tmp_path, fake_host, done):
    async def story():
        async with fake_host(tmp_path, done) as fake:
            client = await Client.connect(tmp_path)
            await client.command("mark", text="deployed 1.4")
            await client.close()
            await fake.left.wait()
            again = await Client.connect(tmp_path)
            assert (await again.command("snapshot")).error == ""
            await again.close()
            return [command.text for command in fake.heard]

    assert run(story()) == ["deployed 1.4", ""]


def test_nobody_there(tmp_path):
    with pytest.raises(HostNotRunning, match="no running load test"):
        run(Client.connect(tmp_path))
    with pytest.raises(HostNotRunning):
        run(Client.connect(tmp_path / "missing"))
