"""Read a plan file: TOML in, a checked `Plan` out, or one sentence about what is wrong with it."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain
from loadtui.plan.file_shape import NEVER, PLAN_TABLES, Duration, PlanFile, ToleranceTable
from loadtui.plan.model import (
    MOST_USERS,
    STOP_TIMEOUT_S,
    Plan,
    Stage,
    Threshold,
    Tolerance,
    Users,
)
from loadtui.plan.name_pattern import fits_pattern
from loadtui.plan.near_files import OTHER_PLANS, near_files, no_toml
from loadtui.plan.threshold_check import parse_check, parse_measure
from loadtui.plan.tolerance import has_default, tolerance_changes
from loadtui.plan.units import parse_change, parse_duration
from loadtui.suggestion import did_you_mean
from loadtui.toml_text import toml_table

LARGEST_PLAN = 16_000_000
"""Bytes."""


_EXPECTED = {
    "users": "a number of users, or a table such as {ClassName = 8}",
    "spawn_rate": "the users to start a second, a number above 0",
    "undecided": '"fail" or "warn"',
    "duration": 'a duration in whole seconds such as "90s" or "5m"',
    "stop_timeout": 'a duration such as "5s"',
    "give_up": 'a duration such as "10s", or "never"',
    "args": "a table of strings, numbers and true or false",
    "hosts": 'a table such as {ClassName = "http://127.0.0.1:8000"}',
    "host": 'a base URL such as "http://127.0.0.1:8000"',
    "abort": "true or false",
    "allow_exceptions": "true or false",
    "warn": 'a change such as "+25%", "-30%" or "+0.5pp"',
    "fail": 'a change such as "+50%", "-30%" or "+0.5pp"',
    "check": 'a string such as "p95 < 2s"',
    "locustfile": 'the path of a locustfile such as "gateway.py", or a list of them',
    **dict.fromkeys(("tags", "exclude_tags", "user_classes", "locustfiles"), "a list of strings"),
    **{table: f"tables that start with [[{table}]]" for table in PLAN_TABLES},
}


def load_plan(path: Path) -> Plan:
    """Read and check the plan file `path`; locustfile paths in it are relative to its folder.

    Raises UsageError naming the file, the key (`stage[1].users`, counting from 0), what was found
    and what is expected.
    """
    source = _Source(path, _decoded(path))
    source.refuse_unknown_keys()
    file = source.converted()
    stages = _stages(source, file)
    _check_classes(source, file)
    timeout = STOP_TIMEOUT_S
    if file.stop_timeout is not None:
        timeout = source.duration("stop_timeout", file.stop_timeout)
    return Plan(
        name=_name(source, file),
        locustfiles=_locustfiles(source, file),
        source=os.path.abspath(path),  # noqa: PTH100  (keeps symlinks)
        user_classes=tuple(file.user_classes),
        host=file.host,
        hosts=file.hosts,
        tags=tuple(file.tags),
        exclude_tags=tuple(file.exclude_tags),
        args=file.args,
        stages=stages,
        thresholds=_thresholds(source, file, stages),
        tolerances=_tolerances(source, file, stages),
        stop_timeout_s=timeout,
        default_stop_timeout_given=file.stop_timeout is not None and timeout == STOP_TIMEOUT_S,
        give_up_s=None if file.give_up == NEVER else source.duration("give_up", file.give_up),
        allow_exceptions=file.allow_exceptions,
    )


@dataclass
class _Source:
    """The file and its values as found, to complain about."""

    path: Path
    data: dict[str, Any]

    def refuse(self, key: str, expected: str, found: object = ...) -> NoReturn:
        """`key` as in `stage[1].users`; `found` defaults to the value there."""
        value = self._value(key) if found is ... else found
        if key == "args" and isinstance(value, dict):  # they may be secrets
            value = {name: one if isinstance(one, bool) else "***" for name, one in value.items()}
        finding = "nothing" if value is None else f"found {_written(value)}"
        raise UsageError(
            f"{self.path}: {key}{self._stage_name(key)}: {finding}, expected {expected}"
        )

    def bad(self, key: str, sentence: object) -> NoReturn:
        raise UsageError(f"{self.path}: {key}{self._stage_name(key)}: {sentence}")

    def duration(self, key: str, value: Duration) -> float:
        try:
            return parse_duration(value)
        except ValueError:
            self.refuse(key, _expected(key))

    def refuse_unknown_keys(self) -> None:
        self._refuse_unknown(self.data, PlanFile, "")
        for table, kind in PLAN_TABLES.items():
            rows = self.data.get(table)
            for i, row in enumerate(rows if isinstance(rows, list) else []):
                if isinstance(row, dict):
                    self._refuse_unknown(row, kind, f"{table}[{i}].")

    def _refuse_unknown(
        self, table: dict[str, Any], kind: type[msgspec.Struct], prefix: str
    ) -> None:
        known = kind.__struct_fields__
        for key in table:
            if key not in known:
                self.bad(f"{prefix}{key}", f"unknown key, {did_you_mean(key, known)}")

    def converted(self) -> PlanFile:
        try:
            return msgspec.convert(self.data, PlanFile)
        except msgspec.ValidationError as error:
            message, _, at = str(error).rpartition(" - at `$")
            key = at.rstrip("`").lstrip(".").replace("[...]", "") if message else ""
            missing = re.search(r"missing required field `(\w+)`", str(error))
            if missing:
                key = f"{key}.{missing[1]}".lstrip(".")
            self.refuse(key, _expected(key), None if missing else ...)

    def _value(self, key: str) -> object:
        value: Any = self.data
        for part in re.findall(r"[^.\[\]]+", key):
            try:
                value = value[int(part)] if isinstance(value, list) else value[part]
            except KeyError:
                return None
            except (IndexError, ValueError, TypeError):
                return value
        return value

    def _stage_name(self, key: str) -> str:
        match = re.match(r"stage\[(\d+)\]", key)
        if match is None:
            return ""
        name = self.data["stage"][int(match[1])]
        name = name.get("name") if isinstance(name, dict) else None
        return f' (stage "{name}")' if isinstance(name, str) and name else ""


def _decoded(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = read_plain(path, LARGEST_PLAN, follow=True).decode("utf-8-sig")
        return toml_table(text)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such plan; {near_files(path, {'.toml'})}") from None
    except OSError as error:
        raise UsageError(f"{path}: the plan cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text: {error.reason} at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        if path.suffix in OTHER_PLANS:
            raise UsageError(no_toml(path)) from None
        message, _, at = str(error).rpartition(" (at ")
        match = re.match(r"line (\d+)", at)
        line = f":{match[1] if match else len(text.splitlines())}" if message else ""
        raise UsageError(f"{path}{line}: not valid TOML: {message or error}") from None


def _name(source: _Source, file: PlanFile) -> str:
    name = file.name if file.name is not None else source.path.stem
    if not name.strip() or "/" in name or name.startswith(".") or not name.isprintable():
        source.refuse("name", "a name that can be part of a file's name", name)
    return name


def _locustfiles(source: _Source, file: PlanFile) -> tuple[str, ...]:
    if file.locustfile is not None and file.locustfiles is not None:
        source.bad("locustfiles", "there is a locustfile too, give one of the two")
    key = "locustfiles" if file.locustfiles is not None else "locustfile"
    given = file.locustfiles if file.locustfiles is not None else file.locustfile
    written = given if isinstance(given, list) else [given or ""]
    if not written or not all(written):
        source.refuse(key, 'the path of a locustfile such as "gateway.py"')
    folder = source.path.absolute().parent
    paths = [os.path.normpath(folder / name) for name in written]
    for i, path in enumerate(paths):
        if not os.path.exists(path):  # noqa: PTH110
            at = f"{key}[{i}]" if isinstance(given, list) else key
            source.bad(at, f"no such file {_written(written[i])} beside the plan, in {folder}")
    return tuple(paths)


def _stages(source: _Source, file: PlanFile) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    names: set[str] = set()
    for i, raw in enumerate(file.stage):
        at = f"stage[{i}]"
        name = raw.name if raw.name is not None else f"S{i + 1}"
        if not name.strip():
            source.refuse(f"{at}.name", "a name")
        if name in names:
            source.refuse(f"{at}.name", "a name that no other stage has", name)
        names.add(name)
        _check_users(source, f"{at}.users", raw.users)
        if not 0 < raw.spawn_rate < float("inf"):
            source.refuse(f"{at}.spawn_rate", _EXPECTED["spawn_rate"])
        duration = source.duration(f"{at}.duration", raw.duration)
        if duration <= 0 or duration != round(duration):
            source.refuse(f"{at}.duration", _EXPECTED["duration"])
        stages.append(Stage(name, raw.users, raw.spawn_rate, duration))
    return tuple(stages)


def _check_users(source: _Source, key: str, users: Users) -> None:
    counts = users if isinstance(users, dict) else {"": users}
    for name, count in counts.items():
        if not 0 <= count <= MOST_USERS:
            wanted = f"a number of users, 0 to {MOST_USERS}"
            source.refuse(f"{key}.{name}" if name else key, wanted, count)
    if not sum(counts.values()):
        source.refuse(key, "at least one user")


def _check_classes(source: _Source, file: PlanFile) -> None:
    """Classes that other keys name are among those that the plan runs, when it says which."""
    chosen = file.user_classes
    for i, name in enumerate(chosen):
        if name in chosen[:i]:
            source.bad(f"user_classes[{i}]", f"{name} is listed twice")
    named = [(f"hosts.{name}", name) for name in file.hosts]
    for i, stage in enumerate(file.stage):
        if isinstance(stage.users, dict):
            named += [(f"stage[{i}].users.{name}", name) for name in stage.users]
    for key, name in named:
        if chosen and name not in chosen:
            hint = did_you_mean(name, chosen)
            source.bad(key, f"{name} is not one of the plan's user_classes, {hint}")


def _thresholds(
    source: _Source, file: PlanFile, stages: tuple[Stage, ...]
) -> tuple[Threshold, ...]:
    for i, raw in enumerate(file.threshold):
        try:
            parse_check(raw.check)
        except ValueError as error:
            source.bad(f"threshold[{i}].check", error)
        _check_stage(source, f"threshold[{i}].stage", raw.stage, stages)
    return tuple(Threshold(t.check, t.stage, t.endpoint, t.abort) for t in file.threshold)


def _tolerances(
    source: _Source, file: PlanFile, stages: tuple[Stage, ...]
) -> tuple[Tolerance, ...]:
    for i, raw in enumerate(file.tolerance):
        at = f"tolerance[{i}]"
        if raw.warn is None and raw.fail is None and not _has_default(raw):
            source.bad(at, 'nothing to hold it to, expected fail = "+50%" or warn = "+25%"')
        for key in ("warn", "fail"):
            change = getattr(raw, key)
            try:
                if change is not None:
                    parse_change(change)
            except ValueError as error:
                source.bad(f"{at}.{key}", error)
        try:
            parse_measure(raw.metric)
        except ValueError as error:
            source.bad(f"{at}.metric", error)
        try:
            tolerance_changes(Tolerance(raw.metric, fail=raw.fail, warn=raw.warn))
        except ValueError as error:
            source.bad(at, error)
        _check_stage(source, f"{at}.stage", raw.stage, stages)
    return tuple(
        Tolerance(t.metric, t.fail, t.warn, t.endpoint, t.stage, t.undecided)
        for t in file.tolerance
    )


def _has_default(tolerance: ToleranceTable) -> bool:
    """Whether it may do without limits of its own, because it says something else."""
    return tolerance.undecided != "warn" and has_default(tolerance.metric)


def _check_stage(source: _Source, key: str, pattern: str | None, stages: tuple[Stage, ...]) -> None:
    names = [stage.name for stage in stages]
    if pattern is not None and names and not any(fits_pattern(name, pattern) for name in names):
        source.refuse(key, f"one of the plan's stages: {', '.join(names)}", pattern)


def _expected(key: str) -> str:
    """What belongs at `key`, from the words for its last (or a containing) part."""
    for part in reversed(re.findall(r"[^.\[\]]+", key)):
        if part in _EXPECTED:
            return _EXPECTED[part]
    return "a string"


def _written(value: object) -> str:
    """A value roughly as it stands in the file, and not too long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{k} = {_written(v)}" for k, v in value.items()) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(_written(v) for v in value) + "]"
    else:
        text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
