"""The packages that are built of a checkout, and what is wrong with them."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

MADE = re.compile(r"PKG-INFO|src/loadtui/report/html/page/vega\.js")
"""Files of a source distribution that the repository does not hold."""
ELSEWHERE = "vega-licenses.txt"
"""A file of the sources that the wheel has among its licences."""
FOREIGN = re.compile(r"(?:^|/)(?:tests?|docs|deploy|conftest\.py|\..*)(?:/|$)")
"""Files that are no part of what is installed."""


@dataclass(frozen=True)
class Packages:
    source: Path
    """The source distribution."""
    of_source: Path
    """The wheel that was built of it."""
    of_tree: Path
    """The wheel that was built of the checkout."""


def build(uv: Path | str, tree: Path, into: Path) -> Packages:
    """Build all three below a folder.  Raises CalledProcessError."""
    first, second = into / "of-source", into / "of-tree"
    # One whose sources are unpacked elsewhere, by another umask and later, must be the same.
    run([uv, "build", "-q", "-o", first, tree])
    before = os.umask(0o077)
    try:
        run([uv, "build", "-q", "--wheel", "-o", second, tree])
    finally:
        os.umask(before)
    [source], [of_source] = first.glob("*.tar.gz"), first.glob("*.whl")
    [of_tree] = second.glob("*.whl")
    return Packages(source, of_source, of_tree)


def build_steps(dockerfile: str) -> list[str]:
    """The commands of a Dockerfile's first stage."""
    [_, first, *_] = re.split(r"^FROM ", dockerfile, flags=re.MULTILINE)
    return re.findall(r"^RUN ((?:.*\\\n)*.*)", first, flags=re.MULTILINE)


def run(
    words: list[Path | str],
    *,
    cwd: Path | None = None,
    codes: tuple[int, ...] = (0,),
    user: int | None = None,
) -> str:
    """What a program prints.  Raises AssertionError, with its words, when it ends otherwise."""
    done = subprocess.run(
        words,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
    )
    said = f"{done.stdout}\n{done.stderr}".strip()
    assert done.returncode in codes, f"{words}: exit code {done.returncode}: {said}"
    return done.stdout


def wrong_with(packages: Packages, tracked: set[str]) -> list[str]:
    """Sentences; `tracked` are the files that the repository holds."""
    found = []
    if packages.of_source.read_bytes() != packages.of_tree.read_bytes():
        found.append("the wheel of the source distribution is not, byte for byte, that of the tree")
    inside = _source_files(packages.source)
    stray = {name for name in inside - tracked if not MADE.fullmatch(name)}
    found += [f"{packages.source.name} has a stray file: {name}" for name in sorted(stray)]
    needed = {name for name in tracked if name.startswith(("src/", "scenarios/", "LICENSE"))}
    found += [f"{packages.source.name} lacks {name}" for name in sorted(needed - inside)]
    installed = _wheel_files(packages.of_tree)
    sources = {name.removeprefix("src/") for name in tracked if name.startswith("src/")}
    sources -= {name for name in sources if name.endswith(ELSEWHERE)}
    found += [f"the wheel lacks {name}" for name in sorted(sources - installed)]
    found += [f"the wheel has {name}" for name in sorted(installed) if FOREIGN.search(name)]
    return found


def _source_files(path: Path) -> set[str]:
    with tarfile.open(path) as archive:
        return {name.split("/", 1)[1] for name in archive.getnames()}


def _wheel_files(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())
