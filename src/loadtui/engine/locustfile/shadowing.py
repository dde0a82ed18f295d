"""Files beside a locustfile that have the name of an installed module.

Under Locust the locustfile's folder comes first on the path: `import statistics` means the file
`statistics.py` there, unless Locust itself has imported the standard library's before.  So it is
here, though this program imports more.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

OWN_PACKAGE = "loadtui"
ONLY_OURS = ("msgspec",)
"""What host and workers have imported before the locustfile and Locust does not.  The modules that
use it hold it already; nothing of the engine may import it later."""
_MODULE = re.compile(r"(?:module|from|named) '(\w+)")


def let_files_be_found(folders: Iterable[Path]) -> None:
    """Have `import msgspec` mean the file of that name in one of the folders, if there is one."""
    for name in ONLY_OURS:
        if file_named(name, folders) is not None:
            for loaded in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
                del sys.modules[loaded]


def file_named(name: str, folders: Iterable[Path]) -> Path | None:
    """The file that `import name` finds in the first of the folders that has one."""
    for folder in folders:
        for path in (folder / name / "__init__.py", folder / f"{name}.py"):
            if path.exists():
                return path
    return None


def shadowing_remark(error: BaseException, folders: Iterable[Path]) -> str:
    """What to do when an import failed for a file that has the name of an installed module; empty
    when that is not so."""
    if not isinstance(error, ImportError | AttributeError):
        return ""
    named = _MODULE.search(str(error))
    path = file_named(named[1], folders) if named else None
    if named is None or path is None:
        return ""
    if named[1] == OWN_PACKAGE:
        return f"; {path} has the name of this program's own package, rename it"
    return f"; {path} takes the place of the module {named[1]}, rename it if that is not meant"
