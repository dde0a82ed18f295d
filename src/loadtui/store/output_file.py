"""Writing a file that a person named, so that what lies there is whole: the old one or the new."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from loadtui.store.run_files import write_atomically


def write_output(path: Path, data: bytes) -> None:
    """Put a file of these bytes in place.  When that fails, as on a full disk, the one that lies
    there stays as it is.

    Links are followed, and a file that is there keeps its permissions and its owner.  A pipe or a
    device is written to, and so is a file in a folder that takes no other.  Raises OSError.
    """
    try:
        before: os.stat_result | None = path.stat()
    except FileNotFoundError:
        before = None
    if before is not None and not stat.S_ISREG(before.st_mode):
        path.write_bytes(data)
        return

    def write(file: BinaryIO) -> None:
        if before is not None:
            with contextlib.suppress(OSError):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
        file.write(data)

    target = path.resolve()
    try:
        write_atomically(target, write)
    except PermissionError:
        if before is None:
            raise
        target.write_bytes(data)
