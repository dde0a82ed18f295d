"""The model behind the embedded target's service times."""

from __future__ import annotations

import asyncio
import statistics

import pytest

from loadtui.demo.queueing import ServiceTimes, Slots


def test_the_same_seed_draws_the_same_times() -> None:
    one, same, other = ServiceTimes(5), ServiceTimes(5), ServiceTimes(6)
    drawn = [one.completion() for _ in range(50)]
    assert drawn == [same.completion() for _ in range(50)]
    assert drawn != [other.completion() for _ in range(50)]


def test_completions_and_light_draw_independently() -> None:
    mixed, alone = ServiceTimes(5), ServiceTimes(5)
    works = []
    for _ in range(20):
        mixed.light()
        works.append(mixed.completion())
    assert works == [alone.completion() for _ in range(20)]


def test_a_completion_takes_15_ms_on_average() -> None:
    times = ServiceTimes(1)
    mean = statistics.fmean(times.completion().total_s() for _ in range(20_000))
    # (4 ms + 0.2 ms for each of 10 tokens) * exp(0.5**2 / 2), then 1.5 ms for each of 5.5 more.
    assert mean == pytest.approx(0.0060 * 1.1331 + 0.0015 * 5.5, rel=0.01)


def test_a_longer_prompt_takes_longer_to_the_first_token_only() -> None:
    short, long = ServiceTimes(1).completion(10), ServiceTimes(1).completion(210)
    assert long.prefill_s == pytest.approx(short.prefill_s * (0.004 + 0.042) / (0.004 + 0.002))
    assert (long.token_s, long.tokens) == (short.token_s, short.tokens)


def test_tokens_take_longer_the_more_slots_are_busy() -> None:
    work = ServiceTimes(1).completion()
    alone, crowded = work.total_s(1), work.total_s(21)
    assert crowded - work.prefill_s == pytest.approx((alone - work.prefill_s) * (1 + 20 * 0.06))


def test_slow_multiplies_and_max_tokens_limits() -> None:
    plain, slow = ServiceTimes(1), ServiceTimes(1, slow=3)
    assert slow.completion().total_s() == pytest.approx(3 * plain.completion().total_s())
    assert slow.light() == pytest.approx(3 * plain.light())
    assert plain.completion(max_tokens=2).tokens == 2


def test_error_rate_is_the_share_that_fail() -> None:
    times = ServiceTimes(1, error_rate=0.1)
    share = statistics.fmean(times.completion().fails for _ in range(20_000))
    assert share == pytest.approx(0.1, abs=0.01)


def test_slots_serve_in_order_and_never_more_than_their_number() -> None:
    async def steps() -> tuple[list[int], int]:
        slots = Slots(2)
        order: list[int] = []
        inside = most = 0

        async def one(number: int) -> None:
            nonlocal inside, most
            async with slots:
                order.append(number)
                inside += 1
                most = max(most, inside)
                assert slots.busy == inside
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(one(number) for number in range(9)))
        assert (slots.waiting, slots.busy) == (0, 0)
        return order, most

    order, most = asyncio.run(steps())
    assert order == list(range(9))
    assert most == 2
