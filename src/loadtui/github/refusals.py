"""What GitHub refuses, as one sentence with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loadtui.errors import UsageError
from loadtui.github.access import GithubAccess

_MOST = 200
"""Characters of GitHub's own words that are passed on."""


@contextmanager
def refusals_as_usage_errors(access: GithubAccess, doing: str) -> Iterator[None]:
    """What PyGithub and the network raise while `doing`, as a UsageError without the token."""
    import requests
    from github import GithubException

    try:
        yield
    except GithubException as error:
        raise UsageError(_without(access.token, _refusal(access, error, doing))) from None
    except (requests.RequestException, OSError) as error:
        why = "no answer in time" if isinstance(error, requests.Timeout) else _network(error)
        raise UsageError(
            _without(access.token, f"cannot reach GitHub at {access.api_url} ({why}) while {doing}")
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise UsageError(
            _without(
                access.token,
                f"{access.api_url} does not answer as GitHub does ({type(error).__name__}) while "
                f"{doing}; check GITHUB_API_URL",
            )
        ) from None


def _refusal(access: GithubAccess, error: Any, doing: str) -> str:
    from github import RateLimitExceededException

    repository, why = access.repository, _reason(error)
    if isinstance(error, RateLimitExceededException):
        return f"GitHub's rate limit is used up while {doing}: {why}; try again later"
    match error.status:
        case 401:
            return f"GitHub does not accept the token (401: {why}); set a valid GITHUB_TOKEN"
        case 403:
            return (
                f"the token may not do this in {repository} (403 while {doing}: {why}); it needs "
                "permission to write issues"
            )
        case 404:
            return (
                f"GitHub knows no repository {repository} that this token may see (404); check "
                "--repo and the token's access"
            )
        case 410:
            return f"issues are switched off in {repository} (410); enable them in its settings"
        case 422:
            return f"GitHub refuses the issue's content (422 while {doing}: {why})"
        case 429:
            return f"GitHub asks to wait longer than is reasonable here (429 while {doing}: {why})"
        case status if status >= 500:
            return f"GitHub has an internal error ({status} while {doing}); try again later"
        case status:
            return f"GitHub refuses ({status} while {doing}: {why})"


def _reason(error: Any) -> str:
    """GitHub's own words on one line; what is no JSON (a proxy's page) is not repeated."""
    data = error.data
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        return "no explanation"
    details = data.get("errors")
    more = (
        [str(detail.get("message") or detail) for detail in details if isinstance(detail, dict)]
        if (isinstance(details, list))
        else []
    )
    return " ".join("; ".join([data["message"], *more]).split())[:_MOST]


def _network(error: BaseException) -> str:
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    why = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return " ".join(why.split())[:_MOST]


def _without(token: str, text: str) -> str:
    return text.replace(token, "***") if token else text
