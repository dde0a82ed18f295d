from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.delta import (
    CELL_WIDTH,
    WINDOW_WIDTH,
    CounterAdd,
    Delta,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    RemarkCount,
    TrendAdd,
    TrendInfo,
    WorkerHealth,
    decode_delta,
    encode_delta,
)

NUMBER = st.integers(-1, 2**40)
TEXT = st.text(max_size=20)
TIME = st.floats(0, 1e6)


def rows(width: int) -> st.SearchStrategy[list[int]]:
    return st.integers(0, 5).flatmap(
        lambda count: st.lists(NUMBER, min_size=count * width, max_size=count * width)
    )


@given(
    st.builds(
        Delta,
        worker=st.integers(0, 1000),
        seq=st.integers(1, 2**31),
        total=st.integers(0, 2**40),
        endpoints=st.lists(st.tuples(st.integers(0, 99), TEXT, TEXT), max_size=3),
        cells=rows(CELL_WIDTH),
        windows=rows(WINDOW_WIDTH),
        errors=st.lists(st.builds(ErrorCount, TEXT, TEXT, TEXT, NUMBER, TIME, TIME), max_size=3),
        exceptions=st.lists(st.builds(ExceptionCount, TEXT, TEXT, NUMBER, TIME, TIME), max_size=3),
        counters=st.lists(st.builds(CounterAdd, TEXT, TEXT, NUMBER, NUMBER), max_size=3),
        rates=st.lists(st.builds(RateAdd, TEXT, TEXT, NUMBER, NUMBER, NUMBER), max_size=3),
        trends=st.lists(
            st.builds(TrendAdd, TEXT, TEXT, NUMBER, NUMBER, NUMBER, sum=TIME, min=TIME, max=TIME),
            max_size=3,
        ),
        remarks=st.lists(st.builds(RemarkCount, TEXT, NUMBER), max_size=2),
        trend_infos=st.lists(st.builds(TrendInfo, TEXT, TEXT, st.just("lower")), max_size=2),
        health=st.lists(
            st.builds(WorkerHealth, NUMBER, TIME, TIME, TIME, NUMBER, NUMBER, NUMBER), max_size=2
        ),
        final=st.booleans(),
    )
)
def test_what_is_encoded_comes_back(delta: Delta) -> None:
    assert decode_delta(encode_delta(delta)) == delta


@given(st.binary(max_size=60))
def test_anything_else_is_refused_or_a_delta(data: bytes) -> None:
    try:
        delta = decode_delta(data)
    except msgspec.DecodeError:
        return
    assert isinstance(delta, Delta)


def test_a_delta_of_wrong_types_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_delta(msgspec.msgpack.encode([0, "one", 2]))


def test_a_delta_of_an_earlier_version_is_read() -> None:
    """Its Trends have bins and nothing else, and it has no remarks."""
    now: list[object] = msgspec.msgpack.decode(encode_delta(Delta(0, 1, 0)))
    at = Delta.__struct_fields__.index("trends")
    now[at] = [["ttft", "", 3, 506, 2]]
    old = now[: Delta.__struct_fields__.index("remarks")]
    delta = decode_delta(msgspec.msgpack.encode(old))
    assert delta.trends == [TrendAdd("ttft", "", 3, 506, 2)]
    assert delta.remarks == []
