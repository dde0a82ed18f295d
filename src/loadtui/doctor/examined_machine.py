"""The machine that is examined, and the files in which the system tells of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loadtui.doctor.sampled_second import SampledSecond


@dataclass(frozen=True)
class ExaminedMachine:
    """What checks look at; tests give it folders and variables of their own."""

    root: Path = Path("/")
    """Where `proc`, `sys`, `run` and so on lie."""
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    runs: Path = Path(".loadtui/runs")
    """Folder of the runs; need not exist."""
    state: Path | None = None
    """Folder for what is known of this machine; None: there is none to be had."""
    second: SampledSecond = field(default_factory=SampledSecond)
    open_files: tuple[int, int] | None = None
    """Soft and hard limit of this process; None: as the system says."""

    def text(self, name: str) -> str | None:
        """What a file such as `proc/meminfo` holds, without space around it; None when it cannot
        be read."""
        try:
            return (self.root / name).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return None

    def number(self, name: str) -> int | None:
        """The number in a file; None when there is none."""
        try:
            return int(self.text(name) or "")
        except ValueError:
            return None

    def texts(self, pattern: str) -> list[str]:
        """What the files of this pattern hold, in the order of their names."""
        names = sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))
        return [text for name in names if (text := self.text(name)) is not None]
