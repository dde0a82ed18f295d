"""What to say of a plan or locustfile that is not there: which one nearby may be meant."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from loadtui.suggestion import meant, nearest

OTHER_PLANS = (".yaml", ".yml")
"""How files are called in which other programs have what is a plan here."""
_NO_PLANS = ("pyproject.toml", "setup.py", "conftest.py")
_CLOSE = 0.75
_MOST = 3
_LOOKED_AT = 2_000


def near_files(path: Path, suffixes: Collection[str]) -> str:
    """The way out of a wrong path, as the rest of a sentence: the file with one of these suffixes
    that is like it, else those of its folder, else what its folder lacks."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    names = _names(folder, suffixes)
    if near := nearest(path.name, names, close=_CLOSE):
        return meant(_beside(path, near))
    if names:
        listed = ", ".join(_beside(path, name) for name in names[:_MOST])
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        return f"there is {listed}{more}"
    where = "this folder" if folder == Path() else str(folder)
    kinds = " and no ".join(sorted(suffixes, reverse=True))
    return f"{where} has no {kinds} file, change to another one"


def no_toml(path: Path) -> str:
    """What to say of a plan that is written as those of other programs are."""
    return (
        f"{path}: a plan is a TOML file, not {path.suffix[1:].upper()}: write it as "
        f"{path.with_suffix('.toml')}, or run the locustfile with -H, -u, -r and -t"
    )


def _names(folder: Path, suffixes: Collection[str]) -> list[str]:
    names = []
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_LOOKED_AT), entries, strict=False):
                if Path(entry.name).suffix not in suffixes or entry.name[0] in "._":
                    continue
                if entry.name not in _NO_PLANS and entry.is_file():
                    names.append(entry.name)
    except OSError:
        return []
    return sorted(names)


def _beside(path: Path, name: str) -> str:
    return str(path.with_name(name))
