"""Open files, local ports and queues."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.network_checks import backlog, local_ports, open_files, port_reuse
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]
IPV4 = "proc/sys/net/ipv4"


@pytest.mark.parametrize(
    ("limits", "level", "found"),
    [
        ((1024, 1_048_576), "ok", "up to 1 048 576 in a process; a run raises 1 024 to 1 048 576"),
        ((20_000, 20_000), "ok", "up to 20 000 in a process"),
        ((1024, 4096), "note", "up to 4 096 in a process; a run raises 1 024 to 4 096"),
        ((256, 512), "problem", "up to 512 in a process; a run raises 256 to 512"),
        ((1024, resource.RLIM_INFINITY), "ok", None),
    ],
)
def test_open_files_are_judged_by_the_hard_limit(
    look: Look, limits: tuple[int, int], level: str, found: str | None
) -> None:
    finding = look(open_files, open_files=limits)
    assert finding.level == level
    assert found in (None, finding.found)


def test_ports_and_those_that_wait(put: Put, look: Look) -> None:
    put(f"{IPV4}/ip_local_port_range", "32768\t60999\n")
    sockets = "sockets: used 90\nTCP: inuse 5 orphan 0 tw {} alloc 9 mem 2\nUDP: inuse 0\n"
    put("proc/net/sockstat", sockets.format(300))
    assert (look(local_ports).level, look(local_ports).found) == (
        "ok",
        "28 232 for each target, 300 in TIME_WAIT",
    )
    put("proc/net/sockstat", sockets.format(20_000))
    assert look(local_ports).level == "problem"
    put(f"{IPV4}/ip_local_port_range", "50000 59999")
    put("proc/net/sockstat", "TCP: inuse 5 tw")
    assert look(local_ports).level == "note"


def test_reuse_and_backlog(put: Put, look: Look, machine: ExaminedMachine) -> None:
    assert [*port_reuse(machine), *backlog(machine), *local_ports(machine)] == []
    put(f"{IPV4}/tcp_tw_reuse", "0\n")
    put("proc/sys/net/core/somaxconn", "128\n")
    assert look(port_reuse).command == "sudo sysctl -w net.ipv4.tcp_tw_reuse=1"
    assert look(backlog).level == "note"
    put(f"{IPV4}/tcp_tw_reuse", "2\n")
    put("proc/sys/net/core/somaxconn", "4096\n")
    assert {look(port_reuse).level, look(backlog).level} == {"ok"}
