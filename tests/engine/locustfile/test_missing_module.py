from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.engine.locustfile.missing_module import missing_module

INSTALL = "is missing, install it into the environment that loadtui runs in: pip install "


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (".git/HEAD", "load/locustfile.py", "shop/lib/cart.py", "shop/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    return tmp_path


def advice(project: Path, name: str, here: str = ".") -> str:
    return missing_module(name, project / "load" / "locustfile.py", project / here)


@pytest.mark.parametrize(
    ("name", "distribution"),
    [
        ("faker", "faker"),
        ("yaml", "PyYAML"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.protobuf", "protobuf"),
        ("paho.mqtt", "paho-mqtt"),
        ("a_module.below", "a_module"),
    ],
)
def test_what_the_index_has_is_installed(project: Path, name: str, distribution: str) -> None:
    assert advice(project, name) == f"{INSTALL}{distribution}"


def test_as_the_project_asks_for_it(project: Path) -> None:
    (project / "load" / "requirements.txt").write_text("locust\npyyaml-include\n")
    assert advice(project, "yaml") == f"{INSTALL}PyYAML"
    (project / "requirements-dev.txt").write_text("# tools\n  pyyaml>=6 ; python_version > '3'\n")
    assert advice(project, "yaml") == f"{INSTALL}-r requirements-dev.txt"
    assert advice(project, "yaml", "load") == f"{INSTALL}-r ../requirements-dev.txt"


@pytest.mark.parametrize(
    ("name", "here", "words"),
    [
        ("lib", ".", "lib/ is not beside it: it is in shop/; give the command there, or set"),
        ("lib", "load", "lib/ is not beside it: it is in ../shop/; give the command there"),
        ("shop", "load", "shop/ is not beside it: it is in ../; give the command there"),
        ("cart", ".", "cart.py is not beside it: it is in shop/lib/; give"),
    ],
)
def test_the_project_s_own_module_is_elsewhere(
    project: Path, name: str, here: str, words: str
) -> None:
    said = advice(project, name, here)
    assert said.startswith(f"is the project's own, but {words}")
    assert said.endswith(said.split("it is in ")[1].split("/;")[0])


def test_a_folder_without_modules_is_not_meant(project: Path) -> None:
    (project / "docs" / "faker").mkdir(parents=True)
    (project / "docs" / "faker" / "index.md").touch()
    assert advice(project, "faker") == f"{INSTALL}faker"


def test_names_that_are_a_project_s_own(project: Path) -> None:
    said = advice(project, "utils")
    assert said.startswith("is missing: utils/ (or utils.py) is not beside it, nor elsewhere in")
    assert "pip" not in said


def test_a_folder_beside_it_that_lacks_the_file(project: Path) -> None:
    (project / "load" / "lib").mkdir()
    assert advice(project, "lib.cart") == "is missing: there is no such file in load/lib/"
