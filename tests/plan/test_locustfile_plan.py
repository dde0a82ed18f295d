"""A plan for files that are run without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.locustfile_plan import plan_for_locustfiles


def test_it_is_named_after_its_first_file_and_keeps_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.py").symlink_to("shop.py")
    plan = plan_for_locustfiles(["link.py", "sub/../other.py"], ["Anna"])
    assert plan.name == "link"
    assert plan.locustfiles == (str(tmp_path / "link.py"), str(tmp_path / "other.py"))
    assert plan.user_classes == ("Anna",)
    assert plan.stages == ()


def test_a_file_without_a_name() -> None:
    assert plan_for_locustfiles(["/"]).name == "locustfile"
