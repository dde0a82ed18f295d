"""What is said of an option that `run` or `check` does not have."""

from __future__ import annotations

import click
import pytest

from loadtui.cli.check import command as check
from loadtui.cli.group import loadtui
from loadtui.cli.run import command as run
from loadtui.cli.unknown_option import IN_OTHER_WAYS, LOCUSTS_OWN, OTHER_NAMES
from loadtui.errors import UsageError


def said(command: click.Command, *arguments: str) -> str:
    with pytest.raises(UsageError) as refused:
        command.make_context(f"loadtui {command.name}", list(arguments))
    return str(refused.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--thresholds", "--check"),
        ("--thresholds=3", "--check"),
        ("--spawnrate", "--spawn-rate"),
        ("--user", "--users"),
        ("--duration", "--run-time"),
        ("--csv-file", "--csv"),
        ("--tag-names", "--tag"),
        ("--only-summary", "--quiet"),
        ("--json-file", "--json"),
    ],
)
def test_what_may_be_meant(typed: str, meant: str) -> None:
    name = typed.partition("=")[0]
    assert said(run, "shop.py", typed).startswith(f"no such option {name}, did you mean {meant}?")


@pytest.mark.parametrize("command", [run, check])
@pytest.mark.parametrize("typed", ["--think", "-x"])
def test_it_may_be_the_locustfiles(command: click.Command, typed: str) -> None:
    sentence = said(command, "shop.py", typed, "3")
    assert sentence.startswith(f"no such option {typed}; if it is an argument of the locustfile")
    assert f"`loadtui {command.name} ... -- {typed}`" in sentence


@pytest.mark.parametrize("typed", ["--master", "--show-task-ratio", "-l"])
def test_it_is_locusts(typed: str) -> None:
    sentence = said(run, "shop.py", typed)
    assert sentence.startswith(f"{typed} is an option of Locust's that `loadtui run` does not have")
    assert sentence.endswith("`loadtui locust`")


@pytest.mark.parametrize("typed", ["--users", "-t", "--junit"])
def test_it_is_an_option_of_run(typed: str) -> None:
    parent = click.Context(loadtui, info_name="loadtui")
    with pytest.raises(
        UsageError, match=f"^{typed} is an option of `loadtui run` that `loadtui ch"
    ):
        check.make_context("check", ["shop.py", typed, "3"], parent)
    with pytest.raises(click.UsageError):
        run.make_context("run", ["shop.py", typed], parent)


@pytest.mark.parametrize("typed", IN_OTHER_WAYS)
def test_what_other_programs_have_is_said_in_another_way(typed: str) -> None:
    assert said(run, "shop.py", typed, "3").startswith(f"no such option {typed}; ")
    assert "did you mean" not in said(run, "shop.py", typed, "3")


def test_every_hint_leads_somewhere() -> None:
    ours = {option for param in run.params for option in param.opts}
    assert set(OTHER_NAMES.values()) <= ours
    assert not ours & OTHER_NAMES.keys()
    assert all(name.startswith("-") for name in LOCUSTS_OWN)
