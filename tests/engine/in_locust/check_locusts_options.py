"""The options that the command line says are Locust's are, and those that are ignored are told."""

from __future__ import annotations

import argparse
from typing import Any

from locust.argument_parser import get_parser

from loadtui.cli.run import command as run
from loadtui.cli.unknown_option import LOCUSTS_OWN
from loadtui.engine.locustfile.options import MEANINGLESS, ResolvedOptions
from loadtui.plan.fingerprint_parts import FingerprintParts
from loadtui.plan.model import Plan


def test_they_are_locusts() -> None:
    parser: Any = get_parser()
    theirs = {option for action in parser._actions for option in action.option_strings}
    ours = {option for param in run.params for option in param.opts}
    ignored = {
        option
        for action in parser._actions
        if action.dest in MEANINGLESS
        for option in action.option_strings
    }
    assert theirs >= LOCUSTS_OWN
    assert LOCUSTS_OWN | ours >= ignored


def test_who_asks_is_not_saved_with_a_base_url() -> None:
    resolved = ResolvedOptions(argparse.Namespace())
    for url, saved in {
        "https://me:s3cret@shop.example:8443/v1": "https://***@shop.example:8443/v1",
        "http://s3cret@127.0.0.1": "http://***@127.0.0.1",
        "http://127.0.0.1/a@b": "http://127.0.0.1/a@b",
        "http://127.0.0.1:80": "http://127.0.0.1:80",
    }.items():
        plan = Plan(name="p", locustfiles=("l.py",), host=url, hosts={"A": url})
        got = resolved.plan_without_secrets(plan)
        assert (got.host, got.hosts) == (saved, {"A": saved})


def test_secrets_of_a_plan_are_not_saved() -> None:
    resolved = ResolvedOptions(argparse.Namespace(), secrets=frozenset({"--other-thing"}))
    args: dict[str, str | int | float | bool] = {
        "other_thing": "hidden",
        "api_key": "hidden",
        "words": "seen",
    }
    saved = resolved.plan_without_secrets(Plan(name="p", locustfiles=("l.py",), args=args))
    assert saved.args == {"other_thing": "***", "api_key": "***", "words": "seen"}
    parts = FingerprintParts(args={name: str(value) for name, value in args.items()})
    hashed = resolved.parts_without_secrets(parts)
    assert hashed is not None
    assert "hidden" not in str(hashed.args)
    assert hashed.args["words"] == "seen"
