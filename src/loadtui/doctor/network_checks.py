"""What connections need: open files, local ports, and the queue of a target on this machine."""

from __future__ import annotations

import resource
from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding
from loadtui.machine.open_files import ENOUGH, WANTED
from loadtui.plurals import thousands

_NOUN = "network"
FEW_PORTS = 20_000
BACKLOG = 1024


def open_files(machine: ExaminedMachine) -> Iterator[Finding]:
    soft, hard = machine.open_files or resource.getrlimit(resource.RLIMIT_NOFILE)
    known = WANTED if hard == resource.RLIM_INFINITY else hard
    raised = f"a run raises {_files(soft)} to {_files(known)}" if soft not in (-1, hard) else ""
    found = f"up to {_files(known)} in a process" + (f"; {raised}" if raised else "")
    if known >= ENOUGH:
        yield Finding(_NOUN, "open files", "ok", found)
        return
    remedy = (
        "every user holds a connection: raise the hard limit (in a container --ulimit "
        f"nofile={WANTED}), for good in /etc/security/limits.conf",
        f"sudo prlimit --pid $$ --nofile={WANTED}:{WANTED}",
    )
    yield Finding(_NOUN, "open files", "problem" if known < 1024 else "note", found, *remedy)


def local_ports(machine: ExaminedMachine) -> Iterator[Finding]:
    words = (machine.text("proc/sys/net/ipv4/ip_local_port_range") or "").split()
    if len(words) != 2 or not all(word.isdigit() for word in words):
        return
    ports = int(words[1]) - int(words[0]) + 1
    waiting = _time_wait(machine)
    found = f"{thousands(ports)} for each target, {thousands(waiting)} in TIME_WAIT"
    widen = "sudo sysctl -w net.ipv4.ip_local_port_range='1024 65535'"
    if waiting > ports / 2:
        remedy = "they run out: wait a minute, and keep connections open between requests"
        yield Finding(_NOUN, "local ports", "problem", found, remedy, widen)
    elif ports < FEW_PORTS:
        remedy = "a user who opens a connection for every request uses one up for a minute"
        yield Finding(_NOUN, "local ports", "note", found, remedy, widen)
    else:
        yield Finding(_NOUN, "local ports", "ok", found)


def port_reuse(machine: ExaminedMachine) -> Iterator[Finding]:
    reuse = machine.number("proc/sys/net/ipv4/tcp_tw_reuse")
    if reuse is None:
        return
    found = {0: "off", 1: "on", 2: "on for loopback"}.get(reuse, str(reuse))
    if reuse:
        yield Finding(_NOUN, "reuse of ports", "ok", f"{found} (tcp_tw_reuse={reuse})")
    else:
        remedy = (
            "ports in TIME_WAIT are lost for a minute",
            "sudo sysctl -w net.ipv4.tcp_tw_reuse=1",
        )
        yield Finding(_NOUN, "reuse of ports", "note", f"{found} (tcp_tw_reuse=0)", *remedy)


def backlog(machine: ExaminedMachine) -> Iterator[Finding]:
    queue = machine.number("proc/sys/net/core/somaxconn")
    if queue is None:
        return
    if queue >= BACKLOG:
        yield Finding(_NOUN, "backlog", "ok", f"{thousands(queue)} (somaxconn)")
        return
    remedy = (
        "of a target on this machine only: of users who come at once some wait a second to connect",
        "sudo sysctl -w net.core.somaxconn=4096",
    )
    yield Finding(_NOUN, "backlog", "note", f"{queue} (somaxconn)", *remedy)


def _time_wait(machine: ExaminedMachine) -> int:
    """Connections of IPv4 and IPv6 together: `TCP: inuse 5 orphan 0 tw 12 alloc 9 mem 2`."""
    for line in (machine.text("proc/net/sockstat") or "").splitlines():
        words = line.split()
        if line.startswith("TCP:") and "tw" in words[:-1]:
            count = words[words.index("tw") + 1]
            return int(count) if count.isdigit() else 0
    return 0


def _files(limit: int) -> str:
    return "any number" if limit == resource.RLIM_INFINITY else thousands(limit)


NETWORK_CHECKS = (open_files, local_ports, port_reuse, backlog)
