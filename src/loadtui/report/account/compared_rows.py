"""The rows of a comparison as people read them: which are worth a line, and what is said below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loadtui.plurals import counted
from loadtui.report.account.comparison_formatting import moved_text
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import Comparison, ComparisonRow, Side, changed_rows


def notable_rows(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Rows that get a line of their own: what moved, what could not be decided, what fails, and
    what the plan names.  What is not comparable or new without failing is told together."""
    return [
        row
        for row in changed_rows(rows)
        if row.status == "fail"
        or row.word in ("regressed", "improved")
        or decidable_or_moved(row)
        or (row.named and row.word not in ("not comparable", "new"))
    ]


def decidable_or_moved(row: ComparisonRow) -> bool:
    """An inconclusive row that more runs would decide, or that moved as far as a warning."""
    if row.word != "inconclusive" or row.change is None or row.warn is None:
        return False
    return bool(row.further_runs or row.further_base_runs) or abs(row.change) >= row.warn


_COUNTED_AS: dict[str, str] = {
    "regressed": "changed",
    "improved": "changed",
    "inconclusive": "undecided",
    "not comparable": "not compared",
    "new": "new",
}


def row_counts(rows: Sequence[ComparisonRow], total: int) -> str:
    """What these rows of so many are: `2 changed, 3 undecided of 15`."""
    counts = Counter(_COUNTED_AS.get(row.word, "") for row in rows)
    words = dict.fromkeys(_COUNTED_AS.values())
    parts = [f"{counts[word]} {word}" for word in words if counts[word]]
    if named := sum(row.named and row.word not in _COUNTED_AS for row in rows):
        parts.append(f"{named} named by the plan")
    return f"{', '.join(parts) or '0 changed'} of {total}"


def endpoint_text(endpoint: str) -> str:
    """The endpoint of a metric: `total` for all requests, `(any)` for a metric without one."""
    if endpoint == NO_ENDPOINT:
        return "(any)"
    return "total" if endpoint == TOTAL else endpoint


def row_endpoint(row: ComparisonRow) -> str:
    return endpoint_text(row.endpoint)


def endpoint_if_any(row: ComparisonRow) -> str | None:
    """The endpoint of a row, None for a metric without one."""
    return None if row.endpoint == NO_ENDPOINT else row_endpoint(row)


def row_detail(row: ComparisonRow) -> str:
    """A line under a row: why, and what would decide it."""
    if row.word in ("shown", "new", "unchanged", "improved"):
        return ""
    if row.word != "inconclusive" or row.fail is None or row.change is None:
        return row.reason
    if row.high is not None and row.high < row.fail:
        return row.reason  # An improvement that is none.
    if row.mde90 is None:
        return "; ".join(part for part in (row.reason, *_bounds(row), _deciding(row)) if part)
    assert row.high is not None
    most, limit = (moved_text(row, row.written(number)) for number in (row.high, row.fail))
    decide = _deciding(row) or "ten runs a side would not decide"
    detected = moved_text(row, row.mde90)
    return f"up to {most} (limit {limit}); finds {detected} 9 times in 10; {decide}"


def _bounds(row: ComparisonRow) -> Iterable[str]:
    """What is known of how far it moved."""
    for words, bound in (("at least", row.low), ("up to", row.high)):
        if bound is not None and (row.low is None or row.high is None):
            yield f"{words} {moved_text(row, row.written(bound))}"


def _deciding(row: ComparisonRow) -> str:
    if row.further_runs:
        return f"{counted(row.further_runs, 'more run')} would decide"
    if row.further_base_runs:
        return f"{counted(row.further_base_runs, 'more baseline run')} would decide"
    return ""


def comparison_remarks(comparison: Comparison) -> list[str]:
    """What a reader has to know: first of all that nothing is known of metrics the plan names, and
    how to make that fail."""
    named = [row for row in comparison.rows if row.named and row.undecided and row.status != "fail"]
    if not named:
        return comparison.remarks
    are = "is" if len(named) == 1 else "are"
    return [
        f"{counted(len(named), 'metric')} that the plan names {are} undecided: --strict, or "
        f'undecided = "fail" in a tolerance, makes that fail',
        *comparison.remarks,
    ]


def power_sentence(comparison: Comparison) -> str:
    """What could have been found at all, so that nothing more is claimed; empty: not known."""
    if comparison.finds_p95 is None:
        return ""
    low, high = (f"+{share * 100:.0f} %" for share in comparison.finds_p95)
    span = low if low == high else f"{low} to {high}, depending on the endpoint"
    tested = counted(comparison.tests, "metric")
    return f"{tested} tested together; a p95 rise is found 9 times in 10 from {span}"


def side_name(side: Side) -> str:
    """`baseline gateway (3 runs)`, or the ids of runs."""
    if side.kind == "run":
        return side.name
    return f"baseline {side.name} ({counted(len(side.runs), 'run')})"
