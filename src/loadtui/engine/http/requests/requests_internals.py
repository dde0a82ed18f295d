"""Names of requests that the fast path uses beyond its documentation.

Seen in 2.34.0 (the lowest declared) and 2.34.2.
"""

from __future__ import annotations

from typing import Any

import requests.models
from requests.models import PreparedRequest

from loadtui.engine.http.private_names import Dependency, PrivateName

_PREPARED = "requests.models:PreparedRequest"
_ADAPTER = "requests.adapters:HTTPAdapter"
_SESSION = "requests:Session"
_RESPONSE = "requests.models:Response"


def _made(owner: Any) -> Any:
    return owner()


REQUESTS = Dependency(
    "requests",
    (
        PrivateName(
            _PREPARED, "_encode_params", "parameters and forms as it sends them", ("data",)
        ),
        PrivateName(
            _PREPARED, "_cookies", "the jar that a redirect's cookies go to", example=_made
        ),
        PrivateName("requests.models", "complexjson", "JSON as it sends it", members=("dumps",)),
        PrivateName(
            "requests.structures:CaseInsensitiveDict",
            "_store",
            "headers with their names as written, compared without building them anew",
            members=("items", "values"),
            example=_made,
        ),
        PrivateName(
            _ADAPTER,
            "get_connection_with_tls_context",
            "the pool of a request; overridden, so that a begun exchange stays in its own",
            ("request", "verify", "cert="),
        ),
        PrivateName(
            _ADAPTER,
            "cert_verify",
            "certificates as it sets them",
            ("pool", "url", "verify", "cert"),
        ),
        PrivateName(
            _ADAPTER,
            "send",
            "overridden; whoever replaces it gets the stock adapter",
            ("request", "stream", "timeout", "verify", "cert", "proxies"),
        ),
        PrivateName(_ADAPTER, "max_retries", "retries are the stock adapter's", example=_made),
        PrivateName(_SESSION, "get_adapter", "the adapter of a URL", ("url",)),
        PrivateName(
            _SESSION,
            "merge_environment_settings",
            "proxies and certificates of the environment",
            ("url", "proxies", "stream", "verify", "cert"),
        ),
        PrivateName(_SESSION, "resolve_redirects", "whoever replaces it gets the stock session"),
        PrivateName(
            "requests.cookies", "MockRequest", "what a jar asks of a request", ("request",)
        ),
        PrivateName(
            "requests.cookies", "extract_cookies_to_jar", "cookies set", ("jar", "request", "raw")
        ),
        PrivateName("requests.cookies", "merge_cookies", "a request's jar", ("jar", "cookies")),
        PrivateName("requests.utils", "select_proxy", "whether there is one", ("url", "proxies")),
        PrivateName(
            "requests.utils", "get_encoding_from_headers", "a response's encoding", ("headers",)
        ),
        PrivateName("requests.models", "CONTENT_CHUNK_SIZE", "bodies are read as it reads them"),
        PrivateName(_RESPONSE, "_content", "the body, read", example=_made),
        PrivateName(_RESPONSE, "_content_consumed", "true: nothing is left to read", example=_made),
        PrivateName(
            _RESPONSE, "_next", "where a redirect goes that was not followed", example=_made
        ),
    ),
)

encode_params: Any = getattr(PreparedRequest, "_encode_params", None)
json_encoder: Any = getattr(requests.models, "complexjson", None)
