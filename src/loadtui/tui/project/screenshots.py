"""Where pictures of the screen are saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from loadtui.errors import UsageError


class ScreenshotStore(Protocol):
    def save(self, name: str, svg: str) -> Path:
        """Write a picture of the screen `name`; UsageError when that fails."""


class ProjectScreenshotStore:
    """Pictures under `.loadtui/pictures` of a project."""

    def __init__(self, project: Path, now: Callable[[], datetime] = datetime.now) -> None:
        self._project = project
        self._now = now

    def save(self, name: str, svg: str) -> Path:
        from loadtui.store.run_folder import make_folders

        folder = self._project / ".loadtui" / "pictures"
        path = folder / f"{name}-{self._now():%Y%m%d-%H%M%S-%f}.svg"
        try:
            make_folders(folder)
            path.write_text(svg, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"the picture cannot be saved as {path}: {error.strerror}") from error
        return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
