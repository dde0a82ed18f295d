"""What is to be done about a load generator that was too slow."""

from __future__ import annotations

import pytest

from loadtui.store.manifest import CpuUser, GeneratorLoad
from loadtui.verdict.remedy import remedy

ALONE = GeneratorLoad(cores=4, seconds=10, workers=1.0, host=0.1)
BESIDE = GeneratorLoad(
    cores=2,
    seconds=10,
    workers=0.6,
    host=0.3,
    others=[CpuUser("stress", 0.9), CpuUser("sshd", 0.1)],
)
LESS = "fewer users or more think time (wait_time), or send from another machine"


@pytest.mark.parametrize(
    ("load", "workers", "cpu", "wait", "text"),
    [
        (
            ALONE,
            1,
            True,
            False,
            f"of 4 cores this program's 1 worker used 1.0: more workers (--processes 2), {LESS}",
        ),
        (
            BESIDE,
            1,
            False,
            True,
            "of 2 cores this program's 1 worker used 0.6, its host 0.3, stress 0.9, sshd 0.1: "
            f"close stress, --pin, which gives each worker a core, {LESS}",
        ),
        (
            ALONE,
            8,
            True,
            True,
            f"of 4 cores this program's 8 workers used 1.0: no more than --processes 4, {LESS}",
        ),
        (
            ALONE,
            4,
            False,
            False,
            "of 4 cores this program's 4 workers used 1.0: let no task compute or block for long "
            f"without giving way, {LESS}",
        ),
    ],
)
def test_who_and_what(load: GeneratorLoad, workers: int, cpu: bool, wait: bool, text: str) -> None:
    assert remedy(load, workers, cpu=cpu, wait=wait) == text
