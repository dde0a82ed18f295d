"""Where Locust's options come from, and which of them are answered with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.cli.locust.locust_arguments import LocustArguments, read_locust_arguments
from loadtui.errors import UsageError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def read(line: str) -> LocustArguments:
    return read_locust_arguments(line.split())


def test_files_and_classes() -> None:
    arguments = read("-f a.py,b.py -u 3 Shopper Robot")
    assert arguments.locustfiles == ["a.py", "b.py"]
    assert arguments.user_classes == ("Shopper", "Robot")
    assert (arguments.own, arguments.without_effect) == ((), ())
    assert arguments.words == ("-f", "a.py,b.py", "-u", "3", "Shopper", "Robot")


def test_what_the_locustfile_may_add_is_left_to_it() -> None:
    arguments = read("--think 1-2 -u 3 Shopper")
    assert arguments.own == ("--think", "1-2", "Shopper")
    assert arguments.user_classes == (), "1-2 may be a value or a class"


@pytest.mark.parametrize("word", ["--web", "--log"])
def test_an_abbreviation_that_may_mean_several_is_left_to_it_too(word: str) -> None:
    assert read(f"{word}=x").own == (f"{word}=x",)


def test_classes_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCUST_USER_CLASSES", "A B")
    assert read("").user_classes == ("A", "B")
    assert read("C").user_classes == ("C",)


def test_command_line_before_environment_before_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "locust.conf").write_text("users = 1\nspawn-rate = 1\nrun-time = 1m\n")
    monkeypatch.setenv("LOCUST_USERS", "2")
    monkeypatch.setenv("LOCUST_SPAWN_RATE", "2")
    options = read("-u 3").options
    assert (options.num_users, options.spawn_rate, options.run_time) == (3, 2.0, 60)


def test_headful_goes_before_headless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCUST_HEADLESS", "true")
    assert read("").headless
    assert not read("--headful").headless


def test_what_has_no_effect_is_named_with_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "locust.conf").write_text("class-picker = true\n")
    monkeypatch.setenv("LOCUST_WEB_BASE_PATH", "/here")
    picker, port, workers = sorted(read("--expect-workers 2").without_effect)[:3]
    assert picker.startswith("--class-picker (from ")
    assert picker.endswith("has no effect: classes are chosen by their names at the end of the "
                           "command line")  # fmt: skip
    assert port.startswith("--expect-workers has no effect: workers are started here")
    assert workers.startswith("--web-base-path (from LOCUST_WEB_BASE_PATH) has no effect: there")


def test_the_web_api_is_where_somebody_names_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read("").web_port is None
    assert read("").options.web_port == 8089
    assert read("--web-port 8089").web_port == 8089
    assert read("-P 8090 --headless").web_port is None
    monkeypatch.setenv("LOCUST_WEB_PORT", "9000")
    assert read("").web_port == 9000


@pytest.mark.parametrize("option", ["--master", "--worker"])
def test_no_load_from_several_machines_yet(option: str) -> None:
    with pytest.raises(UsageError, match=f"{option}: load from several machines") as error:
        read(f"{option} --headless")
    assert error.value.exit_code == 2


def test_not_even_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCUST_MODE_WORKER", "true")
    with pytest.raises(UsageError, match=r"--worker \(from LOCUST_MODE_WORKER\): load from"):
        read("")


def test_a_history_needs_its_files() -> None:
    with pytest.raises(UsageError, match="'--csv-full-history' requires '--csv'"):
        read("--csv-full-history")
