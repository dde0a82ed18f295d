"""The live screen in a real terminal (tmux), of real runs: what it shows is what the host says and
what is kept, its keys do what they promise, and the terminal is left as it was found."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from loadtui.report.account.formatting import clock, count, latency, millis, percent_points, rate
from loadtui.samples.figures import Figures
from loadtui.store import run_lock
from loadtui.wire.client import Client
from loadtui.wire.messages import Snapshot
from tests.support.delay_server import DelayServer
from tests.support.project import Project, alive, snapshot
from tests.support.tools import need_tool
from tests.support.waiting import wait_until

LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Quick(FastHttpUser):
    wait_time = constant(0.05)

    @task(3)
    def get(self):
        self.client.get("/")

    @task
    def slow(self):
        self.client.get("/delay/0.02", name="/slow")
"""
PLAN = """
locustfile = "locustfile.py"
host = "{url}"

[[stage]]
name = "L1"
users = 4
spawn_rate = 100
duration = "2m"
"""
RECENT = 4
"""Snapshots, one a second: the screen shows one of the last of them."""


class Terminal:
    """A shell in a tmux server of its own, with a screen of so many cells."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        self._tmux = [need_tool("tmux"), "-L", f"loadtui-{uuid.uuid4().hex[:12]}", "-f/dev/null"]
        self._env = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR")}
        # A size that the environment claims is not that of the terminal.
        self._env |= {"LC_ALL": "C.UTF-8", "PS1": "$ ", "COLUMNS": "90", "LINES": "20"}
        self.folder = folder
        self.columns, self.rows = columns, rows
        size = ["-x", str(columns), "-y", str(rows)]
        self._do("new-session", "-d", *size, "-c", str(folder), "sh")

    def give(self, *arguments: str) -> None:
        """Type a command; its exit code appears in the end."""
        line = " ".join([sys.executable, "-m", "loadtui", *arguments])
        self.enter(f'clear; {line}; echo "code=$?"')

    def enter(self, line: str) -> None:
        self._do("send-keys", "-l", line)
        self.press("Enter")

    def press(self, *keys: str) -> None:
        self._do("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._do("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self, *, all_of_it: bool = False) -> list[str]:
        """Its lines without the blanks at their ends; those that were wrapped joined again."""
        past = ["-S", "-"] if all_of_it else []
        return [line.rstrip() for line in self._do("capture-pane", "-p", "-J", *past).split("\n")]

    def says(self, pattern: str) -> bool:
        return re.search(pattern, "\n".join(self.screen())) is not None

    def wait_for(self, pattern: str) -> None:
        self.wait_until(lambda: self.says(pattern), repr(pattern))

    def wait_while(self, pattern: str) -> None:
        self.wait_until(lambda: not self.says(pattern), f"no {pattern!r}")

    def wait_until(self, look: Callable[[], bool], what: str) -> None:
        try:
            wait_until(look, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.screen())) from None

    def exit_code(self) -> int:
        """That of the command, once it has ended."""
        self.wait_for(r"code=\d+")
        [code] = re.findall(r"code=(\d+)", "\n".join(self.screen(all_of_it=True)))
        return int(code)

    def modes(self) -> str:
        """Whether the alternate screen, any mouse reporting, the cursor are on."""
        asked = "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"
        return self._do("display-message", "-p", asked).strip()

    def settings(self, name: str) -> list[str]:
        """What `stty -a` says in this terminal; `name` is a file for it."""
        self.enter(f"stty -a > {name}.part; mv {name}.part {name}")
        path = self.folder / name
        wait_until(path.exists, "stty")
        return path.read_text().replace(";", " ").split()

    def command_pid(self) -> int:
        """Process of the command that was given."""
        shell = self._do("display-message", "-p", "#{pane_pid}").strip()
        [child] = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(child)

    def close(self) -> None:
        """As when its window is closed."""
        subprocess.run([*self._tmux, "kill-pane"], check=False, capture_output=True)
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)
        folder = Path(os.environ.get("TMUX_TMPDIR", "/tmp")) / f"tmux-{os.getuid()}"
        (folder / self._tmux[2]).unlink(missing_ok=True)

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            [*self._tmux, *words], env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"tmux {words}: {done.stderr}"
        return done.stdout


class SecondViewer:
    """Keeps the snapshots that the host publishes to everybody who watches."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[Snapshot] = []
        self._folder = folder
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), daemon=True)
        self._thread.start()

    async def _watch(self) -> None:
        client = await Client.connect(self._folder)
        async for one in client.snapshots():
            self.seen.append(one)
        await client.close()

    def newest(self) -> Snapshot:
        wait_until(lambda: bool(self.seen), "a snapshot")
        return self.seen[-1]

    def wait_for(self, wanted: Callable[[Snapshot], bool]) -> None:
        wait_until(lambda: wanted(self.newest()), "such a snapshot")


def table(screen: list[str]) -> dict[str, dict[str, str]]:
    """Endpoint table as shown: label -> column -> text."""
    start = next((at for at, line in enumerate(screen) if line.startswith(" endpoint")), None)
    if start is None:
        return {}
    heads = re.split(r"\s{2,}", screen[start].strip())[1:]
    shown = {}
    for line in screen[start + 1 :]:
        cells = re.split(r"\s{2,}", line.strip())
        label = " ".join(cells[: -len(heads)])
        shown[label] = dict(zip(heads, cells[-len(heads) :], strict=False))
        if label == "total":
            break
    return shown


def row(requests: int, failed: float, p50: float, p95: float, p99: float) -> dict[str, str]:
    return {
        "reqs": count(requests), "err %": percent_points(failed),
        "p50": millis(p50), "p95": millis(p95), "p99": millis(p99),
    }  # fmt: skip


def figures_row(figures: Figures, rps: float) -> dict[str, str]:
    p50, p95, p99 = figures.p50_ms, figures.p95_ms, figures.p99_ms
    assert p50 is not None
    assert p95 is not None
    assert p99 is not None
    made = row(figures.requests, figures.error_rate, p50, p95, p99)
    return {**made, "rps": rate(rps), "max": millis(figures.max_ms)}


def shows(screen: list[str], one: Snapshot) -> bool:
    """Whether the screen is that of this snapshot: time, users, last seconds, endpoints, total."""
    if not one.endpoints:  # the first ones, before anything has come back
        return False
    wanted = {f"{row.method} {row.name}": figures_row(row.figures, row.rps_now)
              for row in one.endpoints}  # fmt: skip
    wanted["total"] = figures_row(one.totals, one.now.rps)
    shown = table(screen)
    now = one.now
    text = "\n".join(screen)
    return (
        set(shown) == set(wanted)
        and all(wanted[name].items() <= shown[name].items() for name in wanted)
        and all(
            f"{head} {latency(value)} " in text
            for head, value in (("p50", now.p50_ms), ("p95", now.p95_ms), ("p99", now.p99_ms))
        )
        and f"{clock(one.elapsed_s)} / 02:00" in screen[0]
        and f" {count(one.users)} users" in screen[0]
    )


def wait_for_the_snapshot(terminal: Terminal, viewer: SecondViewer) -> None:
    """Until the screen is one of the last snapshots, figure by figure."""

    def look() -> bool:
        screen = terminal.screen()
        return any(shows(screen, one) for one in viewer.seen[-RECENT:])

    terminal.wait_until(look, "the figures of one of the last snapshots")


def wait_for_the_layout(terminal: Terminal) -> None:
    """Until the status comes first and the keys last, and nothing is wider or longer than the
    terminal."""

    def look() -> bool:
        screen = terminal.screen()
        return (
            len(screen) >= terminal.rows
            and not any(screen[terminal.rows :])
            and max(cell_len(line) for line in screen) <= terminal.columns
            # Up to the right edge, but for the blank after the time.
            and re.fullmatch(r" plan .* \d\d:\d\d / 02:00", screen[0]) is not None
            and cell_len(screen[0]) == terminal.columns - 1
            and re.search(r" u users +s stop", screen[terminal.rows - 1]) is not None
        )

    terminal.wait_until(look, f"a screen of {terminal.columns}x{terminal.rows}")


@pytest.fixture(scope="module")
def server() -> Iterator[DelayServer]:
    with DelayServer() as running:
        yield running


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: DelayServer
) -> Iterator[Project]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Project(tmp_path)
    made.write("locustfile.py", LOCUSTFILE)
    made.write("plan.toml", PLAN.format(url=server.url))
    yield made
    made.close()


@pytest.fixture
def terminal(project: Project, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    columns, rows = getattr(request, "param", (80, 24))
    opened = Terminal(project.folder, columns, rows)
    yield opened
    opened.close()


def start(terminal: Terminal, project: Project) -> tuple[Path, SecondViewer]:
    """Give the command and wait for its screen; the run's folder and another viewer of it."""
    terminal.give("run", "plan.toml", "--processes", "1")
    folder = project.only_run()
    terminal.wait_for("● RUNNING · measured")
    return folder, SecondViewer(folder)


def document(project: Project, folder: Path) -> dict[str, Any]:
    given = project.give("runs", "show", "--json", folder.name)
    assert given.returncode == 0, given.stderr
    made = json.loads(given.stdout)
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize(
    "terminal",
    [
        pytest.param((80, 24), id="80x24"),
        pytest.param((120, 40), id="120x40", marks=pytest.mark.thorough),
    ],
    indirect=True,
)
def test_a_run_from_its_first_figures_to_its_last(
    terminal: Terminal, project: Project, server: DelayServer
) -> None:
    before = terminal.settings("before")
    folder, viewer = start(terminal, project)
    size = terminal.columns, terminal.rows
    viewer.wait_for(lambda s: s.users == 4 and len(s.endpoints) == 2)
    wait_for_the_snapshot(terminal, viewer)
    wait_for_the_layout(terminal)
    status = terminal.screen()[0]
    assert "● RUNNING · measured" in status
    assert "1/1 L1 · 4 users" in status
    # The first line of a narrow terminal has no room for all of the target.
    assert " plan · 127" in status or f" plan · {server.url} " in status
    assert (f" plan · {server.url} " in status) == (terminal.columns >= 120)

    change_users(terminal, viewer)
    freeze(terminal, viewer)
    look_for_help(terminal)

    terminal.resize(50, 15)
    terminal.wait_until(
        lambda: (
            [line for line in terminal.screen() if line]
            == ["terminal too small: 60x18 needed, run continues"]
        ),
        "one line that says why",
    )
    for columns, rows in ((100, 30), size):
        terminal.resize(columns, rows)
        wait_for_the_layout(terminal)
        wait_for_the_snapshot(terminal, viewer)

    terminal.press("s")
    terminal.wait_for("Stop the run[?]")
    terminal.press("s")
    terminal.wait_for("! INTERRUPTED")
    terminal.wait_for(r"stopped by hand.* · q leaves")
    project.saved(folder)
    saved = document(project, folder)
    totals = saved["totals"]
    percentiles = [totals[name] for name in ("p50_ms", "p95_ms", "p99_ms")]
    wanted = row(totals["requests"], totals["error_rate"], *percentiles)
    terminal.wait_until(
        lambda: wanted.items() <= table(terminal.screen()).get("total", {}).items(),
        f"the kept totals {wanted}",
    )
    screen = "\n".join(terminal.screen())
    for head, value in zip(("p50", "p95", "p99"), percentiles, strict=True):
        assert f"{head} {latency(value)} " in screen

    terminal.press("q")
    assert terminal.exit_code() == saved["exit_code"]
    assert terminal.modes() == "0 0 1"
    after = terminal.settings("after")
    assert {"echo", "icanon"} <= set(after)
    assert [word for word in after if word not in before] == []
    summary = "\n".join(terminal.screen(all_of_it=True))
    assert folder.name in summary
    assert re.search(rf"\b{count(totals['requests'])}\b", summary)


def change_users(terminal: Terminal, viewer: SecondViewer) -> None:
    terminal.press("u")
    terminal.wait_for("How many users from now on")
    terminal.wait_for(r"│ 4 +│")
    terminal.press("7")
    terminal.wait_for(r"│ 7 +│")
    terminal.press("Enter")
    terminal.wait_while("How many users from now on")
    viewer.wait_for(lambda s: s.users_target == s.users == 7 and s.steered)
    terminal.wait_for(r"· 7 users · by hand")
    terminal.press("+")
    viewer.wait_for(lambda s: s.users_target == s.users == 8)
    terminal.wait_for(r"· 8 users · by hand")


def freeze(terminal: Terminal, viewer: SecondViewer) -> None:
    terminal.press("Space")
    terminal.wait_for(r"FROZEN at \d\d:\d\d")
    held = terminal.screen()
    seen = viewer.newest().elapsed_s
    viewer.wait_for(lambda s: s.elapsed_s > seen + 2)
    now = terminal.screen()
    assert now[1:] == held[1:]
    # The clock goes on, and the first line says what stands still.
    assert re.findall("FROZEN at [0-9:]+", now[0]) == re.findall("FROZEN at [0-9:]+", held[0])
    assert now[0] != held[0]
    terminal.press("Space")
    terminal.wait_while("FROZEN")
    wait_for_the_snapshot(terminal, viewer)


def look_for_help(terminal: Terminal) -> None:
    terminal.press("?")
    terminal.wait_for("Set the number of users")
    terminal.press("?")
    terminal.wait_while("Set the number of users")


def test_detached_the_run_goes_on_and_is_found_again(terminal: Terminal, project: Project) -> None:
    folder, viewer = start(terminal, project)
    terminal.press("d")
    assert terminal.exit_code() == 0
    assert terminal.says(re.escape(f"{folder.name} is still running"))
    assert terminal.modes() == "0 0 1"
    left_at = viewer.newest().totals.requests
    viewer.wait_for(lambda s: s.totals.requests > left_at)
    assert run_lock.is_held(folder)

    terminal.give("attach")
    terminal.wait_for("● RUNNING · measured")
    wait_for_the_snapshot(terminal, viewer)
    wait_for_the_layout(terminal)
    end(project, folder)


def test_a_closed_terminal_ends_the_viewer_and_not_the_run(
    terminal: Terminal, project: Project
) -> None:
    folder, viewer = start(terminal, project)
    command = terminal.command_pid()
    assert alive(command)
    terminal.close()
    wait_until(lambda: not alive(command), "the viewer's end")
    left_at = viewer.newest()
    viewer.wait_for(lambda s: s.elapsed_s > left_at.elapsed_s + 1)
    assert snapshot(folder, lambda _: True).totals.requests > left_at.totals.requests
    assert run_lock.is_held(folder)
    end(project, folder)


def end(project: Project, folder: Path) -> None:
    given = project.give("stop", folder.name)
    assert given.returncode == 0, given.stderr
    project.saved(folder)


@pytest.mark.thorough
@pytest.mark.parametrize("terminal", [(120, 40)], indirect=True)
def test_locusts_command_line_shows_the_screen_and_leaves_it(
    terminal: Terminal, project: Project, server: DelayServer
) -> None:
    asked = ["-H", server.url, "-t", "8s", "--autostart", "--autoquit", "1"]
    terminal.give("locust", *asked, "-L", "WARNING", "--only-summary")
    terminal.wait_for("● RUNNING · measured")
    assert terminal.exit_code() == 0
    assert terminal.modes().startswith("0 0"), "the screen has closed by itself"
    text = "\n".join(terminal.screen(all_of_it=True))
    assert re.search(r"^GET +/ +\d+ +0\(0.00%\) \|", text, re.MULTILINE)
    assert "Response time percentiles (approximated)" in text
    assert re.search(r"^loadtui: saved as run \S+-locustfile-", text, re.MULTILINE)
    assert "/INFO/" not in text
