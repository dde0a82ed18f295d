"""In what two loads differ, told in sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.fingerprint_parts import FingerprintParts, fingerprint_parts, unpacked_statements
from loadtui.plan.load_differences import load_differences
from loadtui.plan.model import Flags, Plan, Stage
from loadtui.plan.resolve import scaled

SOURCE = '''"""Words."""
from locust import FastHttpUser, constant, task
import helper

class ApiUser(FastHttpUser):
    wait_time = constant(1)

    @task(3)
    def ask(self):
        if helper.on:
            self.client.get("/a")
        else:
            self.client.get(
                "/b",
                name="b",
            )
'''
STAGES = (Stage("L1", 10, 1.0, 60.0), Stage("L2", {"ApiUser": 8, "Other": 2}, 5.0, 120.0))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "api.py").write_text(SOURCE)
    (tmp_path / "helper.py").write_text("on = True\n")
    return Plan("api", (str(tmp_path / "api.py"),), stages=STAGES, args={"think": "2-5"})


def changed(plan: Plan, **fields: Any) -> Plan:
    return msgspec.structs.replace(plan, **fields)


def edit(plan: Plan, change: Callable[[str], str]) -> list[str]:
    """What is told after a change of the locustfile."""
    before = fingerprint_parts(plan)
    path = Path(plan.locustfiles[0])
    path.write_text(change(path.read_text()))
    return load_differences(before, fingerprint_parts(plan), plan.locustfiles)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"stages": (Stage("L1", 10, 1.0, 30.0), STAGES[1])},
         ["length of stage L1: 30s, in the base 1m"]),
        ({"stages": (Stage("L1", 12, 1.0, 60.0), STAGES[1])},
         ["users of stage L1: 12, in the base 10"]),
        ({"stages": (Stage("L1", 10, 2.0, 60.0), STAGES[1])},
         ["spawn rate of stage L1: 2/s, in the base 1/s"]),
        ({"stages": (STAGES[0], Stage("L2", {"ApiUser": 9, "Other": 2}, 5.0, 120.0))},
         ["users of stage L2: 9 ApiUser + 2 Other, in the base 8 ApiUser + 2 Other"]),
        ({"stages": (STAGES[0], Stage("L3", 1, 1.0, 1.0))},
         ["stage L3 is not in the base", "stage L2 is only in the base"]),
        ({"stages": STAGES[::-1]}, ["the stages come in another order"]),
        ({"args": {"think": "1-2"}}, ['argument think: "1-2", in the base "2-5"']),
        ({"args": {}}, ["argument think is only given in the base"]),
        ({"args": {"think": "2-5", "rows": 3}}, ["argument rows is not given in the base"]),
        ({"user_classes": ("ApiUser",)}, ["user classes: ApiUser, in the base not given"]),
        ({"tags": ("slow",)}, ["tags: slow, in the base not given"]),
        ({"exclude_tags": ("slow",)}, ["excluded tags: slow, in the base not given"]),
        ({"name": "other", "host": "http://x"}, []),
    ],
)  # fmt: skip
def test_each_part_is_told(plan: Plan, fields: dict[str, Any], told: list[str]) -> None:
    other = changed(plan, **fields)
    assert load_differences(fingerprint_parts(plan), fingerprint_parts(other)) == told
    assert (fingerprint(plan) != fingerprint(other)) is bool(told)


def test_what_another_time_scale_makes_is_told_once(plan: Plan) -> None:
    whole = fingerprint_parts(plan)
    for factor in (0.05, 0.013, 3.0):
        shorter = fingerprint_parts(scaled(plan, factor))
        assert load_differences(whole, shorter) == [f"time scale: {factor:g}, in the base 1"]
        assert load_differences(shorter, whole) == [f"time scale: 1, in the base {factor:g}"]
    longer = changed(plan, stages=(Stage("L1", 10, 1.0, 90.0), STAGES[1]))
    assert load_differences(whole, fingerprint_parts(scaled(longer, 0.5))) == [
        "time scale: 0.5, in the base 1",
        "length of stage L1: 45s, in the base 1m",
    ]


def test_flags_and_arguments_of_the_command_line(plan: Plan) -> None:
    before = fingerprint_parts(plan, Flags(10, 2.0, 60.0), ["--think", "1-2", "--rows=3", "-v"])
    after = fingerprint_parts(plan, Flags(20, 2.0, 30.0), ["--think", "1", "2", "--cold-start"])
    assert load_differences(before, after) == [
        "-u: 20, in the base 10",
        "-t: 30s, in the base 1m",
        "argument cold_start is not given in the base",
        "argument rows is only given in the base",
        'argument think: "1 2", in the base "1-2"',
        "argument v is only given in the base",
    ]


def test_secrets_are_neither_saved_nor_told(plan: Plan) -> None:
    before = fingerprint_parts(changed(plan, args={"api_key": "sk-old", "max_tokens": 5}))
    after = fingerprint_parts(plan, locust_args=["--api-key", "sk-new", "--max-tokens", "8"])
    assert b"sk-" not in msgspec.json.encode([before, after])
    assert load_differences(before, after)[:2] == [
        "argument api_key has another value than in the base",
        'argument max_tokens: "8", in the base "5"',
    ]
    told = edit(plan, lambda text: text.replace("constant(1)", "constant(2), API_KEY == 'sk-x'"))
    assert told == ["api.py line 6 differs"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("constant(1)", "constant(2)", "api.py line 6 differs: wait_time = constant(2)"),
        ("@task(3)", "@task(4)", "api.py line 8 differs: @task(4)"),
        ("ask(self)", "ask(self, x=1)", "api.py line 9 differs: def ask(self, x=1):"),
        ("if helper.on", "if not helper.on", "api.py line 10 differs: if not helper.on:"),
        ('"/a"', '"/c"', 'api.py line 11 differs: self.client.get("/c")'),
        ('name="b"', 'name="c"', "api.py lines 13 to 16 differ: self.client.get("),
        ("import helper", "import helper\nimport os",
         "api.py line 4 not in the base: import os"),
        ("    wait_time = constant(1)\n", "",
         "api.py no longer has what is in line 6 of the base"),
        ('"""Words."""\n', '"""Words,\nand more."""\nX = 1\n',
         "api.py line 3 not in the base: X = 1"),
    ],
)  # fmt: skip
def test_the_line_that_differs(plan: Plan, old: str, new: str, told: str) -> None:
    assert edit(plan, lambda text: text.replace(old, new)) == [told]


def test_of_several_lines_the_first_is_told_and_the_rest_counted(plan: Plan) -> None:
    def change(text: str) -> str:
        moved = f"# a comment\n{text}"
        return moved.replace("constant(1)", "constant(2)").replace('"/a"', '"/c"')

    assert edit(plan, change) == [
        "api.py line 7 differs from line 6 of the base: wait_time = constant(2) (and 1 more line)"
    ]


def test_format_and_comments_make_no_difference(plan: Plan) -> None:
    assert (
        edit(plan, lambda text: f"# words\n\n{text}".replace("constant(1)", "constant( 1 )")) == []
    )


def test_modules_beside_the_locustfile(plan: Plan, tmp_path: Path) -> None:
    before = fingerprint_parts(plan)
    (tmp_path / "helper.py").write_text("on = False\n")
    (tmp_path / "api.py").rename(tmp_path / "renamed.py")
    now = changed(plan, locustfiles=(str(tmp_path / "renamed.py"),))
    after = fingerprint_parts(now)
    assert load_differences(before, after, now.locustfiles) == [
        "helper.py line 1 differs: on = False"
    ]
    (tmp_path / "renamed.py").write_text(SOURCE.replace("import helper", "helper = 1"))
    alone = load_differences(before, fingerprint_parts(now), now.locustfiles)
    assert alone[-1] == "helper.py is only imported in the base"


def test_a_file_that_is_gone_or_another_one_now_is_not_quoted(plan: Plan) -> None:
    before = fingerprint_parts(plan)
    path = Path(plan.locustfiles[0])
    path.write_text(SOURCE.replace("constant(1)", "constant(2)"))
    after = fingerprint_parts(plan)
    path.write_text("x = 1\n")
    assert load_differences(before, after, plan.locustfiles) == ["api.py line 6 differs"]
    path.unlink()
    assert load_differences(before, after, plan.locustfiles) == ["api.py line 6 differs"]


def test_what_is_no_python_differs_as_a_whole(plan: Plan) -> None:
    assert edit(plan, lambda text: "((") == ["api.py differs", *[
        "helper.py is only imported in the base"]]  # fmt: skip


def test_parts_are_small_and_survive_being_saved(plan: Plan) -> None:
    path = Path(plan.locustfiles[0])
    path.write_text("\n".join(f"x{n} = {n}" for n in range(300)))
    parts = fingerprint_parts(plan)
    data = msgspec.json.encode(parts)
    assert len(data) < 4_000
    assert msgspec.json.decode(data, type=FingerprintParts) == parts
    assert [one.first for one in unpacked_statements(parts.sources[0])] == [*range(1, 301)]
    damaged = msgspec.structs.replace(parts.sources[0], statements="!")
    assert unpacked_statements(damaged) == []
    path.write_text("x = 1\n" * 5_001)
    assert fingerprint_parts(plan).sources[0].statements == ""
