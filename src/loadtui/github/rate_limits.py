"""Waiting for GitHub's rate limits, within reason and not in silence.

Import this module where GitHub is spoken to: it loads PyGithub.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from github import RateLimitExceededException
from github.GithubRetry import GithubRetry

TRIES = 5
SECONDARY_S = 60.0
"""GitHub's advice for a secondary limit that names no time."""
LONGEST_S = 15 * 60.0
"""A limit further away than this is reported instead of waited for."""


class RateLimitRetry(GithubRetry):
    """PyGithub's retry (primary and secondary limits, 5xx), which tells how long it waits.

    Raises RateLimitExceededException for a wait longer than `longest`.
    """

    def __init__(
        self,
        tell: Callable[[str], None] = lambda _: None,
        *,
        longest: float = LONGEST_S,
        **kwargs: Any,
    ) -> None:
        self.tell = tell
        self.longest = longest
        kwargs.setdefault("total", TRIES)
        kwargs.setdefault("secondary_rate_wait", min(SECONDARY_S, longest))
        kwargs.setdefault("max_rate_limit_wait", longest)
        super().__init__(**kwargs)

    def new(self, **kw: Any) -> RateLimitRetry:
        return super().new(tell=self.tell, longest=self.longest, **kw)

    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        if seconds is not None and seconds > self.longest:
            message = f"GitHub asks to wait {seconds:.0f} s"
            raise RateLimitExceededException(response.status, {"message": message})
        return seconds

    def sleep(self, response: Any = None) -> None:
        seconds = (response is not None and self.get_retry_after(response)) or (
            self.get_backoff_time()
        )
        if seconds >= 1:
            self.tell(f"GitHub asks to wait: going on in {seconds:.0f} s")
        super().sleep(response)
