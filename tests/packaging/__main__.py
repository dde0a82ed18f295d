"""Build the packages and use them as a stranger would: `python -m tests.packaging`.

Needs uv, which is looked for on PATH or named by `--uv`, and whatever index it takes packages from.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.packaging.packages import Packages, build, build_steps, run, wrong_with

ROOT = Path(__file__).resolve().parents[2]
USER = 10_001
"""Of the container."""
LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Visitor(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def models(self):
        self.client.get("/v1/models")
"""
PLAN = """
locustfile = "locustfile.py"
host = "http://127.0.0.1:9"

[[stage]]
name = "L1"
users = 5
spawn_rate = 5
duration = "1m"
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.packaging", description=__doc__)
    parser.add_argument("--uv", default="uv", help="the program uv, where it is not on PATH")
    asked = parser.parse_args()
    uv = shutil.which(asked.uv)
    if uv is None:
        parser.error(f"no such program: {asked.uv}; name it with --uv")
    os.environ.pop("PYTHONPATH", None)  # what is installed counts, not this tree
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="packages") as at:
        folder = Path(at)
        packages = build(uv, ROOT, folder)
        wrong += wrong_with(packages, _tracked())
        for step in (_metadata, _tool, _pipx, _image):
            began = time.monotonic()
            try:
                step(uv, packages, folder)
            except AssertionError as error:
                wrong.append(str(error))
            print(f"{step.__name__[1:]}: {time.monotonic() - began:.0f} s", flush=True)
    for sentence in wrong:
        print(sentence)
    print(f"{len(wrong)} wrong")
    return 1 if wrong else 0


def _tracked() -> set[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    return set(os.fsdecode(listed.stdout).split("\0")) - {""}


def _metadata(uv: str, packages: Packages, _folder: Path) -> None:
    """Whether a registry would take them."""
    run([uv, "tool", "run", "-q", "twine>=6,<7", "check", "--strict", *_both(packages)])
    run([uv, "tool", "run", "-q", "check-wheel-contents>=0.6,<1", packages.of_tree])


def _both(packages: Packages) -> list[Path]:
    return [packages.source, packages.of_tree]


def _tool(uv: str, packages: Packages, folder: Path) -> None:
    """`uv tool install` with the extra of the demo, and a run of its own against its services."""
    os.environ |= {
        "UV_TOOL_DIR": str(folder / "tools"),
        "UV_TOOL_BIN_DIR": str(folder / "bin"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    run([uv, "tool", "install", "-q", f"loadtui[demo] @ {packages.of_tree.as_uri()}"])
    loadtui = folder / "bin" / "loadtui"
    _works(loadtui, folder / "with uv")
    project = folder / "with uv"
    demo = subprocess.Popen(
        [loadtui, "demo", "--serve", "--free-ports"],
        cwd=project,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        host = demo.stdout.readline().split()[1]
        run_it: list[Path | str] = [loadtui, "run", "locustfile.py", "--no-ui", "-H", host]
        # Invalid on a machine that is busy, which is no fault of the package's.
        run([*run_it, "-u", "2", "-t", "3s"], cwd=project, codes=(0, 3))
        run([loadtui, "report", "latest", "-o", "report.html", "--exit-zero"], cwd=project)
        page = (project / "report.html").read_text(encoding="utf-8")
        assert "vega-interpreter" in page, "the HTML report has no charts"
    finally:
        demo.terminate()
        demo.wait(20)


def _pipx(uv: str, packages: Packages, folder: Path) -> None:
    """`pipx install`, without extras."""
    os.environ |= {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "pipx-bin")}
    run([uv, "tool", "run", "-q", "pipx>=1.7,<2", "install", "-q", packages.of_source])
    _works(folder / "pipx-bin" / "loadtui", folder / "with pipx")


def _image(_uv: str, _packages: Packages, folder: Path) -> None:
    """What the container has, made by the very steps of deploy/Dockerfile, and used by another
    user who may write nowhere else."""
    root = folder / "image"
    for name in ("pyproject.toml", "README.md", "LICENSE", "deploy/vega_hook.py"):
        (root / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / "src" / name)
    for name in ("scenarios", "src"):
        shutil.copytree(ROOT / name, root / "src" / name)
    python, user = _interpreter()
    for step in build_steps((ROOT / "deploy" / "Dockerfile").read_text()):
        there = step.replace("/opt/", f"{root}/opt/").replace("/src", f"{root}/src")
        there = there.replace("python -m", f"{python} -m").replace("--no-cache-dir ", "")
        run(["sh", "-ec", there])
    shutil.rmtree(root / "src")
    folder.chmod(0o755)
    loads = root / "loads"
    loads.mkdir(mode=0o777)
    loads.chmod(0o1777)
    os.environ |= {"XDG_STATE_HOME": str(loads / "state")}
    _works(root / "opt" / "loadtui" / "bin" / "loadtui", loads / "project", user)


def _interpreter() -> tuple[str, int | None]:
    """A Python that the container's user may run, and that user; else this one, and nobody else."""
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(AssertionError, OSError):
            run(
                [python, "-c", "import ensurepip, sys; assert sys.version_info >= (3, 11)"],
                user=USER,
            )
            return python, USER
    print("image: not tried as another user, who may run no Python here")
    return sys.executable, None


def _works(loadtui: Path, project: Path, user: int | None = None) -> None:
    """Everything that needs no target."""
    project.mkdir()
    if user is not None:
        os.chown(project, user, user)
    (project / "locustfile.py").write_text(LOCUSTFILE)
    (project / "shop.toml").write_text(PLAN)
    steps: list[tuple[list[str], Callable[[str], bool]]] = [
        (["--version"], lambda said: said.startswith("loadtui")),
        (["--help"], lambda said: "run" in said),
        (["check", "shop.toml"], bool),
        (["simulate", "shop.toml"], bool),
        (["runs", "list"], lambda said: "simulated" in said),
    ]
    for words, holds in steps:
        said = run([loadtui, *words], cwd=project, user=user)
        assert holds(said), f"loadtui {' '.join(words)} prints {said!r}"


if __name__ == "__main__":
    sys.exit(main())
