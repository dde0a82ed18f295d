"""How requests ended, counted by status and by error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.files.json_file import JsonFields
from loadtui.importing.outcomes import Outcomes, check_share, read_statuses, sums_that_differ
from loadtui.importing.source import ImportSource


def fields_of(values: Mapping[str, object]) -> JsonFields:
    return JsonFields(Path("m.json"), "", values)


def test_what_failed_is_from_400_on_or_has_no_answer() -> None:
    outcomes = Outcomes({"200": 5, "304": 1, "404": 2, "5xx": 3}, {"reset": 4})
    assert (outcomes.answers, outcomes.bad_answers, outcomes.failures(15)) == (11, 5, 9)
    assert outcomes.told_twice(15) == []
    source = ImportSource("oha", "oha", [Path("m.json")], "m")
    outcomes.add_kinds(source, ("", "/a"))
    kinds = {kind: found.count for kind, found in source.record.errors.by_count()}
    assert kinds == {("", "/a", "reset"): 4, ("", "/a", "HTTP 5xx"): 3, ("", "/a", "HTTP 404"): 2}


def test_errors_of_answers_never_make_more_failures_than_requests() -> None:
    outcomes = Outcomes({"404": 9}, {"Failed capture or match": 9})
    assert outcomes.failures(9) == 9
    assert "9 of its errors are of requests that were answered" in outcomes.told_twice(9)[0]


@pytest.mark.parametrize("status", ["", "20", "0", "2000", "OK", "-1", "099", "6x"])
def test_what_is_no_status_is_refused(status: str) -> None:
    with pytest.raises(UsageError, match="is no HTTP status"):
        read_statuses(fields_of({"codes": {status: 1}}), "codes")


@pytest.mark.parametrize("count", [-1, 1.5, True, "5", [5], {"count": 5}, 1e300])
def test_what_is_no_count_is_refused(count: object) -> None:
    with pytest.raises(UsageError, match=r"m\.json: codes: '200'"):
        read_statuses(fields_of({"codes": {"200": count}}), "codes")


def test_a_share_has_to_be_that_of_its_counts() -> None:
    fields = fields_of({})
    check_share(fields, "rate", None, 5, 10)
    check_share(fields, "rate", 0.5004, 5, 10)
    check_share(fields, "rate", 0.3, 5, None)
    with pytest.raises(UsageError, match=r"'rate': is 40 %, and 5 of 10 requests are 50 %"):
        check_share(fields, "rate", 0.4, 5, 10)
    with pytest.raises(UsageError, match="104 % is more than all"):
        check_share(fields, "rate", 1.04, 5, None)


def test_sums_that_differ_are_told() -> None:
    told = [*sums_that_differ({"answers": (5, 6), "requests": (5, 5), "errors": (None, 5)})]
    assert told == ["it says 5 answers, and its parts add up to 6"]


def test_names_that_nobody_asked_for() -> None:
    fields = fields_of({"a": 1, "b": {"c": 2}, "d": None, "e": []})
    assert fields.number("a") == 1
    assert fields.inner("x").values == {}
    assert fields.not_asked() == ["b"]
    assert fields.inner("b").not_asked() == ["c"]
    with pytest.raises(UsageError, match="'a': is no object"):
        fields.inner("a")
