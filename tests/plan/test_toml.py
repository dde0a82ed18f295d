from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.plan.file_shape import PlanFile
from loadtui.plan.model import Plan, Stage, Threshold, Tolerance
from loadtui.plan.toml import load_plan

STAGE = '[[stage]]\nname = "{}"\nusers = 10\nspawn_rate = 1\nduration = "5m"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lf.py").write_text("")
    return tmp_path


def load(folder: Path, text: str, name: str = "gateway.toml") -> Plan:
    path = folder / name
    path.write_bytes(text.encode())
    return load_plan(path)


def refusal(folder: Path, text: str, *, base: str = 'locustfile = "lf.py"\n') -> str:
    """The message without the file's path, which it must start with."""
    with pytest.raises(UsageError) as refused:
        load(folder, base + text)
    message = str(refused.value)
    start = str(folder / "gateway.toml")
    assert message.startswith(start)
    assert "\n" not in message
    return message[len(start) :].removeprefix(": ")


@pytest.mark.parametrize("key", ["locustfile", "locustfiles"])
def test_several_locustfiles(key: str, folder: Path) -> None:
    (folder / "two.py").write_text("")
    plan = load(folder, f"{key} = ['two.py', 'lf.py']\n")
    assert plan.locustfiles == (str(folder / "two.py"), str(folder / "lf.py"))


def test_a_whole_plan(folder: Path) -> None:
    (folder / "two.py").write_text("")
    text = """
locustfiles = ["lf.py", "../FOLDER/two.py"]
user_classes = ["A", "B"]
host = "http://127.0.0.1:8000"
hosts = {B = "http://b"}
tags = ["t"]
exclude_tags = ["x"]
args = {think = "2-5", n = 3, f = 0.5, on = true}
stop_timeout = "2500ms"
allow_exceptions = true
[[stage]]
name = "L1"
users = {A = 8, B = 2}
spawn_rate = 1
duration = "5m"
[[stage]]
users = 0x32
spawn_rate = 2.5
duration = 90
[[threshold]]
stage = "L*"
endpoint = "POST /v1/*"
check = "p95 < 2s"
abort = true
[[tolerance]]
metric = "ttft.p95"
warn = "+25%"
fail = "+50%"
stage = "S2"
"""
    plan = load(folder, text.replace("FOLDER", folder.name))
    assert plan == Plan(
        name="gateway",
        locustfiles=(str(folder / "lf.py"), str(folder / "two.py")),
        source=str(folder / "gateway.toml"),
        user_classes=("A", "B"),
        host="http://127.0.0.1:8000",
        hosts={"B": "http://b"},
        tags=("t",),
        exclude_tags=("x",),
        args={"think": "2-5", "n": 3, "f": 0.5, "on": True},
        stages=(Stage("L1", {"A": 8, "B": 2}, 1, 300), Stage("S2", 50, 2.5, 90)),
        thresholds=(Threshold("p95 < 2s", "L*", "POST /v1/*", abort=True),),
        tolerances=(Tolerance("ttft.p95", fail="+50%", warn="+25%", stage="S2"),),
        stop_timeout_s=2.5,
        allow_exceptions=True,
    )


def test_bom_crlf_and_korean_names(folder: Path) -> None:
    (folder / "부하.py").write_text("")
    text = '\ufefflocustfile = "부하.py"\r\n' + STAGE.format("낮음").replace("\n", "\r\n")
    plan = load(folder, text, "게이트웨이 계획.toml")
    assert (plan.name, plan.stages[0].name) == ("게이트웨이 계획", "낮음")
    assert plan.locustfiles == (str(folder / "부하.py"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('host = "a"\nhost = "b"', ":3: not valid TOML: Cannot overwrite a value"),
        ("tags = [", ":2: not valid TOML: "),
        ("stage = " + "9" * 5000, "not valid TOML: a number has too many digits"),
        ("hsot = 1", "hsot: unknown key, did you mean host?"),
        ("[[stages]]", "stages: unknown key, did you mean stage?"),
        (
            STAGE.format("A") + "user = 1",
            '(stage "A"): unknown key, did you mean users?',
        ),
        ("[[threshold]]\nchek = 'p95 < 1s'", "threshold[0].chek: unknown key, did you mean check?"),
        ("host = 5", "host: found 5, expected a base URL"),
        ("tags = 'x'", 'tags: found "x", expected a list of strings'),
        ("tags = [1]", "tags[0]: found 1, expected a list of strings"),
        ("args = {a = [1], b = true}", 'args: found {a = "***", b = true}, expected a table of'),
        ("stop_timeout = 'soon'", 'stop_timeout: found "soon", expected a duration'),
        ("allow_exceptions = 1", "allow_exceptions: found 1, expected true or false"),
        ("name = 'a/b'", 'name: found "a/b", expected a name that can be part of a file\'s name'),
        ("locustfiles = ['x.py']", "locustfiles: there is a locustfile too"),
        ("stage = 5", "stage: found 5, expected tables that start with [[stage]]"),
        (
            "[stage]\nusers = 1",
            "stage: found {users = 1}, expected tables that start with [[stage]]",
        ),
        ("[[stage]]\nusers = 1\nspawn_rate = 1", "stage[0].duration: nothing, expected a duration"),
        ("[[threshold]]\nabort = true", "threshold[0].check: nothing, expected a string such as"),
        ("user_classes = ['A', 'A']", "user_classes[1]: A is listed twice"),
        (
            "user_classes = ['Anna']\nhosts = {Ana = 'http://x'}",
            "hosts.Ana: Ana is not one of the plan's user_classes, did you mean Anna?",
        ),
    ],
)
def test_refuses(text: str, message: str, folder: Path) -> None:
    assert message in refusal(folder, text)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("users", '"ten"', '.users (stage "L2"): found "ten", expected a number of users, or'),
        ("users", "true", "found true, expected a number of users"),
        ("users", "1.5", "found 1.5, expected a number of users"),
        ("users", "-1", "found -1, expected a number of users, 0 to 1000000"),
        ("users", "1000001", "found 1000001, expected a number of users, 0 to 1000000"),
        ("users", "9" * 400, "expected a number of users, 0 to 1000000"),
        ("users", "0", "found 0, expected at least one user"),
        ("users", "{A = 0}", "found {A = 0}, expected at least one user"),
        ("users", "{}", "expected at least one user"),
        ("users", "{A = -2}", '.users.A (stage "L2"): found -2, expected a number of users, 0 to'),
        ("spawn_rate", "0", "found 0, expected the users to start a second, a number above 0"),
        ("spawn_rate", "inf", "found inf, expected the users to start"),
        ("spawn_rate", "nan", "found nan, expected the users to start"),
        ("duration", '"5 min"', 'found "5 min", expected a duration in whole seconds'),
        ("duration", '"0s"', 'found "0s", expected a duration in whole seconds'),
        ("duration", '"1.5s"', 'found "1.5s", expected a duration in whole seconds'),
        ("duration", "-5", "found -5, expected a duration in whole seconds"),
        ("name", '"L1"', 'stage[1].name (stage "L1"): found "L1", expected a name that no other'),
        ("name", '" "', "expected a name"),
    ],
)
def test_refuses_in_the_second_stage(key: str, value: str, message: str, folder: Path) -> None:
    stage = {"name": '"L2"', "users": "1", "spawn_rate": "1", "duration": "'1m'"} | {key: value}
    text = STAGE.format("L1") + "[[stage]]\n" + "".join(f"{k} = {v}\n" for k, v in stage.items())
    sentence = refusal(folder, text)
    assert sentence.startswith(f"stage[1].{key}")
    assert message in sentence


def test_names_given_and_made_must_not_meet(folder: Path) -> None:
    unnamed = STAGE.format("x").replace('name = "x"\n', "")
    sentence = refusal(folder, STAGE.format("S2") + unnamed)
    assert sentence.startswith('stage[1].name: found "S2", expected a name that no other stage has')


@pytest.mark.parametrize("metric", ["p95", "p99.9", "rps"])
def test_undecided_may_be_all_that_a_tolerance_says(folder: Path, metric: str) -> None:
    """The metric's default limits hold then."""
    tolerance = f"[[tolerance]]\nmetric = '{metric}'\nundecided = 'fail'"
    text = "locustfile = 'lf.py'\n" + STAGE.format("L1") + tolerance
    assert load(folder, text).tolerances == (Tolerance(metric, undecided="fail"),)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[[threshold]]\ncheck = 'p95 <> 1s'", "threshold[0].check: "),
        ("[[threshold]]\ncheck = 'p100 < 1s'", "a percentile above p0 and below p100"),
        (
            "[[threshold]]\nstage = 'L3'\ncheck = 'rps > 1'",
            'threshold[0].stage: found "L3", expected one of the plan\'s stages: L1',
        ),
        ("[[tolerance]]\nmetric = 'p95'", "tolerance[0]: nothing to hold it to"),
        (
            "[[tolerance]]\nmetric = 'p95'\nundecided = 'maybe'",
            'tolerance[0].undecided: found "maybe", expected "fail" or "warn"',
        ),
        (
            "[[tolerance]]\nmetric = 'ttft.p95'\nundecided = 'fail'",
            "tolerance[0]: nothing to hold it to",
        ),
        ("[[tolerance]]\nmetric = 'p95'\nfail = '50'", 'tolerance[0].fail: found "50", expected a'),
        ("[[tolerance]]\nmetric = 'p100'\nfail = '5%'", "tolerance[0].metric: "),
        ("[[tolerance]]\nmetric = 'p95'\nfail = '5%'\nstage = 'X*'", "tolerance[0].stage: "),
    ],
)
def test_refuses_promises(table: str, message: str, folder: Path) -> None:
    assert message in refusal(folder, STAGE.format("L1") + table)


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("", "locustfile: nothing, expected the path of a locustfile"),
        ("locustfile = ''", "expected the path of a locustfile"),
        ("locustfile = ['lf.py', 'no.py']", 'locustfile[1]: no such file "no.py"'),
        ("locustfiles = []", "locustfiles: found [], expected the path of a locustfile"),
        ("locustfile = 'no.py'", 'locustfile: no such file "no.py" beside the plan'),
        ("locustfiles = ['lf.py', 'no.py']", 'locustfiles[1]: no such file "no.py"'),
    ],
)
def test_refuses_locustfiles(base: str, message: str, folder: Path) -> None:
    assert message in refusal(folder, "", base=base)


def test_refuses_what_is_no_plan(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.toml: no such plan"):
        load_plan(folder / "nowhere.toml")
    with pytest.raises(UsageError, match="the plan cannot be read"):
        load_plan(folder)
    (folder / "latin.toml").write_bytes(b'host = "\xe9"')
    with pytest.raises(UsageError, match="not UTF-8"):
        load_plan(folder / "latin.toml")


VALUES = st.recursive(
    st.sampled_from(["1", "-1", "0.5", "true", '"x"', '"5m"', "nan", "1979-05-27", '""']),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda v: f"[{', '.join(v)}]")
        | inner.map(lambda v: f"{{a = {v}}}")
    ),
    max_leaves=3,
)


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(PlanFile.__struct_fields__),
    value=VALUES,
)
def test_any_value_is_taken_or_refused_in_a_sentence(
    key: str, value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "lf.py").write_text("")
    base = "" if key.startswith("locustfile") else 'locustfile = "lf.py"\n'
    try:
        assert isinstance(load(folder, f"{base}{key} = {value}\n"), Plan)
    except UsageError as refused:
        sentence = str(refused)
        assert f"gateway.toml: {key}" in sentence
