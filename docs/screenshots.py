"""Makes the README's pictures of Live and Compare, from measured runs of the demo.

`python docs/screenshots.py` runs the demo twice, the second time against a target that is slower,
with the first run as its baseline, as `loadtui demo --regress` does: some two and a half minutes on
a machine that has nothing else to do.  The pictures are docs/live.svg, docs/compare.svg and, moving
from one to the other, docs/demo.svg; the runs are thrown away.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from moving_picture import Frame, animated

from loadtui.demo.target import DemoTarget
from loadtui.demo.tour import GATEWAY_SLOTS, demo_plan
from loadtui.launch.start_host import StartOrder, start_host
from loadtui.store.stored_run import Run
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.project.comparisons import SideRef
from loadtui.tui.screens.navigation import CompareRuns
from loadtui.tui.watched.feed import SocketFeed
from loadtui.tui.workbench import project_access
from loadtui.verdict.promotion import promote
from loadtui.wire.run_spec import BaselineToCompare

HERE = Path(__file__).parent
SIZE = (118, 38)
SLOWER = 1.7
LOOKS_S = (10.0, 22.0, 34.0, 46.0, 58.0, 66.0)
"""Seconds of the run at which Live is drawn; the last one is well into the third stage."""
SHOWN_S = 1.4
"""How long the moving picture shows each of them; Compare has more to read."""
COMPARE_SHOWN_S = 6.0

_FONT_FACE = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        os.chdir(project)
        (project / "pyproject.toml").write_text("[tool.loadtui]\n", encoding="utf-8")
        with DemoTarget(seed=1, slots=GATEWAY_SLOTS, pin=True) as target:
            handle = start_host(StartOrder(plan=demo_plan(target.url), project=project))
            handle.wait_until_started()
            handle.wait()
        first = Run.open(handle.folder)
        baseline = promote(first, project / "baselines").path
        with DemoTarget(seed=1, slots=GATEWAY_SLOTS, slow=SLOWER, pin=True) as target:
            against = BaselineToCompare(str(baseline))
            plan = demo_plan(target.url)
            handle = start_host(StartOrder(plan=plan, project=project, against=against))
            handle.wait_until_started()
            frames = asyncio.run(_live(handle.folder))
            handle.wait()
        base = SideRef("baseline", first.manifest.plan.name, baseline)
        run = SideRef("run", handle.folder.name, handle.folder)
        frames.append(asyncio.run(_compare(project, base, run)))
    (HERE / "demo.svg").write_text(animated(frames), encoding="utf-8")
    return 0


async def _live(folder: Path) -> list[Frame]:
    app = LoadtuiApp(feed=SocketFeed(folder))
    frames = []
    async with app.run_test(size=SIZE) as pilot:
        waited = 0.0
        for look in LOOKS_S:
            await asyncio.sleep(look - waited)
            waited = look
            await pilot.pause()
            frames.append(Frame(_save(app, "live"), SHOWN_S))
    return frames


async def _compare(project: Path, base: SideRef, run: SideRef) -> Frame:
    app = LoadtuiApp(project=project_access(project))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.post_message(CompareRuns(base, run))
        await asyncio.sleep(3)
        while any(not worker.is_finished for worker in app.workers):
            await asyncio.sleep(0.1)
        await pilot.pause()
        return Frame(_save(app, "compare"), COMPARE_SHOWN_S)


def _save(app: LoadtuiApp, name: str) -> str:
    """Write the picture, over an earlier one of that name; its SVG."""
    svg = app.export_screenshot(title="loadtui")
    # Textual's fonts lie on the network; a picture needs none of it.
    svg = _FONT_FACE.sub("", svg).replace("Fira Code, monospace", "monospace")
    (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
    return svg


if __name__ == "__main__":
    sys.exit(main())
