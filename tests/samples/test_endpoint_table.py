from __future__ import annotations

from loadtui.samples.endpoint_table import UNKNOWN, EndpointTable


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
