"""What GitHub refuses, as one sentence with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loadtui.errors import UsageError
from loadtui.github.access import Access

_MOST = 200
"""Characters of GitHub's own words that are passed on."""


@contextmanager
def refusal_sentence(access: Access, doing: str) -> Iterator[None]:
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


def _refusal(access: Access, error: Any, doing: str) -> str:
    from github import RateLimitExceededException

    repository, said = access.repository, _said(error)
    if isinstance(error, RateLimitExceededException):
        return f"GitHub's rate limit is used up while {doing}: {said}; try again later"
    match error.status:
        case 401:
            return f"GitHub does not accept the token (401: {said}); set a valid GITHUB_TOKEN"
        case 403:
            return (
                f"the token may not do this in {repository} (403 while {doing}: {said}); it needs "
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
            return f"GitHub refuses the issue's content (422 while {doing}: {said})"
        case 429:
            return f"GitHub asks to wait longer than is reasonable here (429 while {doing}: {said})"
        case status if status >= 500:
            return f"GitHub is in trouble ({status} while {doing}); try again later"
        case status:
            return f"GitHub refuses ({status} while {doing}: {said})"


def _said(error: Any) -> str:
    """GitHub's own words on one line; what is no JSON (a proxy's page) is not repeated."""
    data = error.data
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        return "no explanation"
    details = data.get("errors")
    more = (
        [str(one.get("message") or one) for one in details if isinstance(one, dict)]
        if (isinstance(details, list))
        else []
    )
    return " ".join("; ".join([data["message"], *more]).split())[:_MOST]


def _network(error: BaseException) -> str:
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    said = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return " ".join(said.split())[:_MOST]


def _without(token: str, text: str) -> str:
    return text.replace(token, "***") if token else text
