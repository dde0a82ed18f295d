"""What users of AI services have in common: the key, and what to make of a refusal."""

from __future__ import annotations

from typing import Any

import gevent
from locust import FastHttpUser

from loadtui.users.api_keys import api_key, bearer, without_keys
from loadtui.users.refusal import refusal_words
from loadtui.users.retry_after import retry_after_s


class ServiceUser(FastHttpUser):
    """A user of an HTTP service that may want a key and may ask to be left alone."""

    abstract = True

    api_key_variable = ""
    """Environment variable of the key that is sent as a bearer token; empty: none."""
    honour_retry_after = False
    """True: after an answer with Retry-After wait that long, on top of the think time."""
    longest_retry_after_s = 60.0
    """Seconds that are waited at most."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A key that cannot be sent is said while the locustfile is imported, not in mid-run."""
        super().__init_subclass__(**kwargs)
        api_key(cls.api_key_variable)

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._key = api_key(self.api_key_variable)
        self.headers: dict[str, str] = bearer(self._key)
        """Sent with every request of the service's methods."""
        self._rest_s = 0.0

    def refusal(self, response: Any) -> str:
        """Why a response of a status that says no came to be, in words that may be kept."""
        status = response.status_code
        retry_after = retry_after_s(header(response, "retry-after"))
        self._rest_s = min(retry_after or 0.0, self.longest_retry_after_s)
        words = refusal_words(status, response.content or b"", retry_after)
        if status in (401, 403) and self.api_key_variable:
            state = "was not accepted" if self._key else "is not set"
            words += f" ({self.api_key_variable} {state})"
        return words

    def rest(self) -> None:
        """Wait as long as the last refusal asked for, where that is honoured."""
        wait_s, self._rest_s = self._rest_s, 0.0
        if wait_s and self.honour_retry_after:
            gevent.sleep(wait_s)

    def broken(self, response: Any) -> str | None:
        """What came between the request and the whole of its response; None: nothing.

        To be asked for a response with a good status, or none.
        """
        error = response.request_meta["exception"]
        if error is None:
            return None
        waited = timeout_words(error, self.network_timeout)
        # Else as Locust words it, so that it reads the same at every endpoint.
        return f"no answer: {waited}" if waited else without_keys(repr(error))


def header(response: Any, name: str) -> str:
    """A header's value, the first of several; empty when it is not there."""
    value = (response.headers or {}).get(name) or ""
    return value if isinstance(value, str) else str(value[0])


def is_timeout(error: BaseException) -> bool:
    """Whether a request failed because it timed out."""
    return isinstance(_cause(error), (TimeoutError, gevent.Timeout))


def timeout_words(error: BaseException, network_timeout_s: float) -> str:
    """Which timeout ended it; empty when it was something else."""
    cause = _cause(error)
    if isinstance(cause, gevent.Timeout):
        return f"the locustfile's time limit of {cause.seconds:g} s was over"
    return f"nothing came for {network_timeout_s:g} s" if isinstance(cause, TimeoutError) else ""


def _cause(error: BaseException) -> BaseException:
    """What the stock client wraps once it has given up."""
    return getattr(error, "original", None) or error
