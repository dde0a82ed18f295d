"""In what two loads differ, in sentences: what the difference of two fingerprints means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.known_secrets import SECRET
from loadtui.plan.fingerprint import read_sources
from loadtui.plan.fingerprint_parts import (
    HASHED,
    FingerprintParts,
    SourcePart,
    StatementHash,
    source_digest,
    unpacked_statements,
)
from loadtui.plan.model import Stage, Users
from loadtui.plan.units import format_duration
from loadtui.plurals import counted

_LONGEST_LINE = 60
"""Characters of a line that are quoted."""


def load_differences(
    base: FingerprintParts, current: FingerprintParts, locustfiles: Sequence[str] = ()
) -> list[str]:
    """A sentence for each part that differs; empty when none of those that are known does.

    `locustfiles` are the paths of the current ones: where they are still what they were, the line
    that differs is quoted.
    """
    return [
        *_values("time scale", _number(base.time_scale), _number(current.time_scale)),
        *_stages(base, current),
        *_values("-u", _number(base.users), _number(current.users)),
        *_values("-r", _number(base.spawn_rate), _number(current.spawn_rate)),
        *_values("-t", _seconds(base.run_time_s), _seconds(current.run_time_s)),
        *_values("user classes", _listed(base.user_classes), _listed(current.user_classes)),
        *_values("tags", _listed(base.tags), _listed(current.tags)),
        *_values("excluded tags", _listed(base.exclude_tags), _listed(current.exclude_tags)),
        *_arguments(base.args, current.args),
        *_sources(base.sources, current.sources, locustfiles),
    ]


def _values(what: str, base: str, current: str) -> Iterator[str]:
    if base != current:
        yield f"{what}: {current or 'not given'}, in the base {base or 'not given'}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _seconds(value: float | None) -> str:
    return "" if value is None else format_duration(value)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)


def _stages(base: FingerprintParts, current: FingerprintParts) -> Iterator[str]:
    """Lengths and ramps that another time scale alone has made are not told again."""
    before = {stage.name: stage for stage in base.stages}
    now = {stage.name: stage for stage in current.stages}
    factor = current.time_scale / base.time_scale
    for name, stage in now.items():
        if name not in before:
            yield f"stage {name} is not in the base"
        else:
            yield from _stage(before[name], stage, factor)
    yield from (f"stage {name} is only in the base" for name in before if name not in now)
    shared = [name for name in now if name in before]
    if shared != [name for name in before if name in now]:
        yield "the stages come in another order"


def _stage(base: Stage, current: Stage, factor: float) -> Iterator[str]:
    at = f"stage {base.name}"
    if not _is_scaled(base.duration_s, current.duration_s, factor):
        yield from _values(
            f"length of {at}",
            format_duration(base.duration_s),
            format_duration(current.duration_s),
        )
    yield from _values(f"users of {at}", _users(base.users), _users(current.users))
    if factor == 1:
        yield from _values(f"spawn rate of {at}", _rate(base), _rate(current))


def _rate(stage: Stage) -> str:
    return f"{_number(stage.spawn_rate)}/s"


def _is_scaled(base: float, current: float, factor: float) -> bool:
    """Whether a length, in whole seconds on either side, is the other's times the factor."""
    if factor == 1:
        return base == current
    return abs(current - base * factor) <= 0.5 * max(1.0, factor) + 0.5


def _users(users: Users) -> str:
    if isinstance(users, int):
        return str(users)
    return " + ".join(f"{number} {name}" for name, number in users.items())


def _arguments(base: Mapping[str, str], current: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*base, *current}):
        what = f"argument {name}" if name else "arguments without a name"
        before, now = base.get(name), current.get(name)
        if before == now:
            continue
        if before is None:
            yield f"{what} is not given in the base"
        elif now is None:
            yield f"{what} is only given in the base"
        elif before.startswith(HASHED) and now.startswith(HASHED):
            yield f"{what} has another value than in the base"
        else:
            yield f'{what}: "{now}", in the base "{before}"'


def _sources(
    base: Sequence[SourcePart], current: Sequence[SourcePart], locustfiles: Sequence[str]
) -> Iterator[str]:
    before, now = ({part.key: part for part in parts} for parts in (base, current))
    for key, part in now.items():
        if key not in before:
            yield f"{part.file} is not imported in the base"
        elif before[key].digest != part.digest:
            yield _source(before[key], part, locustfiles)
    yield from (
        f"{part.file} is only imported in the base"
        for key, part in before.items()
        if key not in now
    )


def _source(base: SourcePart, current: SourcePart, locustfiles: Sequence[str]) -> str:
    """`gateway.py line 12 differs: wait_time = constant(2)`, of several lines the first."""
    before, now = unpacked_statements(base), unpacked_statements(current)
    changes = _changes(before, now)
    if not changes:
        return f"{current.file} differs"
    removed, added = changes[0]
    count = sum(max(len(gone), len(come)) for gone, come in changes)
    more = f" (and {counted(count - 1, 'more line')})" if count > 1 else ""
    if not added:
        return f"{current.file} no longer has what is in line {removed[0].first} of the base{more}"
    first = added[0]
    lines, differs = f"line {first.first}", "differs"
    if first.last > first.first:
        lines, differs = f"lines {first.first} to {first.last}", "differ"
    quoted = _quoted(current, first.first, locustfiles)
    text = f": {quoted}" if quoted else ""
    what = differs if removed else "not in the base"
    if removed and removed[0].first != first.first:
        what = f"{differs} from line {removed[0].first} of the base"
    return f"{current.file} {lines} {what}{text}{more}"


def _changes(
    before: Sequence[StatementHash], now: Sequence[StatementHash]
) -> list[tuple[Sequence[StatementHash], Sequence[StatementHash]]]:
    """What went and what came, place by place; nothing where one side is not known."""
    if not before or not now:
        return []
    matcher = SequenceMatcher(
        None, [one.digest for one in before], [one.digest for one in now], autojunk=False
    )
    return [(before[a:b], now[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _quoted(part: SourcePart, line: int, locustfiles: Sequence[str]) -> str:
    """The text of a line as it is in the file today, if that is still the one that was run and
    nothing in the line looks like a secret."""
    try:
        read = [source for path in locustfiles for source in read_sources(Path(path))]
        path = next((one.path for one in read if source_digest(one) == part.digest), None)
        text = "" if path is None else path.read_text("utf-8-sig").splitlines()[line - 1].strip()
    except (UsageError, OSError, UnicodeDecodeError, IndexError):
        return ""
    return "" if SECRET.search(text) else text[:_LONGEST_LINE]
