"""Opening files that may come from elsewhere: plain files only, and no larger than they may be.

A pipe would keep the reader waiting for ever, a device never ends, and a link that lies in a run's
folder leads to a file that nobody meant.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path


def open_plain(path: Path, *, follow: bool = False) -> io.BufferedReader:
    """A plain file, to be read; `follow`: a symbolic link to one is one, too.

    Raises OSError, whose `strerror` is the rest of a sentence, for what is missing or cannot be
    read, and for links, pipes, devices, sockets and folders.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        descriptor = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno == errno.ELOOP and not follow:
            link = "it is a symbolic link, and links are not followed here"
            raise OSError(errno.ELOOP, link, str(path)) from None
        if error.errno == errno.ENXIO:
            raise _no_plain_file(path) from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _no_plain_file(path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_plain(path: Path, most: int, *, follow: bool = False) -> bytes:
    """The bytes of a plain file.

    Raises OSError as `open_plain`, and for more than `most` bytes.
    """
    with open_plain(path, follow=follow) as file:
        data = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if data is None or len(data) > most:
        large = f"it is larger than {most / 1e6:g} MB, which no such file is"
        raise OSError(errno.EFBIG, large, str(path))
    return data


def _no_plain_file(path: Path) -> OSError:
    return OSError(errno.EINVAL, "it is no plain file", str(path))
