"""Seconds of each kind of `python -m tests.soak`, so that none of them rots; and what it reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.soak.__main__ import parsed
from tests.soak.balance import Balance, balance
from tests.soak.fault_table import COLUMNS, line, row
from tests.soak.faults import FAULTS, ServedFault
from tests.soak.process_memory import growth
from tests.soak.random_load import random_load
from tests.support.mounted_disks import CannotMountError
from tests.support.servers import Nginx
from tests.support.tools import need_tool

ALWAYS = ("target closes connections", "host out of files", "worker out of files")
"""Tested by nobody else."""
SEEDS = 10
BALANCED = Balance(
    "killed host", 0, random_load(Random(0)),
    served=100, recorded=90, unfinished=4, lost=6, unsent=0, started=100, may_differ=(0, 1), code=3,
)  # fmt: skip


def cases() -> Iterator[object]:
    """Each fault and seed."""
    for fault in FAULTS:
        for seed in range(SEEDS):
            marks = [] if seed == 0 and fault.name in ALWAYS else [pytest.mark.soak]
            yield pytest.param(fault, seed, marks=marks, id=f"{fault.name}-{seed}")


@pytest.mark.parametrize(("fault", "seed"), [*cases()])
def test_what_is_served_is_known(
    fault: ServedFault, seed: int, tmp_path: Path, nginx: Nginx
) -> None:
    try:
        made = balance(fault, seed, tmp_path, nginx)
    except CannotMountError as error:
        pytest.skip(str(error))
    assert made.wrong == [], made


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("rate --minutes 0.25 --rate 200", marks=pytest.mark.soak),
        pytest.param("users --users 100 --minutes 0.1", marks=pytest.mark.thorough),
        pytest.param("endpoints --endpoints 100 --minutes 0.1", marks=pytest.mark.soak),
        pytest.param("journal --hours 0.05", marks=pytest.mark.thorough),
    ],
)
def test_each_kind_for_some_seconds(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    need_tool("nginx")
    asked = parsed(words.split())
    assert asked.main(asked) == 0, capsys.readouterr().out


def test_a_balance_that_is_wrong_is_seen() -> None:
    made = dataclasses.replace(BALANCED, wrong=[])
    made.check()
    assert made.wrong == []
    for served in (98, 101):
        made = dataclasses.replace(BALANCED, served=served, wrong=[])
        made.check()
        assert made.wrong == [f"differs by {100 - served}, and may by 0 to 1"]
    made = dataclasses.replace(BALANCED, started=101, wrong=[])
    made.check()
    assert made.wrong == ["started 101 is not recorded + unfinished + lost"]


def test_a_row_has_sums_and_the_range_of_the_differences() -> None:
    other = dataclasses.replace(BALANCED, seed=1, served=99)
    assert row([BALANCED, other]).split() == [
        "killed", "host", "2", "199", "180", "8", "12", "0", "0", "to", "1",
    ]  # fmt: skip
    assert len(line(COLUMNS)) == len(row([BALANCED]))


def test_growth_is_what_stays() -> None:
    flat = [50.0, 51.0, 50.5, 50.0, 90.0, 50.0, 50.5, 51.0]
    assert growth(flat) == pytest.approx(0.25)
    assert growth([float(mb) for mb in range(40)]) == pytest.approx(30)
    with pytest.raises(ValueError, match="3 samples"):
        growth([1.0, 2.0, 3.0])


def test_a_seed_is_always_the_same_load() -> None:
    assert random_load(Random("a 1")) == random_load(Random("a 1"))
    assert len({random_load(Random(f"a {seed}")) for seed in range(20)}) == 20
