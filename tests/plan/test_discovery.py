from __future__ import annotations

from pathlib import Path

from loadtui.plan.discovery import plan_files


def test_plans_are_found_and_other_toml_is_not(tmp_path: Path) -> None:
    (tmp_path / "scenarios" / "demo").mkdir(parents=True)
    for name in ("scenarios/b.toml", "scenarios/a.toml", "scenarios/demo/c.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / "own.toml").write_text('locustfile = "x.py"\n')
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "torn.toml").write_text("[[\n")
    names = [path.relative_to(tmp_path).as_posix() for path in plan_files(tmp_path)]
    assert names == ["scenarios/a.toml", "scenarios/b.toml", "scenarios/demo/c.toml", "own.toml"]
