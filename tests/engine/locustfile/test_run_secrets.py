"""What is learned of a run's secrets, and what is saved of the run without them."""

from __future__ import annotations

from argparse import ArgumentParser

import pytest

from loadtui.engine.locustfile import run_secrets
from loadtui.engine.locustfile.run_secrets import (
    learn_from_changes,
    learn_from_options,
    learn_from_spec,
    learn_from_words,
    manifest_without_values,
    plan_without_values,
)
from loadtui.known_secrets import KnownSecrets
from loadtui.plan.model import Flags, Plan, Threshold
from loadtui.store.manifest import Invocation, Manifest, Provenance, Remark
from loadtui.wire.run_settings import LocustCommandLine, RunSettings
from loadtui.wire.run_spec import RunSpec


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> KnownSecrets:
    known = KnownSecrets()
    monkeypatch.setattr(run_secrets, "SECRETS", known)
    monkeypatch.setattr(run_secrets, "_OPTIONS", {})
    return known


def test_from_the_spec(secrets: KnownSecrets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAN_VALUE", "value-of-env")
    args: dict[str, str | int | float | bool] = {
        "api_key": "${PLAN_VALUE}",
        "password": "value-of-plan",
        "token": "${NOT_SET_AT_ALL}",
        "think": "value-of-think",
    }
    plan = Plan("shop", ("/shop.py",), hosts={"A": "http://a:value-of-class@h"}, args=args)
    settings = RunSettings(
        Flags(host="http://a:value-of-flag@h"), locust_args=["--pin-key=value-typed"]
    )
    learn_from_spec(RunSpec("run", plan, settings))
    text = "value-of-env value-of-plan value-of-class value-of-flag value-typed"
    assert secrets.hidden(f"{text} value-of-think") == "*** *** *** *** *** value-of-think"


def test_from_the_command_line_of_locust(secrets: KnownSecrets) -> None:
    words = LocustCommandLine(["-f", "shop.py", "--pin-key", "value-typed"])
    learn_from_spec(RunSpec("run", Plan("shop", ("/shop.py",)), RunSettings(locust=words)))
    assert secrets.hidden("value-typed") == "***"


def test_from_options_that_the_locustfile_declares(secrets: KnownSecrets) -> None:
    parser = ArgumentParser()
    till = parser.add_argument("--till", default="value-of-till")
    mode = parser.add_argument("--auth-mode", default="value-of-mode")
    cards = parser.add_argument("--cards", nargs="*")
    till.is_secret = cards.is_secret = True  # type: ignore[attr-defined]  # as Locust does
    own = {"--till": till, "--auth-mode": mode, "--cards": cards}
    options = parser.parse_args(["--cards", "value-one", "value-two"])
    learn_from_options(options, own, own.keys())
    text = "value-of-till value-one value-two value-of-mode"
    assert secrets.hidden(text) == "*** *** *** value-of-mode"
    learn_from_changes({"till": "value-of-form", "think": "value-of-think"})
    assert secrets.hidden("value-of-form value-of-think") == "*** value-of-think"


def test_from_words(secrets: KnownSecrets) -> None:
    words = ["--till=value-one", "--till", "value-two", "value-three", "--think=value-four"]
    learn_from_words(words, {"--till"})
    text = "value-one value-two value-three value-four"
    assert secrets.hidden(text) == "*** *** value-three value-four"


def test_what_is_saved(secrets: KnownSecrets) -> None:
    secrets.add("value-of-run")
    plan = Plan(
        "value-of-run",
        ("/value-of-run.py",),
        args={"header": "X: value-of-run", "n": 3},
        thresholds=(Threshold("p95 < 1s", endpoint="GET /value-of-run"),),
    )
    shown = plan_without_values(plan)
    assert shown.args == {"header": "X: ***", "n": 3}
    assert shown.thresholds[0].endpoint == "GET /***"
    assert (shown.name, shown.locustfiles) == (plan.name, plan.locustfiles)
    manifest = Manifest(
        3,
        "run",
        "starting",
        Provenance("measured"),
        plan,
        fingerprint="abc",
        started="2026-11-28T11:00:00+00:00",
        note="of value-of-run",
        remarks=[Remark("about value-of-run", 2)],
        invocation=Invocation(targets=["a.py"], options=["--check", "p95 < 1s @ value-of-run"]),
    )
    saved = manifest_without_values(manifest)
    assert saved.note == "of ***"
    assert saved.remarks == [Remark("about ***", 2)]
    assert saved.invocation == Invocation(targets=["a.py"], options=["--check", "p95 < 1s @ ***"])
    assert (saved.run, saved.plan, saved.provenance) == ("run", plan, manifest.provenance)
