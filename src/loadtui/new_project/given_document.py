"""Documents that describe a service, from a file or a URL: JSON or YAML, of a bounded size."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.plain_file import read_plain

LARGEST = 64_000_000
"""Bytes; a recording of an hour has some tens of megabytes."""
LARGEST_YAML = 8_000_000
"""Bytes; YAML takes far longer to read than JSON."""
_FETCH_S = 10.0
_MOST_MERGED = 100_000
"""Pairs that `<<` of YAML may bring into one mapping."""


def is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def given_bytes(source: str, what: str) -> bytes:
    """What a file or a URL holds.  Raises UsageError, which begins with the option, `what`."""
    try:
        if is_url(source):
            return _fetched(source)
        return read_plain(Path(source), LARGEST, follow=True)
    except FileNotFoundError:
        raise UsageError(f"{what}: there is no file {source}; give its path, or a URL") from None
    except urllib.error.HTTPError as error:
        raise UsageError(f"{what}: {source} was answered with status {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise UsageError(f"{what}: {source} cannot be read: {reason}") from None


def _fetched(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "application/json, */*"})
    with urllib.request.urlopen(request, timeout=_FETCH_S) as response:
        data: bytes = response.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST / 1e6:g} MB")
    return data


def document_of(data: bytes, source: str, what: str, *, yaml: bool = False) -> dict[str, Any]:
    """The object that JSON, with `yaml` also YAML, holds.  Raises UsageError as `given_bytes`."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{what}: {source} is no text in UTF-8") from None
    is_json = text.lstrip()[:1] in ("{", "[")
    try:
        value = json.loads(text) if is_json or not yaml else _yaml(text)
    except json.JSONDecodeError as error:
        if yaml:
            value = _yaml_or_none(text)
        else:
            raise UsageError(
                f"{what}: {source} line {error.lineno}: {error.msg}; it is no JSON"
            ) from None
        if value is None:
            raise UsageError(
                f"{what}: {source} line {error.lineno}: {error.msg}; it is cut off or no JSON"
            ) from None
    except RecursionError:
        raise UsageError(f"{what}: {source} is nested too deeply") from None
    except ValueError as error:
        raise UsageError(f"{what}: {source}: {error}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{what}: {source} holds no object with keys and values")
    return value


def _yaml_or_none(text: str) -> Any:
    """YAML in braces is no JSON and may be meant; None where it is no YAML either."""
    try:
        return _yaml(text)
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> Any:
    """The value with keys that are texts.  Raises ValueError with the line, and RecursionError."""
    import yaml

    if len(text) > LARGEST_YAML:
        raise ValueError(f"YAML may have {LARGEST_YAML / 1e6:g} MB; the same as JSON may be larger")
    try:
        # Whatever the tags say, only plain values are made.
        return _with_text_keys(yaml.load(text, Loader=_loader()), {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f"line {mark.line + 1}: "
        problem = getattr(error, "problem", None) or str(error)
        raise ValueError(f"{line}{' '.join(str(problem).split())}; it is no YAML") from None


def _loader() -> Any:
    import yaml

    class Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
        """Safe values, dates left as they are written, and merges that do not multiply, as they do
        in older versions of PyYAML."""

        def flatten_mapping(self, node: Any) -> None:
            super().flatten_mapping(node)
            if len(node.value) > _MOST_MERGED:
                raise yaml.YAMLError("its merges make too many values")

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }
    return Loader


def _with_text_keys(value: Any, seen: dict[int, Any]) -> Any:
    """The same with keys such as 200 as texts; what aliases share stays shared."""
    if not isinstance(value, dict | list):
        return value if isinstance(value, str | int | float | None) else str(value)
    if id(value) in seen:
        return seen[id(value)]
    made: Any = {} if isinstance(value, dict) else []
    seen[id(value)] = made
    if isinstance(value, dict):
        made.update((str(key), _with_text_keys(one, seen)) for key, one in value.items())
    else:
        made.extend(_with_text_keys(one, seen) for one in value)
    return made
