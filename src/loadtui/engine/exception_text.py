"""Exceptions and failures of user code as they are counted and shown."""

from __future__ import annotations

import traceback
from types import TracebackType

from locust.exception import CatchResponseError
from locust.stats import StatsError

from loadtui.engine.encodable import MARK, encodable, shortened
from loadtui.engine.untrusted import as_text, attempted, type_name
from loadtui.known_secrets import SECRETS

MAX_MESSAGE = 2000
"""Characters of a message that are recorded: a message may hold a whole response body."""
MAX_TRACEBACK = 20_000
"""Characters of a traceback that are recorded, the last ones."""
_LOOKED_AT = 10 * MAX_MESSAGE
"""Characters in which secrets are looked for, before the message is cut."""


def exception_text(error: BaseException) -> str:
    """Type and message of an exception, without secrets, in no more than MAX_MESSAGE characters."""
    message = as_text(error)
    if message is None:
        return f"{type_name(error)} that cannot be shown as text"
    return _shown(f"{type_name(error)}: {message[:_LOOKED_AT]}") if message else type_name(error)


def failure_text(error: object) -> str:
    """A failure in words: the text given to `failure()`, else the exception as Locust shows it;
    without secrets."""
    text = attempted(_as_locust_shows_it, error)
    if text is None:
        text = f"{type_name(error)} that cannot be shown as text"
    return _shown(text)


def recorded_exception(message: str, traceback: str) -> tuple[str, str]:
    """Both as they are recorded, without secrets; of long ones a message's beginning is left, and
    a traceback's end."""
    traceback = SECRETS.hidden(traceback[-2 * MAX_TRACEBACK :])
    if len(traceback) > MAX_TRACEBACK:
        traceback = MARK + traceback[1 - MAX_TRACEBACK :]
    return _shown(message), encodable(traceback)


def _shown(message: str) -> str:
    return shortened(SECRETS.hidden(message[:_LOOKED_AT]), MAX_MESSAGE)


def _as_locust_shows_it(error: object) -> str:
    if isinstance(error, CatchResponseError) and error.args and isinstance(error.args[0], str):
        return str.__str__(error.args[0])
    return str.__str__(StatsError.parse_error(error))


def format_tb(tb: TracebackType | None) -> str:
    return "".join(traceback.format_tb(tb))
