"""The schema of plans takes every good one, and of wrong ones what the reader refuses too."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from loadtui.errors import UsageError
from loadtui.plan.file_shape import PLAN_TABLES, PlanFile
from loadtui.plan.plan_schema import plan_schema
from loadtui.plan.toml import load_plan
from loadtui.plan.units import (
    CHANGE_PATTERN,
    DURATION_PATTERN,
    format_duration,
    parse_change,
    parse_duration,
)

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = Draft202012Validator(plan_schema())
STAGE = '[[stage]]\nusers = 10\nspawn_rate = 1\nduration = "5m"\n'
LOCUSTFILE = 'locustfile = "lf.py"\n'


def faults(text: str) -> list[str]:
    return [fault.message for fault in VALIDATOR.iter_errors(tomllib.loads(text))]


def documented_plans() -> list[str]:
    """Plans in TOML on the pages, and those that lie in scenarios/."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    blocks = [b for page in pages for b in re.findall(r"```toml\n(.*?)```", page.read_text(), re.S)]
    plans = [path.read_text() for path in sorted((ROOT / "scenarios").glob("*.toml"))]
    return plans + [block for block in blocks if re.search(r"^locustfiles? =", block, re.M)]


def test_it_is_a_schema_and_names_every_key_of_the_reader() -> None:
    schema = plan_schema()
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(PlanFile.__struct_fields__)
    for kind in PLAN_TABLES.values():
        part = schema["$defs"][kind.__name__]
        assert set(part["properties"]) == set(kind.__struct_fields__)
    parts = [schema, *schema["$defs"].values()]
    told = [its.get("description") for part in parts for its in part["properties"].values()]
    assert all(told)


def test_every_plan_that_is_shown_or_shipped_is_valid() -> None:
    plans = documented_plans()
    assert len(plans) > 4
    assert {text: faults(text) for text in plans if faults(text)} == {}


GOOD = [
    "",
    "#:schema plan.schema.json\n" + STAGE,
    'name = "게이트웨이 v1.2"',
    'user_classes = ["A"]\nhosts = {A = "http://a"}\nargs = {a = 1, b = 0.5, c = true, d = "${X}"}',
    'stop_timeout = 2.5\ngive_up = "never"\nallow_exceptions = true\ntags = ["a"]',
    'stop_timeout = " 250ms "\ngive_up = 90',
    STAGE.replace("10", "{A = 8, B = 0}"),
    STAGE.replace('"5m"', "90.0"),
    STAGE + '[[threshold]]\ncheck = " error_rate<0.1% "\nabort = true\nstage = "S*"',
    '[[threshold]]\ncheck = "tokens.rate >= 10"\nendpoint = "POST /v1/*"',
    '[[tolerance]]\nmetric = "p95"\nwarn = "+25%"\nfail = "50 %"',
    '[[tolerance]]\nmetric = "p99.9"\nundecided = "fail"',
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_reader_takes_it_takes(text: str, tmp_path: Path) -> None:
    (tmp_path / "lf.py").write_text("")
    path = tmp_path / "plan.toml"
    comment, _, rest = text.partition("\n") if text.startswith("#") else ("", "", text)
    path.write_text(f"{comment}\n{LOCUSTFILE}{rest}")
    load_plan(path)
    assert faults(LOCUSTFILE + text) == []


WRONG = [
    "hsot = 1",
    "host = 5",
    'tags = "x"',
    "tags = [1]",
    "args = {a = [1]}",
    'stop_timeout = "soon"',
    'give_up = "always"',
    "give_up = -1",
    "allow_exceptions = 1",
    'name = "a/b"',
    'name = ".hidden"',
    'name = " "',
    'locustfiles = ["lf.py"]',
    "stage = 5",
    "[stage]\nusers = 1",
    "[[stage]]\nusers = 1\nspawn_rate = 1",
    STAGE + "user = 1",
    STAGE.replace("10", '"ten"'),
    STAGE.replace("10", "true"),
    STAGE.replace("10", "1.5"),
    STAGE.replace("10", "0"),
    STAGE.replace("10", "{}"),
    STAGE.replace("10", "1000001"),
    STAGE.replace("spawn_rate = 1", "spawn_rate = 0"),
    STAGE.replace('"5m"', '"5 minutes"'),
    STAGE.replace('"5m"', "0"),
    STAGE.replace('"5m"', "1.5"),
    STAGE + 'name = " "',
    "[[threshold]]\nabort = true",
    '[[threshold]]\ncheck = "p95"',
    '[[threshold]]\ncheck = "p95 =< 2s"',
    '[[threshold]]\ncheck = "p95 <"',
    '[[threshold]]\ncheck = "< 2s"',
    '[[tolerance]]\nmetric = "p95"\nfail = "50"',
    '[[tolerance]]\nmetric = "p95"\nundecided = "maybe"',
    '[[tolerance]]\nmetric = ""\nfail = "+50%"',
    '[[tolerance]]\nmetric = " "\nwarn = "+50%"',
    'user_classes = ["A", "A"]',
]


@pytest.mark.parametrize("text", WRONG)
def test_both_refuse(text: str, tmp_path: Path) -> None:
    (tmp_path / "lf.py").write_text("")
    path = tmp_path / "plan.toml"
    path.write_text(LOCUSTFILE + text)
    with pytest.raises(UsageError):
        load_plan(path)
    assert faults(LOCUSTFILE + text)


@pytest.mark.parametrize("text", ["", "locustfile = ''", "locustfile = []", "locustfiles = ['']"])
def test_a_plan_needs_a_locustfile(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(UsageError):
        load_plan(tmp_path / "plan.toml")
    assert faults(text)


def reads(parse: Any, text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


@given(st.text("0159.hmsu% +-p", max_size=9) | st.floats(0, 1e6).map(format_duration))
def test_patterns_refuse_nothing_that_is_read(text: str) -> None:
    assert not reads(parse_duration, text) or re.search(DURATION_PATTERN, text)
    assert not reads(parse_change, text) or re.search(CHANGE_PATTERN, text)


VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "-1",
            "0",
            "0.5",
            "2.0",
            "true",
            '"x"',
            '"5m"',
            '" 5m "',
            '"+5%"',
            '"p95 < 2s"',
            "inf",
            '"warn"',
            '"a/b"',
            '"never"',
            "1979-05-27",
            '""',
            "[]",
            "{}",
            '"lf.py"',
            '"${X}"',
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda v: f"[{', '.join(v)}]")
        | inner.map(lambda v: f"{{a = {v}}}")
    ),
    max_leaves=3,
)
GOOD_ROWS = {
    "stage": {"users": "1", "spawn_rate": "1", "duration": "5"},
    "threshold": {"check": '"p95 < 2s"'},
    "tolerance": {"metric": '"p95"', "fail": '"+50%"'},
}


@settings(max_examples=300)
@given(table=st.sampled_from(["", *GOOD_ROWS]), value=VALUES, data=st.data())
def test_nothing_is_refused_that_is_read(
    table: str, value: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kind = PLAN_TABLES.get(table, PlanFile)
    key = data.draw(st.sampled_from(kind.__struct_fields__))
    if table:
        row = {**GOOD_ROWS[table], key: value}
        rows = "".join(f"{name} = {written}\n" for name, written in row.items())
        text = f"{LOCUSTFILE}[[{table}]]\n{rows}"
    else:
        text = ("" if key.startswith("locustfile") else LOCUSTFILE) + f"{key} = {value}\n"
    folder = tmp_path_factory.getbasetemp()
    (folder / "lf.py").write_text("")
    (folder / "any.toml").write_text(text)
    try:
        load_plan(folder / "any.toml")
    except UsageError:
        return
    assert faults(text) == [], text
