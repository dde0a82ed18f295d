"""The model behind the embedded target's service times."""

from __future__ import annotations

import asyncio
import statistics

import pytest

from loadtui.demo.queueing import ServiceTimes, Slots


def test_the_same_seed_draws_the_same_times() -> None:
    one, same, other = ServiceTimes(5), ServiceTimes(5), ServiceTimes(6)
    drawn = [one.chat() for _ in range(50)]
    assert drawn == [same.chat() for _ in range(50)]
    assert drawn != [other.chat() for _ in range(50)]


def test_chat_and_light_draw_independently() -> None:
    mixed, alone = ServiceTimes(5), ServiceTimes(5)
    works = []
    for _ in range(20):
        mixed.light()
        works.append(mixed.chat())
    assert works == [alone.chat() for _ in range(20)]


def test_a_chat_takes_16_ms_on_average() -> None:
    times = ServiceTimes(1)
    mean = statistics.fmean(times.chat().total_s for _ in range(20_000))
    # 6 ms * exp(0.5**2 / 2) for the first token, 0.8 ms for each of 11.5 further ones.
    assert mean == pytest.approx(0.0060 * 1.1331 + 0.0008 * 11.5, rel=0.01)


def test_slow_multiplies_and_max_tokens_limits() -> None:
    plain, slow = ServiceTimes(1), ServiceTimes(1, slow=3)
    assert slow.chat().total_s == pytest.approx(3 * plain.chat().total_s)
    assert slow.light() == pytest.approx(3 * plain.light())
    assert plain.chat(max_tokens=2).tokens == 2


def test_error_rate_is_the_share_of_chats_that_fail() -> None:
    times = ServiceTimes(1, error_rate=0.1)
    share = statistics.fmean(times.chat().fails for _ in range(20_000))
    assert share == pytest.approx(0.1, abs=0.01)


def test_slots_serve_in_order_and_never_more_than_their_number() -> None:
    async def scene() -> tuple[list[int], int]:
        slots = Slots(2)
        order: list[int] = []
        inside = most = 0

        async def one(number: int) -> None:
            nonlocal inside, most
            async with slots:
                order.append(number)
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(one(number) for number in range(9)))
        assert slots.waiting == 0
        return order, most

    order, most = asyncio.run(scene())
    assert order == list(range(9))
    assert most == 2
