"""`loadtui help`, and the short form of --version."""

from __future__ import annotations

import pytest

from loadtui import __version__
from loadtui.__main__ import run

Out = pytest.CaptureFixture[str]


COMMANDS = [[], ["run"], ["runs"], ["runs", "list"], ["runs", "tag"], ["locust"]]


@pytest.mark.parametrize("words", COMMANDS)
def test_it_is_what_the_command_says_of_itself(words: list[str], capfd: Out) -> None:
    assert run(["help", *words]) == 0
    asked = capfd.readouterr().out
    assert run([*words, "--help"]) == 0
    assert asked == capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "loadtui has no command 'rnu'; did you mean run?"),
        (["runs", "shwo"], "loadtui runs has no command 'shwo'; did you mean show?"),
        (["run", "x"], "`loadtui run` has no commands of its own"),
        (["run", "--man"], "--man is about all commands"),
    ],
)
def test_what_is_no_command(words: list[str], said: str, capfd: Out) -> None:
    assert run(["help", *words]) == 2
    assert said in capfd.readouterr().err


def test_the_version_has_a_short_form(capfd: Out) -> None:
    assert run(["-V"]) == 0
    assert capfd.readouterr().out == f"loadtui {__version__}\n"
