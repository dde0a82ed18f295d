"""The secrets of a run: learned before its locustfile is imported and once more after it, in the
process that host and workers are forked from; and what is saved of it, without them."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from loadtui.engine.locustfile.plan_arguments import plan_argument
from loadtui.errors import UsageError
from loadtui.known_secrets import SECRETS
from loadtui.plan.model import Plan
from loadtui.store.manifest import Manifest
from loadtui.wire.run_spec import RunSpec

_NAMES = frozenset({"name", "locustfiles", "source", "user_classes", "tags", "exclude_tags"})
"""Parts of a plan by which it is found again."""
_TYPED = ("note", "tags", "not_compared", "ignored_options", "remarks", "invocation")
"""Parts of a manifest that may repeat what was typed."""
_OPTIONS: dict[str, bool] = {}
"""Attributes of `parsed_options` with a secret -> whether the locustfile declares it one."""
T = TypeVar("T", Plan, Manifest)


def learn_from_spec(spec: RunSpec) -> None:
    """What is known before the locustfile says which of its arguments are secret."""
    SECRETS.look()
    plan, settings = spec.plan, spec.settings
    for url in (plan.host, settings.flags.host, *plan.hosts.values()):
        SECRETS.add_url(url or "")
    for name, value in plan.args.items():
        with contextlib.suppress(UsageError):  # said where the arguments are resolved
            SECRETS.add_named(name, plan_argument(plan, name, value))
    SECRETS.add_words(settings.locust_args if settings.locust is None else settings.locust.words)


def learn_from_words(words: Iterable[str], secret: Collection[str]) -> None:
    """Values of these options on a command line, before somebody has something against them."""
    waiting = False
    for word in words:
        option, equals, value = word.partition("=")
        if waiting or (equals and option in secret):
            SECRETS.add(word if waiting else value)
        waiting = not waiting and not equals and option in secret


def learn_from_options(
    options: argparse.Namespace, own: Mapping[str, argparse.Action], secret: Collection[str]
) -> None:
    """The values of the locustfile's secret options, wherever they come from."""
    _OPTIONS.update((own[name].dest, getattr(own[name], "is_secret", False)) for name in secret)
    learn_from_changes(vars(options))


def learn_from_changes(options: Mapping[str, Any]) -> None:
    """Values that secret options of the locustfile have by now, as a form may change them."""
    for name in _OPTIONS.keys() & options.keys():
        if _OPTIONS[name]:
            SECRETS.add(options[name])
        else:
            SECRETS.add_named(name, options[name])


def plan_without_values(plan: Plan) -> Plan:
    """The plan as it is saved, without secrets in whatever it says beside its arguments."""
    return _replaced(plan, set(Plan.__struct_fields__) - _NAMES)


def manifest_without_values(manifest: Manifest) -> Manifest:
    """The manifest as it is written when the run starts."""
    return _replaced(manifest, _TYPED)


def _replaced(struct: T, fields: Collection[str]) -> T:
    document = msgspec.to_builtins(struct)
    for field in fields:
        if field in document:
            document[field] = _hidden(document[field])
    return msgspec.convert(document, type(struct))


def _hidden(part: Any) -> Any:
    match part:
        case str():
            return SECRETS.hidden_name(part)
        case list() | tuple():
            return [_hidden(one) for one in part]
        case dict():
            return {key: _hidden(value) for key, value in part.items()}
    return part
