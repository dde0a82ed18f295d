"""The table of Locust's options against the parser of the Locust that is installed."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from locust.argument_parser import (
    get_empty_argument_parser,
    positive_integer,
    setup_parser_arguments,
    timespan,
)

from loadtui.cli.locust.locust_arguments import read_locust_arguments
from loadtui.cli.locust_options import LOCUST_OPTIONS, LocustOption
from loadtui.errors import UsageError

LINES = (
    "",
    "-f a.py -H http://x -u 5 -r 2.5 -t 1h2m3s --headless",
    "-u5 -r2 -t90 -Lwarning --only-sum --csv=out",
    "--tags a b --exclude-tags c -- My Other",
    "-T a -s 1m --processes -1 --expect-workers 3 My",
    "--config-users a.json --json --json-file x --html r.html --logfile l --skip-log",
    "--exit-code-on-error 0 --print-stats --reset-stats --csv x --csv-full --profile p --equal",
    "--autostart --autoquit 3 --web-port 80 -P 90 --class-picker --headful",
)
REFUSED = ("-u many", "-r 0", "-r nan", "-t soon", "-L LOUD", "--expect-workers 0", "--legacy-ui")


def stock() -> Any:
    parser = get_empty_argument_parser(default_config_files=())
    setup_parser_arguments(parser)
    return parser


def actions() -> dict[str, Any]:
    return {a.dest: a for a in stock()._actions if a.option_strings}


def known() -> dict[str, LocustOption]:
    return {option.dest: option for option in LOCUST_OPTIONS}


def test_every_option_is_in_the_table_and_no_other() -> None:
    assert {dest: tuple(a.option_strings) for dest, a in actions().items()} == {
        dest: option.strings for dest, option in known().items()
    }


@pytest.mark.parametrize("dest", known())
def test_it_is_read_as_locust_reads_it(dest: str) -> None:
    action, option = actions()[dest], known()[dest]
    assert getattr(action, "env_var", None) == option.env
    listed = action.help is not argparse.SUPPRESS and action.help is not None
    assert listed == bool(option.help)
    if option.kind not in ("help", "version", "config"):
        assert action.default == option.default
    flag = action.nargs == 0
    assert flag == (
        option.kind in ("flag", "help", "version")
        or (option.kind == "retired" and dest != "web_auth")
    )
    assert (action.nargs == "*") == (option.kind in ("words", "json"))
    types = {"int": int, "port": int, "count": positive_integer, "time": timespan}
    if option.kind in types:
        assert action.type is types[option.kind]


def expected(line: str) -> dict[str, Any]:
    words = line.replace("--config-users a.json ", "").split()
    return vars(stock().parse_args(words))


@pytest.mark.parametrize("line", LINES)
def test_a_command_line(line: str) -> None:
    ours = vars(read_locust_arguments(line.split()).options)
    ours = {name: value for name, value in ours.items() if name not in ("help", "version")}
    theirs = expected(line)
    if "--config-users" in line:  # of the words only the engine makes JSON
        assert ours.pop("config_users") == ["a.json"]
        theirs.pop("config_users")
    assert ours == theirs


@pytest.mark.parametrize("line", REFUSED)
def test_what_locust_refuses(line: str) -> None:
    with pytest.raises(SystemExit) as theirs:
        stock().parse_args(line.split())
    assert theirs.value.code == 2
    with pytest.raises(UsageError) as ours:
        read_locust_arguments(line.split())
    assert ours.value.exit_code == 2
