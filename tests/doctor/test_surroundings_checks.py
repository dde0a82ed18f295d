"""Containers and virtual machines, by the traces they leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor.surroundings_checks import container, virtual_machine
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        (".dockerenv", "", "Docker"),
        ("run/.containerenv", "", "Podman"),
        ("proc/1/cgroup", "0::/kubepods/besteffort/pod1\n", "Kubernetes"),
        ("proc/1/cgroup", "0::/init.scope\n", ""),
    ],
)
def test_containers(put: Put, look: Look, file: str, text: str, name: str) -> None:
    put(file, text)
    finding = look(container)
    assert (finding.level, finding.found) == (("note", name) if name else ("ok", "none that shows"))


def test_a_container_by_its_variables(look: Look) -> None:
    assert look(container, env={"KUBERNETES_SERVICE_HOST": "a"}).found == "Kubernetes"
    assert look(container, env={"container": "lxc"}).found == "lxc"


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2", "WSL"),
        ("sys/class/dmi/id/sys_vendor", "QEMU", "virtual, KVM"),
        ("sys/class/dmi/id/product_name", "VMware Virtual Platform", "virtual, VMware"),
        ("proc/cpuinfo", "flags : fpu hypervisor lahf_lm", "virtual, of a kind that does not show"),
        ("sys/class/dmi/id/sys_vendor", "Dell Inc.", "none that shows a hypervisor"),
    ],
)
def test_virtual_machines(put: Put, look: Look, file: str, text: str, found: str) -> None:
    put(file, text)
    assert look(virtual_machine).found == found
