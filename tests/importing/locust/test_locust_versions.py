"""CSV files that older versions of Locust wrote, and what each must come to by its own cells."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

VERSIONS = {
    "locust08": ("requests", "distribution"),
    "locust012": ("requests", "distribution"),
    "locust014": ("stats", "stats_history", "failures"),
    "locust10": ("stats", "stats_history", "failures"),
    "locust16": ("stats", "stats_history", "failures"),
}
COUNTS = {"requests": ("# requests", "Request Count"), "failures": ("# failures", "Failure Count")}
LATENCIES = {
    "mean_ms": ("Average response time", "Average Response Time"),
    "min_ms": ("Min response time", "Min Response Time"),
    "max_ms": ("Max response time", "Max Response Time"),
}
HEAD_08 = (
    '"Method","Name","# requests","# failures","Median response time","Average response time",'
    '"Min response time","Max response time","Average Content Size","Requests/s"'
)
QUANTILES_08 = '"Name","# requests","50%","66%","75%","80%","90%","95%","98%","99%","100%"'


def files_of(version: str) -> list[str]:
    return [f"{version}_{part}.csv" for part in VERSIONS[version]]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def either(row: dict[str, str], names: tuple[str, str]) -> float:
    return float(row[names[0]] if names[0] in row else row[names[1]])


def figures_of(source: ImportSource) -> dict[str, SourceFigures]:
    assert source.figures is not None
    names = [" ".join(entry) for entry in source.record.endpoints.entries]
    return {
        **dict(zip(names, source.figures.endpoints, strict=True)),
        "all": source.figures.total,
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_counts_and_latencies_are_those_of_the_cells(read: Read, data: Path, version: str) -> None:
    found = figures_of(read(*files_of(version)))
    rows = cells(data / files_of(version)[0])
    assert len(found) == len(rows) == 4
    for row, figures in zip(rows, found.values(), strict=True):
        requests, failures = (int(either(row, names)) for names in COUNTS.values())
        # 0.8 counts as requests what succeeded.
        assert figures.requests == requests + (failures if version == "locust08" else 0)
        assert figures.failures == failures
        for what, names in LATENCIES.items():
            expected = either(row, names) if requests else None
            assert getattr(figures, what) == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_so_are_percentiles(read: Read, data: Path, version: str) -> None:
    found = figures_of(read(*files_of(version)))
    parts = VERSIONS[version]
    rows = cells(data / f"{version}_{'distribution' if 'distribution' in parts else 'stats'}.csv")
    for row, figures in zip(rows, found.values(), strict=True):
        if row["95%"] == "N/A":
            assert figures.percentiles == {}
            continue
        for name, column in (("p50", "50%"), ("p90", "90%"), ("p95", "95%"), ("p100", "100%")):
            assert figures.percentiles[name] == float(row[column])
    if version == "locust014":
        assert found["all"].percentiles["p99.999"] == 100, "its column lacks the sign"


@pytest.mark.parametrize("version", ["locust014", "locust10", "locust16"])
def test_a_history_tells_what_happened_by_second(read: Read, data: Path, version: str) -> None:
    source = read(*files_of(version))
    rows = cells(data / f"{version}_stats_history.csv")
    last = [row for row in rows if row["Name"] == "Aggregated"][-1]
    counted = sum(second.completed for second in source.record.seconds.values())
    assert counted == int(last["# requests"] if "# requests" in last else
                          last["Total Request Count"])  # fmt: skip
    users = [int(row["User Count"]) for row in rows if "User Count" in row]
    assert source.users == max(users, default=None)
    assert ("users" in source.absent) == (version == "locust014")
    kinds = [(kind[2].split(":")[0], found.count) for kind, found in
             source.record.errors.by_count()]  # fmt: skip
    (failed,) = cells(data / f"{version}_failures.csv")
    assert kinds == [("503 Server Error", int(failed["Occurrences"]))]


@pytest.mark.parametrize("version", ["locust014", "locust10"])
def test_percentiles_of_a_history_are_of_ten_seconds(
    read: Read, written: Written, data: Path, version: str
) -> None:
    """Before 1.2 also where there are no rows of endpoints."""
    head, *rows = (data / f"{version}_stats_history.csv").read_text().splitlines()
    text = "\n".join([head, *(row for row in rows if "Aggregated" in row)])
    found = figures_of(read(written("h_stats_history.csv", text)))["all"]
    assert found.percentiles.keys() == {"p50"}
    later = read(written("h_stats_history.csv", text.replace("99.999", "99.9999", 1)))
    assert "p95" in figures_of(later)["all"].percentiles


@pytest.mark.parametrize("version", VERSIONS)
def test_they_are_judged(saved: SaveRun, version: str) -> None:
    run = saved(*files_of(version))
    assert run.manifest.verdict == "fail"
    assert run.manifest.plan.name == version


def test_of_0_8_it_is_told_that_failures_were_added(read: Read) -> None:
    for files in (files_of("locust08"), files_of("locust08")[:1]):
        source = read(*files)
        assert any("as Locust up to 0.8" in remark for remark in source.remarks)
        assert figures_of(source)["all"].rps is None, "it is that of what succeeded"
    assert any("_distribution.csv" in remark for remark in read("locust012_requests.csv").remarks)


def test_what_succeeded_is_told_from_all_by_the_distribution(read: Read, written: Written) -> None:
    rows = ['"GET","/",90,9,30,36,1,134,500,18.62', '"None","Total",90,9,45,53,1,180,500,23.84']
    requests = written("a_requests.csv", "\n".join([HEAD_08, *rows]))
    ranks = ",".join(["30"] * 9)
    for total, count in (("None Total", 99), ("Total", 90)):
        text = "\n".join([QUANTILES_08, f'"GET /",90,{ranks}', f'"{total}",90,{ranks}'])
        found = figures_of(read(requests, written("a_distribution.csv", text)))
        assert (found["all"].requests, found["GET /"].requests) == (count, count)
    assert figures_of(read(requests))["all"].requests == 90


def test_percentiles_of_another_run_are_refused(read: Read, written: Written, data: Path) -> None:
    requests = written("x_requests.csv", (data / "locust012_requests.csv").read_bytes())
    other = written("x_distribution.csv", (data / "locust08_distribution.csv").read_bytes())
    with pytest.raises(UsageError, match=r"are of different runs: 'GET /' has 115 .*, 75 in"):
        read(requests, other)
    with pytest.raises(UsageError, match="holds percentiles only"):
        read(other)


def test_an_error_with_quotes_in_it(read: Read, written: Written, data: Path) -> None:
    """Up to 1.0 they are written as they are."""
    stats = written("q_stats.csv", (data / "locust10_stats.csv").read_bytes())
    head = '"Method","Name","Error","Occurrences"\n'
    text = 'MaxRetryError("Pool(host=\'127.0.0.1\'): Max retries, "no" more")'
    failures = written("q_failures.csv", f'{head}"POST","/broken","{text}",2\n')
    ((kind, found),) = read(stats, failures).record.errors.by_count()
    assert (kind, found.count) == (("POST", "/broken", text), 2)
    cut = written("q_failures.csv", f'{head}"POST","/broken","{text}"')
    with pytest.raises(UsageError, match=r"q_failures\.csv line 2"):
        read(stats, cut)


def test_a_mean_that_was_cut_is_no_contradiction(read: Read, written: Written) -> None:
    head = (
        '"Type","Name","Request Count","Failure Count","Median Response Time",'
        '"Average Response Time","Min Response Time","Max Response Time","Average Content Size",'
        '"Requests/s","Failures/s"'
    )
    stats = written("m_stats.csv", f'{head}\n"None","Aggregated",1000,0,60,63,4,99,500,8.31,0.00')
    history = (
        '"Timestamp","User Count","Type","Name","Total Request Count","Total Failure Count",'
        '"Total Average Response Time"\n"1795834796","3","","Aggregated",990,0,64\n'
    )
    assert read(stats, written("m_stats_history.csv", history)).users == 3
    late = history.replace(",64\n", ",65\n")
    with pytest.raises(UsageError, match="ms of all"):
        read(stats, written("m_stats_history.csv", late))
