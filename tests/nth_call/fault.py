"""A call that fails: which one, in which of loadtui's processes, and with which error."""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.tools import need_tool

SHORT = 0
"""In place of an error: half of the bytes are written."""
ERRORS: dict[str, tuple[int, ...]] = {
    "open": (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE),
    "write": (errno.ENOSPC, errno.EIO, errno.EINTR, SHORT),
    "sync": (errno.EIO, errno.ENOSPC, errno.EINTR),
    "rename": (errno.ENOSPC, errno.EIO, errno.EROFS),
    "unlink": (errno.EIO, errno.EROFS),
    "make": (errno.ENOSPC, errno.EROFS),
    "grow": (errno.ENOSPC, errno.EINTR),
    "mmap": (errno.ENOMEM,),
    "send": (errno.EPIPE, errno.ENOBUFS, errno.EINTR, SHORT),
}
"""Kind of call -> the errors it is tried with.  `make` is mkdir, `grow` are ftruncate and
posix_fallocate, `rename` is link as well and `unlink` rmdir; `send` is to a Unix socket of another
process."""


@dataclass(frozen=True)
class Fault:
    role: str
    """command, host, worker or judge."""
    call: str
    error: int
    at: int
    """Which of the calls of that kind, from 1."""
    lasts: bool = False
    """Whether the calls after it fail as well."""

    def __str__(self) -> str:
        error = errno.errorcode.get(self.error, "short")
        return f"{self.role} {self.call} {self.at} {error}{' and all later' * self.lasts}"

    def environment(self) -> dict[str, str]:
        own = {
            "FAULT_ROLE": self.role,
            "FAULT_CALL": self.call,
            "FAULT_AT": str(self.at),
            "FAULT_ERRNO": str(self.error),
        }
        return {**own, "FAULT_LASTS": "1"} if self.lasts else own


def faults(counts: Mapping[tuple[str, str], int], *, lasting: bool = False) -> Iterator[Fault]:
    """Each call that was counted, as (role, kind) -> how many, with each of its errors."""
    for (role, call), count in sorted(counts.items()):
        for at in range(1, count + 1):
            for error in ERRORS[call]:
                if not lasting or error not in (errno.EINTR, SHORT):
                    yield Fault(role, call, error, at, lasting)


def built(folder: Path) -> Path:
    """The library that makes calls fail, compiled into a folder."""
    library = folder / "failing_calls.so"
    source = Path(__file__).with_name("failing_calls.c")
    compiler = shutil.which("cc") or need_tool("gcc")
    options = ["-O1", "-Wall", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([compiler, *options, str(source), "-ldl", "-lpthread"], check=True)
    return library
