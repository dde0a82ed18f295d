"""What somebody asks for with Locust's `/swarm`."""

from __future__ import annotations

import msgspec


class Swarm(msgspec.Struct, omit_defaults=True):
    """Users from now on, as the form said."""

    users: int
    spawn_rate: float
    """Users a second."""
    run_time_s: int | None = None
    """From now on; None: until somebody stops the run."""
    host: str | None = None
    """Base URL; None: the one that it has."""
    options: dict[str, list[str]] = {}
    """All other fields of the form and their values: options by the names they have in
    `environment.parsed_options`."""
