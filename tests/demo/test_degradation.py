"""Trouble to order."""

from __future__ import annotations

import asyncio

import pytest

from loadtui.demo.degradation import Stall, StallClock, parse_stall, with_stall


@pytest.mark.parametrize(
    ("text", "stall"),
    [("5s/60s", Stall(5, 60)), ("500ms/2s", Stall(0.5, 2)), (" 1m / 5m ", Stall(60, 300))],
)
def test_a_stall_is_a_length_and_how_often(text: str, stall: Stall) -> None:
    assert parse_stall(text) == stall
    assert parse_stall(str(stall)) == stall


@pytest.mark.parametrize("text", ["", "5s", "5s/", "/60s", "5s/5s", "60s/5s", "0s/5s", "a/b"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected a .* found "):
        parse_stall(text)


def test_a_stall_is_the_last_part_of_its_period() -> None:
    now = 100.0
    clock = StallClock(Stall(5, 60), lambda: now)
    left = []
    for second in (0, 54, 56, 59, 61, 118):
        now = 100.0 + second
        left.append(clock.left())
    assert left == [0, 0, 4, 1, 0, 2]
    assert StallClock(None).left() == 0


def test_a_stalled_application_answers_when_it_is_over(ask) -> None:
    waits = []

    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b""})

    async def steps() -> int:
        stalled = with_stall(app, Stall(0.04, 0.05))
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0.015)
        begun = loop.time()
        answer = await ask(stalled, "GET", "/")
        waits.append(loop.time() - begun)
        return answer.status

    assert asyncio.run(steps()) == 200
    assert with_stall(app, None) is app
    assert waits[0] <= 1
