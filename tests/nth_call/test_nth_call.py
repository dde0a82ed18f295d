"""Some of the calls that `python -m tests.nth_call` lets fail, one after the other."""

from __future__ import annotations

import dataclasses
import errno
from collections.abc import Iterator

import pytest

from tests.nth_call.fault import SHORT, Fault, built
from tests.nth_call.occasion import OCCASIONS, template
from tests.nth_call.trial import Bench
from tests.support.servers import Nginx
from tests.support.tools import need_tool

FAULTS = [
    ("run", Fault("host", "open", errno.EROFS, 1)),
    ("run", Fault("host", "open", errno.EMFILE, 8)),
    ("run", Fault("host", "write", errno.ENOSPC, 2)),
    ("run", Fault("host", "write", SHORT, 1)),
    ("run", Fault("host", "sync", errno.EIO, 2)),
    ("run", Fault("host", "unlink", errno.EROFS, 5)),
    ("run", Fault("judge", "write", errno.ENOSPC, 2)),
    ("run", Fault("judge", "rename", errno.EIO, 1)),
    ("run", Fault("command", "make", errno.ENOSPC, 3)),
    ("run", Fault("command", "open", errno.EIO, 9)),
    ("run", Fault("command", "open", errno.ENOSPC, 11)),
    ("report", Fault("command", "open", errno.ENOSPC, 19)),
    ("report", Fault("command", "write", SHORT, 1)),
    ("promote", Fault("command", "rename", errno.EIO, 1)),
    ("promote", Fault("command", "write", errno.ENOSPC, 1, lasts=True)),
    ("export", Fault("command", "write", errno.ENOSPC, 1)),
    ("import", Fault("command", "write", errno.EIO, 5)),
    ("recover", Fault("command", "write", errno.ENOSPC, 2)),
    ("note", Fault("command", "sync", errno.EIO, 1)),
]
pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("nth")
    with Nginx(need_tool("nginx"), folder / "target") as target:
        yield Bench(folder, built(folder), template(folder), target)


@pytest.mark.parametrize(
    ("name", "fault"), FAULTS, ids=[f"{name}: {fault}" for name, fault in FAULTS]
)
def test_one_that_fails_is_told_and_harms_nothing_else(
    bench: Bench, name: str, fault: Fault
) -> None:
    [occasion] = [one for one in OCCASIONS if one.name == name]
    trial = bench.trial(occasion, fault)
    assert trial.failed, f"there are only {trial.counts}"
    assert trial.wrong == [], trial.outcome


def test_what_is_wrong_is_seen(bench: Bench) -> None:
    """The reader that finds nothing wrong would find it."""
    [note] = [one for one in OCCASIONS if one.name == "note"]
    assert bench.trial(note).wrong == []
    strict = dataclasses.replace(note, codes=(7,), written=["never.txt"])
    assert bench.trial(strict).wrong == [
        "exit code 0",
        "never.txt was not written, and the exit code is 0",
    ]
