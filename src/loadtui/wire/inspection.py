"""What is known of a run's locustfiles without any request: from the inspecting process."""

from __future__ import annotations

from typing import Literal

import msgspec


class UserClass(msgspec.Struct):
    name: str
    weight: float
    fixed_count: int
    host: str | None
    """Base URL it will use, as far as it is known before the run."""
    kind: Literal["http", "fasthttp", "other"]
    """By the HTTP client it is built on."""


class Inspection(msgspec.Struct, omit_defaults=True):
    classes: list[UserClass] = []
    """Those that will run."""
    shape: str | None = None
    """Name of the LoadTestShape that will drive the users."""
    ignored: list[str] = []
    """Options that are set somewhere but mean nothing here."""
    warnings: list[str] = []
    """Sentences."""
    at_import: list[str] = []
    """What importing the files did: `binds 127.0.0.1:8001`, `writes results.csv`."""
    error: str = ""
    """One sentence, when the run could not start."""
    detail: str = ""
    """A traceback, shown with --debug only."""
