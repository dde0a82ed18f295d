"""A run in which some twenty kinds of secrets stand wherever they can: none is written or shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from loadtui.store.manifest import Validity
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from tests.support.command import Outcome, Running, Write, command
from tests.support.github_server import GitHub
from tests.support.planted_secrets import (
    CONF,
    HEADERS,
    KNOWN,
    LOCUSTFILE,
    TYPED,
    leaks,
    plan_of,
    seen_in_ps,
    written,
)

FILES = ["--markdown", "r.md", "--html", "r.html", "--junit", "r.xml", "--csv", "r", "--github"]


@pytest.mark.parametrize("reports", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_no_secret_is_written_or_shown(
    project: Path, write: Write, state: Path, shop: str, *, reports: bool
) -> None:
    plan = plan_of(write, shop, "4s" if reports else "2s")
    arguments = ["run", plan, "--no-ui", "--json", "-", "--note", f"as {KNOWN['variable']}"]
    arguments += ["--tag", f"as {KNOWN['variable']}"]
    arguments += ["--processes", "2", *FILES] if reports else ["--processes", "1"]
    env = {"GITHUB_STEP_SUMMARY": str(project / "summary.md")}
    with Running(project, *arguments, "--", *TYPED, env=env) as running:
        running.until_running()
        said = [("ps", seen_in_ps(state, but=running.pid))]
        mark = command(project, "mark", f"MARK {KNOWN['variable']} Cookie: sid=canary-cookie-18")
        said += [(f"{name}, while it runs", data) for name, data in written(project / ".loadtui")]
        outcome = running.wait()
    others = list(_of_run(project, plan, outcome.run)) if reports else []
    for one in (outcome, mark, *others):
        said += [("stdout", one.stdout.encode()), ("stderr", one.stderr.encode())]
    files = [*written(project), *written(state)]
    for word in ("PRINTED", "COMPLAINED", "LOGGED", "MARK", "TOLD", "RAISED", "LISTENER", "***"):
        assert word in outcome.log + outcome.stdout, word
    assert len(files) > (20 if reports else 8)
    assert leaks(said + files) == ""


def _of_run(project: Path, plan: str, stored: Run) -> Iterator[Outcome]:
    """What other commands make of it, and what GitHub was told."""
    run = stored.id
    # However busy the machine is; and as if nothing had failed, for a baseline.
    manifest = stored.manifest
    totals = msgspec.structs.replace(manifest.totals, failures=0, exceptions=0)
    manifest = msgspec.structs.replace(
        manifest, validity=Validity(True), exit_code=1, totals=totals
    )
    write_manifest(stored.folder, manifest)
    yield command(project, "runs", "show", run)
    yield command(project, "runs", "list", "--json")
    yield command(project, "runs", "export", run, "-o", "runs.tar")
    yield command(project, "runs", "note", run, f"noted {KNOWN['variable']}")
    yield command(project, "runs", "tag", run, f"+tagged {KNOWN['variable']}")
    yield command(project, "report", run, "-o", "again.json")
    yield command(project, "report", run, "-o", "again.html")
    yield command(project, "status")
    yield command(project, "status", "--format", "json")
    yield command(project, "check", plan, "--", *TYPED)
    yield command(project, "baseline", "promote", run, "--force")
    assert (project / "baselines" / "shop.json").exists()
    yield command(project, "baseline", "show", "shop")
    yield command(project, "issue", run, "--dry-run")
    with GitHub() as github:
        yield command(project, "issue", run, env=github.environ())
        assert github.issues
        yield Outcome(0, repr(github.issues), "")


@pytest.mark.thorough
def test_under_the_command_line_of_locust(
    project: Path, write: Write, state: Path, shop: str
) -> None:
    known = [KNOWN[kind] for kind in KNOWN if kind.startswith("plan ")]
    own = dict(zip(("--db-password", "--pin", "--api-key"), known, strict=True))
    arguments = ["locust", "-f", "shop.py", "--headless", "-H", f"http://{shop}", "-t", "2s"]
    arguments += ["--logfile", "locust.log", "--csv", "c", "--html", "l.html", "--json-file", "j"]
    with Running(
        project, *arguments, *TYPED, *(w for pair in own.items() for w in pair)
    ) as running:
        running.until_running()
        said = [("ps", seen_in_ps(state, but=running.pid))]
        outcome = running.wait()
    said += [("stdout", outcome.stdout.encode()), ("stderr", outcome.stderr.encode())]
    assert "LOGGED" in (project / "locust.log").read_text()
    assert "TOLD" in (project / "c_failures.csv").read_text()
    assert leaks([*said, *written(project), *written(state)]) == ""


REFUSALS = {
    "import": ("raise ValueError('REFUSED ' + ALL)", []),
    "init listener": (
        "events.init.add_listener(lambda **_: [][len('REFUSED ' + ALL)])\n"
        "events.init.add_listener(lambda **_: ALL.REFUSED)",
        [],
    ),
    "sys.exit": ("sys.exit('REFUSED ' + ALL)", []),
    "an option of locust.conf": (
        "@events.init_command_line_parser.add_listener\n"
        "def _(parser):\n"
        "    parser.add_argument('--card-no', is_secret=True, type=int, metavar='REFUSED')",
        [],
    ),
    "an argument of another type": (
        "@events.init_command_line_parser.add_listener\n"
        "def _(parser):\n"
        "    parser.add_argument('--card', is_secret=True, type=int, metavar='REFUSED')",
        ["--card", "canary-typed-card-23"],
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize(
    "words", [("--debug", "run"), ("--debug", "check"), ("locust",)], ids=" ".join
)
def test_a_run_that_does_not_start(
    project: Path, write: Write, state: Path, shop: str, refusal: str, words: tuple[str, ...]
) -> None:
    code, own = REFUSALS[refusal]
    text = LOCUSTFILE.format(known=list(KNOWN.values()), headers=HEADERS)
    write(f"{dedent(text)}\n{code}\n", "shop.py")
    if refusal == "an option of locust.conf":
        write(f"{CONF}card-no = canary-typed-card-23\n", "locust.conf")
    if words == ("locust",):
        arguments = [
            "locust",
            "-f",
            "shop.py",
            "--headless",
            "-H",
            f"http://{shop}",
            "-t",
            "1s",
            *TYPED,
            *own,
        ]
    else:
        plan = plan_of(write, shop, "2s")
        arguments = [*words, plan, *(["--no-ui"] if "run" in words else []), "--", *TYPED, *own]
    outcome = command(project, *arguments)
    assert outcome.code != 0 or words[-1] == "check", outcome
    said = [("stdout", outcome.stdout.encode()), ("stderr", outcome.stderr.encode())]
    unknown = {kind for kind in KNOWN if kind.startswith("plan ") and words == ("locust",)}
    if refusal in ("import", "sys.exit"):
        unknown |= {kind for kind in KNOWN if "declared" in kind or "option " in kind}
    assert leaks([*said, *written(project), *written(state)], unknown) == ""
