"""Metrics by service, and performance baselines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

GATEWAY = {
    "avg_latency_ms": 120.5,
    "p95_latency_ms": 310,
    "error_rate_pct": 0.4,
    "rps": 85.2,
}
RAG = {"avg_latency_ms": 900, "p99_latency_ms": 4200, "total_requests": 500, "failed_requests": 20}


@pytest.fixture
def document(read: Read, written: Written) -> Callable[[Any], ImportSource]:
    return lambda value: read(written("metrics.json", json.dumps(value)))


Document = Callable[[Any], ImportSource]


def test_what_is_there_is_taken_and_nothing_is_made_up(document: Document) -> None:
    source = document({"gateway": GATEWAY, "rag": RAG})

    assert source.figures is not None
    gateway, rag = source.figures.endpoints
    assert (gateway.requests, gateway.failures, gateway.rps) == (None, None, 85.2)
    assert gateway.error_rate == pytest.approx(0.004)
    assert gateway.percentiles == {"p95": 310}, "no p50, and no p99 from the others"
    assert gateway.mean_ms == 120.5
    assert (rag.requests, rag.failures, rag.error_rate, rag.rps) == (500, 20, 0.04, None)
    assert rag.percentiles == {"p99": 4200}
    assert source.figures.total.requests is None, "one of the two does not say"
    assert source.figures.total.percentiles == {}
    assert "p95 (of 1 of 2 services)" in source.held
    assert "median" in source.absent


def test_counts_of_all_services_add_up(document: Document) -> None:
    source = document({"services": {"a": RAG, "b": {**RAG, "total_requests": 1500}}})
    assert source.figures is not None
    total = source.figures.total
    assert (total.requests, total.failures, total.error_rate) == (2000, 40, 0.02)
    assert total.mean_ms is None


def test_of_a_single_service_the_total_is_its_own(document: Document) -> None:
    source = document({"gateway": GATEWAY})
    assert source.figures is not None
    assert source.figures.total == source.figures.endpoints[0]


@pytest.mark.parametrize("key", ["services", "metrics", "baselines"])
def test_services_may_lie_under_a_key(document: Document, key: str) -> None:
    source = document({"version": 1, "timestamp": "2026-01-02T03:04:05Z", key: {"rag": RAG}})
    assert source.record.endpoints.entries == [("", "rag")]
    assert source.started == 1767323045
    assert source.left_out == ["version"]
    assert ("baselines" in source.format) == (key == "baselines")


def test_what_is_not_known_is_told_as_left_out(document: Document) -> None:
    source = document({"rag": {**RAG, "gpu_util": 0.8, "_note": "run on the box"}, "commit": "ab"})
    assert source.left_out == ["rag: gpu_util", "commit"]
    assert source.remarks == ["its own note: note: run on the box"]


@pytest.mark.parametrize(
    "document_",
    [
        {"_note": "This is SAMPLE data", "rag": RAG},
        {"_comment": "simulated for the demo", "rag": RAG},
        {"_simulated": True, "rag": RAG},
        {"rag": {**RAG, "_source": "synthetic"}},
        {"baselines": {"_note": "sample values", "rag": RAG}},
    ],
)
def test_a_note_may_say_that_the_numbers_are_made_up(saved: SaveRun, written: Written,
                                                     document_: Any) -> None:  # fmt: skip
    run = saved(written("m.json", json.dumps(document_)))
    assert run.manifest.provenance.kind == "simulated"


@pytest.mark.parametrize(
    "document_",
    [
        {"_note": "resampled to 1 s, from 1200 samples", "rag": RAG},
        {"_simulated": False, "rag": RAG},
        {"sample_rate": 5, "rag": RAG},
    ],
)
def test_other_notes_do_not(saved: SaveRun, written: Written, document_: Any) -> None:
    run = saved(written("m.json", json.dumps(document_)))
    assert run.manifest.provenance.kind == "imported"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"error_rate_pct": 101}, "more than all"),
        ({"error_rate_pct": 50, "error_rate": 0.1, "failed_requests": None}, "does not agree"),
        ({"error_rate_pct": 0.1}, "is 0.1 %, and 20 failures of 500 requests are 4 %"),
        ({"error_rate": 0.5}, "is 50 %, and 20 failures"),
        ({"failed_requests": 501}, "501 of 500, which cannot be"),
        ({"p95_latency_ms": -1}, "below 0"),
        ({"p95_latency_ms": "1.234,5"}, "is no number"),
        ({"total_requests": 1e300}, "larger than anything"),
    ],
)
def test_numbers_that_cannot_be_are_refused(document: Document, change: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        document({"rag": {**RAG, **change}})
    assert "metrics.json: rag:" in str(error.value)


def entry(requests: int, failures: int, **more: float) -> dict[str, float]:
    share = failures / requests * 100
    return {"avg_latency_ms": 120, "p95_latency_ms": 310, "error_rate_pct": share, "rps": 85,
            "total_requests": requests, "failed_requests": failures, **more}  # fmt: skip


SERVICES = {"gateway": entry(1000, 4), "rag": entry(1000, 4)}


@pytest.mark.parametrize(
    "name", ["total", "Total", "TOTALS", "all", "overall", "Summary", "Aggregated", "aggregate"]
)
@pytest.mark.parametrize("under", ["", "services", "beside"])
def test_what_sums_up_the_services_is_no_service(document: Document, name: str, under: str) -> None:
    total = {name: entry(2000, 8)}
    source = document(
        {**total, "services": SERVICES} if under == "beside" else
        {under: {**SERVICES, **total}} if under else {**total, **SERVICES}
    )  # fmt: skip
    assert [name for _, name in source.record.endpoints.entries] == ["gateway", "rag"]
    assert source.figures is not None
    figures = source.figures.total
    assert (figures.requests, figures.failures, figures.error_rate) == (2000, 8, 0.004)
    assert figures.percentiles == {"p95": 310}, "it says so itself"
    assert len(source.figures.endpoints) == 2
    assert source.left_out == []


def test_a_sum_that_is_none_is_told(document: Document) -> None:
    source = document({**SERVICES, "total": entry(1500, 8)})
    assert "'total' says 1500 requests, and its services add up to 2000" in source.remarks


def test_two_sums_have_to_agree(document: Document) -> None:
    source = document({**SERVICES, "total": entry(2000, 8), "all": entry(2000, 8)})
    assert len(source.record.endpoints.entries) == 2
    with pytest.raises(UsageError, match="'total' and 'all' both sum up the services and differ"):
        document({**SERVICES, "total": entry(2000, 8), "all": entry(2001, 8)})


@pytest.mark.parametrize("document_", [{"total": entry(5, 0)},
                                       {"total": entry(5, 0), "all": entry(5, 0)}])  # fmt: skip
def test_a_sum_by_itself_is_all_there_is(document: Document, document_: Any) -> None:
    source = document(document_)
    assert source.figures is not None
    assert source.figures.total.requests == 5
    assert [name for _, name in source.record.endpoints.entries] == ["total"]


@pytest.mark.parametrize(
    "document_",
    [
        {"config": {"rps": 5}, "limits": {"duration_s": 3}},
        {"scenario": {"rps": 5, "users": 20}},
        {"resources": {"requests": 2, "limits": 4}},
        {"retry": {"failures": 3, "backoff": 2}},
        {"slo": {"p95_latency_ms": 300, "error_rate": 0.01}},
        {"checkout_slo": {"p95_latency_ms": 300, "rps": 10}},
        {"thresholds": {"max_latency_ms": 500, "error_rate_pct": 1}},
        {"gate": {"max_latency_ms": 500}},
        {"gateway": {"rps": {"value": 5}, "requests": {"count": 4}}},
        {"services": {"gateway": {"rps": 5}}},
        {"metrics": {}},
        {},
    ],
)
def test_what_is_asked_for_is_no_result(document: Document, document_: Any) -> None:
    with pytest.raises(UsageError, match=r"metrics\.json is in no format") as error:
        document(document_)
    assert "\n" not in str(error.value)


def test_what_is_asked_for_beside_results_is_left_out(document: Document) -> None:
    source = document({"config": {"rps": 5}, "targets": {"p95_latency_ms": 300}, "rag": RAG})
    assert source.record.endpoints.entries == [("", "rag")]
    assert source.left_out == ["config", "targets"]


@pytest.mark.parametrize(
    ("failed", "of", "said"),
    [(4, 1000, 0.4), (1, 300, 0.33), (1, 300, 0.3), (5, 1000, 1), (5, 1000, 0), (1, 3, 33.3)],
)
def test_a_share_may_be_rounded_and_the_counts_are_exact(
    document: Document, failed: int, of: int, said: float
) -> None:
    source = document({"a": entry(of, failed, error_rate_pct=said)})
    assert source.figures is not None
    assert source.figures.endpoints[0].error_rate == failed / of


def test_users_and_length_of_the_whole_document(saved: SaveRun, written: Written) -> None:
    document_ = {"users": 50, "duration_s": 60, "gateway": entry(1000, 4)}
    run = saved(written("m.json", json.dumps(document_)))
    assert (run.manifest.most_users, run.manifest.length_s) == (50, 60)
    assert run.manifest.totals.users_max == 50
    assert run.manifest.imported is not None
    (told,) = [remark for remark in run.manifest.imported.remarks if "per second" in remark]
    assert told == "gateway: 85 requests per second in 60 s are 5100, and it says 1000"


def test_the_example_of_the_guide_is_one(read: Read, written: Written) -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "import.md"
    example = guide.read_text().partition("```json\n")[2].partition("```")[0]
    source = read(written("example.json", example))
    assert source.record.endpoints.entries == [("", "gateway"), ("", "rag")]
    assert (source.duration_s, source.left_out) == (300, [])
