"""What a fingerprint was made of, small enough to be saved with a run and in a baseline.

A fingerprint tells that two loads differ; its parts tell in what.  Of the sources only hashes are
saved, one a statement: enough to name the line that differs, and nothing of a file gets into a
baseline that others read.  For the same reason values of arguments that look like secrets are
hashed.
"""

from __future__ import annotations

import ast
import base64
import copy
import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from loadtui.known_secrets import SECRET
from loadtui.plan.fingerprint import ReadSource, canonical_text, read_sources
from loadtui.plan.model import Flags, Plan, Stage

HASHED = "sha256:"
"""What a value begins with that is not to be read."""
_DIGEST = 16
"""Hex digits that are saved of a file's digest."""
_MOST_STATEMENTS = 5_000
"""Of longer files only the digest is saved."""
_STATEMENT = struct.Struct(">HHI")
_INNER = ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list")


class StatementHash(NamedTuple):
    """A statement of a source, without those inside it."""

    first: int
    """Line it begins on."""
    last: int
    digest: int


class SourcePart(msgspec.Struct, frozen=True, omit_defaults=True):
    """A Python file that a load depends on."""

    key: str
    """What tells it from the others: empty for a locustfile, which may be renamed."""
    file: str
    """Its name, relative to the folder of the locustfile."""
    digest: str
    statements: str = ""
    """As `unpacked_statements` reads them; empty: not known."""


class FingerprintParts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What two runs must share to be comparable."""

    sources: list[SourcePart] = []
    stages: list[Stage] = []
    """As they were run, the time scale applied."""
    time_scale: float = 1.0
    user_classes: list[str] = []
    """Empty: all of the locustfile."""
    tags: list[str] = []
    exclude_tags: list[str] = []
    args: dict[str, str] = {}
    """Arguments of the locustfile by name, those of the plan under those of the command line."""
    users: int | None = None
    """-u, as the two below None where not given."""
    spawn_rate: float | None = None
    run_time_s: float | None = None


def fingerprint_parts(
    plan: Plan, flags: Flags | None = None, locust_args: Sequence[str] = ()
) -> FingerprintParts:
    """The parts of `fingerprint` for the same arguments; UsageError as there."""
    flags = flags or Flags()
    args = {name: str(value) for name, value in plan.args.items()} | _named(locust_args)
    return FingerprintParts(
        sources=[
            _source_part(source, number)
            for number, path in enumerate(plan.locustfiles)
            for source in read_sources(Path(path))
        ],
        stages=list(plan.stages),
        time_scale=plan.time_scale,
        user_classes=sorted(set(plan.user_classes)),
        tags=sorted(set(plan.tags)),
        exclude_tags=sorted(set(plan.exclude_tags)),
        args={name: _harmless(name, value) for name, value in sorted(args.items())},
        users=flags.users,
        spawn_rate=flags.spawn_rate,
        run_time_s=flags.run_time_s,
    )


def source_digest(source: ReadSource) -> str:
    """A file's digest as it is saved."""
    return source.digest[:_DIGEST]


def unpacked_statements(part: SourcePart) -> list[StatementHash]:
    """The statements of a source in the order of the file; none where they are not known, or were
    written by something else."""
    try:
        packed = base64.b64decode(part.statements, validate=True)
        return [StatementHash(*one) for one in _STATEMENT.iter_unpack(packed)]
    except (ValueError, struct.error):
        return []


def _source_part(source: ReadSource, number: int) -> SourcePart:
    return SourcePart(
        key=f"{number}/{source.name}" if number else source.name,
        file=source.name or source.path.name,
        digest=source_digest(source),
        statements="" if source.tree is None else _packed(_statements(source.tree.body)),
    )


def _packed(statements: Iterable[StatementHash]) -> str:
    listed = list(statements)
    if len(listed) > _MOST_STATEMENTS or any(one.last > 0xFFFF for one in listed):
        return ""
    return base64.b64encode(b"".join(_STATEMENT.pack(*one) for one in listed)).decode()


def _statements(body: Iterable[ast.AST]) -> Iterator[StatementHash]:
    """Every statement, clause and decorator by itself, in the order of the file."""
    for node in body:
        yield from map(_decorator, getattr(node, "decorator_list", ()))
        inner = [
            child
            for name in ("body", "handlers", "orelse", "finalbody", "cases")
            for child in getattr(node, name, ())
        ]
        placed = node.pattern if isinstance(node, ast.match_case) else node
        first: int = getattr(placed, "lineno", 0)
        last: int = first if inner else getattr(placed, "end_lineno", first)
        yield StatementHash(first, last, _hash(_alone(node)))
        yield from _statements(inner)


def _decorator(node: ast.expr) -> StatementHash:
    return StatementHash(node.lineno, node.end_lineno or node.lineno, _hash(node))


def _alone(node: ast.AST) -> ast.AST:
    """A statement without what is in it; docstrings and `pass` are all the same nothing."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
            return ast.Pass()
    alone = copy.copy(node)
    for name in _INNER:
        if hasattr(alone, name):
            setattr(alone, name, [])
    return alone


def _hash(node: ast.AST) -> int:
    return int.from_bytes(hashlib.sha256(canonical_text(node)).digest()[:4])


def _named(locust_args: Sequence[str]) -> dict[str, str]:
    """Arguments as typed, `--think 1-2` or `--think=1-2`, by name; what has none under ``."""
    named: dict[str, list[str]] = {}
    name = ""
    for word in locust_args:
        if word.startswith("-") and not word.lstrip("-")[:1].isdigit():
            name, equals, value = word.lstrip("-").partition("=")
            name = name.replace("-", "_")
            named.setdefault(name, []).extend([value] if equals else [])
        else:
            named.setdefault(name, []).append(word)
    return {name: " ".join(values) for name, values in named.items()}


def _harmless(name: str, value: str) -> str:
    return hashed_value(value) if SECRET.search(name) else value


def hashed_value(value: str) -> str:
    """What is saved of a value that nobody is to see; of one that was hashed before, that."""
    if value.startswith(HASHED):
        return value
    return f"{HASHED}{hashlib.sha256(value.encode()).hexdigest()[:12]}"
