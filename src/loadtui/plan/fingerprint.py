"""What must agree for two runs to be comparable, as one hash.

Hashed are the locustfiles and the modules beside them that they import, as syntax trees without
docstrings, so that comments and formatting do not count; and what the plan says about the load.
Not hashed is where and against what it ran, and what is expected of it: host, processes, machine,
versions, thresholds, tolerances, the plan's name and absolute paths.
"""

from __future__ import annotations

import ast
import hashlib
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.plan.locustfile_paths import files_in
from loadtui.plan.model import Flags, Plan

_LARGEST = 64_000_000
"""Bytes of a Python file."""
LENGTH = 16
"""Hex digits of a fingerprint."""

_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def fingerprint(plan: Plan, flags: Flags | None = None, locust_args: Sequence[str] = ()) -> str:
    """Hash of a run that is to be made, as short hex.

    `plan` is as it will be run, its time scale applied; `flags` and `locust_args` are what was
    given on the command line beside it.  Raises UsageError when a locustfile cannot be read.
    """
    flags = flags or Flags()
    load = {
        "files": [
            sorted((source.name, source.digest) for source in read_sources(Path(path)))
            for path in plan.locustfiles
        ],
        "user_classes": sorted(set(plan.user_classes)),
        "stages": [
            [s.name, s.users, float(s.spawn_rate), float(s.duration_s)] for s in plan.stages
        ],
        "time_scale": float(plan.time_scale),
        "tags": sorted(set(plan.tags)),
        "exclude_tags": sorted(set(plan.exclude_tags)),
        "args": {name: str(value) for name, value in plan.args.items()},
        "flags": [flags.users, flags.spawn_rate, flags.run_time_s],
        "locust_args": list(locust_args),
    }
    text = json.dumps(load, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


class ReadSource(NamedTuple):
    """A Python file that a load depends on."""

    path: Path
    name: str
    """As it is hashed: relative to its folder, empty for a locustfile, whose own name says nothing.
    """
    digest: str
    """SHA-256 of what it does, in hex."""
    tree: ast.Module | None
    """None for what is not Python."""


def read_sources(path: Path) -> list[ReadSource]:
    """A locustfile, or those in a folder, and the modules beside them that they import; UsageError
    when one cannot be read."""
    if path.is_dir():
        roots = files_in(path)
        names = {p: p.relative_to(path).as_posix() for p in roots}
    else:
        roots, names = [path], {path: ""}  # a renamed locustfile is still the same
    sources: dict[Path, ReadSource] = {}
    for root in roots:
        for file, digest, tree in _with_imports(root, root.parent):
            name = names.get(file) or _beside(file, root)
            sources.setdefault(file, ReadSource(file, name, digest, tree))
    return list(sources.values())


def _beside(file: Path, root: Path) -> str:
    return "" if file == root else file.relative_to(root.parent).as_posix()


def _with_imports(file: Path, folder: Path) -> Iterator[tuple[Path, str, ast.Module | None]]:
    """(path, hash, syntax tree) of `file` and of all it imports, directly or not, from within
    `folder`."""
    waiting, known = [file], {file}
    while waiting:
        path = waiting.pop()
        content = _read(path)
        tree, text = _parsed(content)
        yield path, hashlib.sha256(text).hexdigest(), tree
        for imported in _imports(tree, path, folder) if tree is not None else ():
            if imported not in known:
                known.add(imported)
                waiting.append(imported)


def _read(path: Path) -> bytes:
    try:
        return read_plain(path, _LARGEST, follow=True)
    except OSError as error:
        raise UsageError(f"{path}: the locustfile cannot be read: {error.strerror}") from None


def _parsed(content: bytes) -> tuple[ast.Module | None, bytes]:
    """The syntax tree and its canonical text; of what is not Python, or nested too deeply to be
    written as text, None and the content."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
        return tree, canonical_text(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, content


def canonical_text(tree: ast.AST) -> bytes:
    """What a piece of Python does, whatever its format, comments and docstrings."""
    return "".join(_canonical(tree)).encode(errors="surrogatepass")


def _canonical(node: Any) -> Iterator[str]:
    """The tree as text that is the same in every version of Python: without positions, docstrings
    and empty fields (new versions of Python add fields, which are empty for older code)."""
    if isinstance(node, ast.Constant):
        yield f"({type(node.value).__name__} {node.value!r})"
    elif isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for name, value in ast.iter_fields(node):
            if name == "body" and isinstance(node, _DOCUMENTED):
                value = _without_docstring(value)  # noqa: PLW2901
            if value is not None and value != [] and name not in ("ctx", "type_comment"):
                yield f" {name}="
                yield from _canonical(value)
        yield ")"
    elif isinstance(node, list):
        yield "["
        for item in node:
            yield from _canonical(item)
        yield "]"
    else:
        yield repr(node)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
        # A function that had only a docstring needs a `pass` without it.
        case [ast.Pass()]:
            return []
    return body


def _imports(tree: ast.Module, path: Path, folder: Path) -> Iterator[Path]:
    """Files within `folder` that the module at `path` imports, its packages included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module(folder, alias.name, folder)
        elif isinstance(node, ast.ImportFrom):
            start = path.parents[node.level - 1] if node.level <= len(path.parents) else folder
            base = start if node.level else folder
            module = node.module or ""
            yield from _module(base, module, folder)
            for alias in node.names:
                yield from _module(base, f"{module}.{alias.name}".lstrip("."), folder)


def _module(base: Path, dotted: str, folder: Path) -> Iterator[Path]:
    """Files that importing `dotted`, looked up in `base`, runs: a module and its packages."""
    files = [base / "__init__.py"]
    place = base
    for part in dotted.split(".") if dotted else []:
        files += [place / f"{part}.py", place / part / "__init__.py"]
        place = place / part
    for file in files:
        # The folder's own __init__.py is not run: its files are imported by themselves.
        if file != folder / "__init__.py" and file.is_relative_to(folder) and file.is_file():
            yield file
