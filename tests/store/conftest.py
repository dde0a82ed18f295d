"""A small run, for the tests of everything that reads one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.run_writer import RunWriter


@pytest.fixture
def writer(tmp_path: Path) -> RunWriter:
    return RunWriter(tmp_path / "20261123-101502-gateway-3f2a")


@pytest.fixture
def two_stages(writer: RunWriter) -> RunWriter:
    """Two stages, two workers, two endpoints, a failure, a counter, a rate and a trend.

    Requests (endpoint, second, count): /a 0:2, 12:3 (1 failed), 31:4; /b 12:1, 31:5.
    """
    writer.stage("L1", 0)
    writer.second(0, users=4)
    writer.delta(
        0,
        endpoints=[(0, "GET", "/a")],
        cells=[0, 1, 0, 506, 2],
        windows=[0, 1, 0, 2, 2000, 990, 1010, 20],
    )
    writer.delta(
        1,
        endpoints=[(0, "GET", "/b"), (1, "GET", "/a")],
        cells=[0, 1, 12, 100, 1, 1, 1, 12, 506, 2, 1, 0, 12, 600, 1],
        windows=[
            *(0, 1, 12, 1, 100, 100, 100, 7),
            *(1, 1, 12, 2, 2000, 1000, 1000, 8),
            *(1, 0, 12, 1, 1800, 1800, 1800, 9),
        ],
    )
    writer.second(12, users=10)
    writer.mark(12.5, "note", "deploy")
    writer.stage("L2", 30, users=20, planned_s=None)
    writer.delta(
        0,
        endpoints=[(1, "GET", "/b")],
        cells=[0, 1, 31, 506, 4],
        windows=[0, 1, 31, 4, 4000, 1000, 1000, 4, 1, 1, 31, 5, 0, -1, -1, 5],
        unfinished=2,
        final=True,
    )
    writer.delta(1, unfinished=1, final=True)
    writer.second(31, users=20, stage=1)
    return writer
