from __future__ import annotations

from loadtui.samples.endpoint_table import FURTHER, MAX_NAME, UNKNOWN, EndpointTable


def test_workers_numbers_of_one_endpoint_meet() -> None:
    table = EndpointTable()
    table.learn(0, [(0, "GET", "/a"), (1, "GET", "/b")])
    table.learn(1, [(0, "GET", "/b"), (1, "POST", "/a")])
    assert table.entries == [("GET", "/a"), ("GET", "/b"), ("POST", "/a")]
    assert [table.number(0, 0), table.number(0, 1)] == [0, 1]
    assert [table.number(1, 0), table.number(1, 1)] == [1, 2]


def test_learning_again_gives_no_new_number() -> None:
    table = EndpointTable()
    table.learn(0, [(0, "GET", "/a")])
    table.learn(0, [(0, "GET", "/a")])
    assert table.entries == [("GET", "/a")]


def test_what_was_never_announced_shares_one_entry() -> None:
    table = EndpointTable()
    table.learn(0, [(0, "GET", "/a")])
    assert table.number(0, 5) == table.number(1, 0) == 1
    assert table.entries == [("GET", "/a"), UNKNOWN]


def test_a_bounded_table_tells_so_many_apart_and_cuts_long_names() -> None:
    table = EndpointTable(2)
    long = "x" * MAX_NAME
    assert [table.add("GET", name) for name in (f"{long}1", long, f"{long}2", "/b", "/c")] == [
        0, 1, 0, 2, 2,
    ]  # fmt: skip
    assert table.entries == [("GET", f"{long[:-1]}…"), ("GET", long), FURTHER]
    assert EndpointTable().add("", f"{long}1") == 0
