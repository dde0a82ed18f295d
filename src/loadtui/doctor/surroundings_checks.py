"""What this machine is itself inside of: a container, a virtual machine, WSL."""

from __future__ import annotations

from collections.abc import Iterator

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Finding

_NOUN = "surroundings"
_VENDORS = {
    "QEMU": "KVM",
    "KVM": "KVM",
    "VMware": "VMware",
    "VirtualBox": "VirtualBox",
    "innotek": "VirtualBox",
    "Microsoft Corporation": "Hyper-V",
    "Amazon EC2": "Amazon EC2",
    "Google": "Google Cloud",
    "Xen": "Xen",
    "Parallels": "Parallels",
}
_CONTAINERS = {
    "docker": "Docker",
    "kubepods": "Kubernetes",
    "containerd": "containerd",
    "libpod": "Podman",
    "lxc": "LXC",
}


def container(machine: ExaminedMachine) -> Iterator[Finding]:
    name = _container(machine)
    if name:
        remedy = (
            "limits above are its own; neighbours outside of it are seen only as steal and waiting"
        )
        yield Finding(_NOUN, "container", "note", name, remedy)
    else:
        yield Finding(_NOUN, "container", "ok", "none that shows")


def virtual_machine(machine: ExaminedMachine) -> Iterator[Finding]:
    release = machine.text("proc/sys/kernel/osrelease") or ""
    if "microsoft" in release.lower():
        remedy = "its network goes through Windows: send from Linux where latencies matter"
        yield Finding(_NOUN, "machine", "note", "WSL", remedy)
        return
    said = " ".join(machine.texts("sys/class/dmi/id/[ps]*_[nv]*"))
    name = next((ours for theirs, ours in _VENDORS.items() if theirs in said), "")
    if not name and " hypervisor" in (machine.text("proc/cpuinfo") or ""):
        name = "of a kind that does not show"
    if name:
        remedy = "its cores may be shared with others: compare runs that were taken close together"
        yield Finding(_NOUN, "machine", "note", f"virtual, {name}", remedy)
    else:
        yield Finding(_NOUN, "machine", "ok", "none that shows a hypervisor")


def _container(machine: ExaminedMachine) -> str:
    for name, file in (("Docker", ".dockerenv"), ("Podman", "run/.containerenv")):
        if (machine.root / file).exists():
            return name
    if machine.env.get("KUBERNETES_SERVICE_HOST"):
        return "Kubernetes"
    groups = machine.text("proc/1/cgroup") or ""
    found = next((ours for word, ours in _CONTAINERS.items() if word in groups), "")
    return found or machine.env.get("container", "")


SURROUNDINGS_CHECKS = (container, virtual_machine)
