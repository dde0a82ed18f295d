"""Requests in any order as the record of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing import request_record
from loadtui.importing.request_record import RequestRecord, TimedRequest, moment_us
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS
from tests.support.imported_samples import samples_by_endpoint

Filled = Callable[..., ImportSource]
PATH = Path("results")
T = 1_780_000_000_000_000


def filled(*requests: TimedRequest) -> tuple[ImportSource, int]:
    record, source = RequestRecord(PATH), ImportSource("hey", "hey", [PATH], "results")
    for request in requests:
        record.add(request)
    return source, record.fill(source)


def request(start: int, elapsed: int = 10, name: str = "a", error: str = "") -> TimedRequest:
    return TimedRequest(T + start, elapsed, ("GET", name), not error, error, 7)


made = st.builds(
    request,
    st.integers(-(10**8), 10**8),
    st.integers(0, 10**7),
    st.sampled_from("ab"),
    st.sampled_from(["", "", "503"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(made, min_size=1, max_size=40), st.sampled_from([1, 3, 50_000]))
def test_what_is_counted_is_what_there_was(requests: list[TimedRequest], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_record, "_AT_ONCE", at_once)
        source, first = filled(*requests)
    assert first == min(one.start_us for one in requests)
    assert (
        source.duration_s == (max(one.start_us + one.elapsed_us for one in requests) - first) / 1e6
    )
    for endpoint, samples in samples_by_endpoint(source).items():
        mine = [one for one in requests if one.endpoint == endpoint]
        took = [one.elapsed_us for one in mine]
        failed = sum(not one.ok for one in mine)
        assert samples[:6] == (
            len(mine), failed, sum(took), min(took), max(took), 7 * len(mine)
        )  # fmt: skip
    cells = source.record.cells.frame().select("ok", "second", "bin", "count").rows()
    found = [(ok, second, bin_) for ok, second, bin_, count in cells for _ in range(count)]
    assert sorted(found) == sorted(
        (int(one.ok), (one.start_us - first) // 10**6, bin_of(one.elapsed_us)) for one in requests
    )
    rows = source.record.seconds.values()
    assert sum(row.completed for row in rows) == len(requests)
    assert sum(row.failed for row in rows) == sum(not one.ok for one in requests)


def test_a_second_ends_with_its_last_microsecond() -> None:
    source, _ = filled(request(0), request(999_999), request(1_000_000), request(1_999_999))
    seconds = source.record.windows.frame().select("second", "count").rows()
    assert seconds == [(0, 2), (1, 2)]
    assert [row.completed for row in source.record.seconds.values()] == [1, 2, 1]


def test_errors_say_when_they_first_and_last_were() -> None:
    source, _ = filled(
        request(500_000), request(3_000_000, error="503"), request(1_000_000, error="503")
    )
    ((kind, known),) = source.record.errors.by_count()
    assert kind == ("GET", "a", "503")
    assert (known.count, known.first, known.last) == (2, 0.5, 2.5)


def test_users_make_the_run_longer() -> None:
    record, source = RequestRecord(PATH), ImportSource("gatling", "log", [PATH], "results")
    record.add_user(T - 1_500_000, came=True)
    record.add(request(0))
    record.add_user(T + 2_000_000, came=False)
    assert record.fill(source) == T - 1_500_000
    assert source.duration_s == 3.5
    assert [row.users for row in source.record.seconds.values()] == [1, 1, 1, 1]
    assert source.users == 1


def test_more_names_than_are_told_apart_share_one() -> None:
    source, _ = filled(*(request(0, name=str(number)) for number in range(66_000)))
    assert len(source.record.endpoints.entries) == MAX_ENDPOINTS + 1
    assert samples_further(source) == 66_000 - MAX_ENDPOINTS


def samples_further(source: ImportSource) -> int:
    number = source.record.endpoints.entries.index(FURTHER)
    return int(source.record.windows.frame().filter(endpoint=number)["count"].sum())


def test_more_messages_than_are_told_apart_share_one() -> None:
    source, _ = filled(*(request(0, error=f"no {number} " + "x" * 600) for number in range(10_050)))
    kinds = source.record.errors.by_kind
    assert max(len(message) for *_, message in kinds) == 500
    assert source.record.errors.total() == 10_050


def test_sizes_that_cannot_be_are_none() -> None:
    source, _ = filled(request(0)._replace(bytes=10**15), request(0)._replace(bytes=-4))
    assert samples_by_endpoint(source)["GET", "a"].bytes == 0


@pytest.mark.parametrize("elapsed", [-1, 10**15, 10**18])
def test_lengths_that_cannot_be(elapsed: int) -> None:
    with pytest.raises(ValueError, match="ms, which cannot be"):
        filled(request(0, elapsed))


def test_lengths_that_no_float_holds() -> None:
    with pytest.raises(ValueError, match="took for ever, which cannot be"):
        filled(request(0, 10**400))


def test_no_request_and_no_single_run() -> None:
    with pytest.raises(UsageError, match="results holds no request"):
        filled()
    with pytest.raises(UsageError, match="days apart, which is no single run"):
        filled(request(0), request(40 * 86_400 * 10**6))
    with pytest.raises(UsageError, match="3 days apart, which is no single run"):
        filled(request(0), request(3 * 86_400 * 10**6))


def test_a_run_of_days_has_users_or_requests_on_each() -> None:
    record, source = RequestRecord(PATH), ImportSource("gatling", "log", [PATH], "log")
    record.add(request(0))
    for days in (0.9, 1.8, 2.7):
        record.add_user(T + int(days * 86_400 * 10**6), came=True)
    record.fill(source)
    assert source.duration_s == pytest.approx(2.7 * 86_400)


@pytest.mark.parametrize(("us", "good"), [(T, True), (0, False), (-T, False), (10**17, False)])
def test_moments_are_of_this_century(us: int, good: bool) -> None:
    if good:
        assert moment_us(us) == us
        return
    with pytest.raises(ValueError, match="between 2001 and 2096"):
        moment_us(us)
