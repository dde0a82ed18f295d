"""How `loadtui locust` ends: the exit code as Locust's, and our verdict in a line."""

from __future__ import annotations

from collections.abc import Iterator

from loadtui.errors import HIGHEST_EXIT_CODE, ExitCode
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import Manifest

UNHANDLED = 2
"""Locust's code after a listener raised, and nothing else went wrong."""


def locust_exit_code(
    manifest: Manifest, failures: int, exceptions: list[StoredException], on_error: int
) -> int:
    """What Locust ends with after such a run: what the locustfile set, else `on_error` after any
    failure or exception of a user, else 2 after one of a listener, else 0.

    A run that broke off has none of these, and ends with ours.
    """
    if manifest.state == "failed" or (manifest.exit_code is None and manifest.state != "finished"):
        return ExitCode.INVALID
    if manifest.process_exit_code is not None:
        return manifest.process_exit_code & HIGHEST_EXIT_CODE
    if failures or any(of_a_user(one) for one in exceptions):
        return on_error & HIGHEST_EXIT_CODE
    return UNHANDLED if any(of_a_listener(one) for one in exceptions) else 0


def of_a_user(exception: StoredException) -> bool:
    """Whether it ended a task or `on_start`: Locust itself caught it."""
    first = exception.traceback.lstrip().partition("\n")[0]
    return "/locust/user/" in first or not exception.traceback


def of_a_listener(exception: StoredException) -> bool:
    """Whether it was only logged, and that for a listener of an event: of what `on_stop` raises
    Locust's exit code says nothing."""
    logged = exception.traceback.startswith("Traceback")
    return logged and ".on_stop()" not in exception.traceback


def verdict_line(manifest: Manifest) -> str:
    """Where the run is, and what is to be said of it that Locust does not say."""
    return "; ".join([f"saved as run {manifest.run}", *_verdict(manifest)])


def _verdict(manifest: Manifest) -> Iterator[str]:
    if not manifest.validity.valid:
        yield f"INVALID: {manifest.validity.reasons[0]}"
    if manifest.comparison is not None and not manifest.comparison.not_compared:
        yield f"{manifest.comparison.verdict} against baseline {manifest.comparison.base.name}"
    elif why := manifest.comparison_error or manifest.uncompared:
        yield why
