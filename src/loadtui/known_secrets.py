"""The secrets that a process knows of, blacked out where texts leave it.

Values are blacked out wherever they turn up, and with them their URL-encoded, Base64, JSON and
quoted forms; headers that carry credentials, and users of URLs, also where their values are not
known.  docs/engine.md ("Secrets") says what is taken for a secret.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from loadtui.credential_patterns import HIDDEN, without_credentials, without_url_credentials

SHORTEST = 8
"""Characters; what is shorter turns up in texts that have nothing to do with it."""
SECRET = re.compile(
    r"key|token(?!s)|secret|passw|pwd|auth(?!or)|cred|cookie|session_?id", re.IGNORECASE
)
"""What the name of a value that others must not read looks like."""
_PLACE = re.compile(
    r"_?(?:file|path|dir|sock|url|uri|host|port|endpoint|user|username|name|type|mode|method"
    r"|provider|issuer|realm|enabled|timeout|ttl)\Z",
    re.IGNORECASE,
)
"""Ends of such names that say where a secret is, or what it is like."""
_FOLDERS = ("PWD", "OLDPWD", "INIT_CWD")
"""Variables that hold folders, which may be gone."""
_COMMON = frozenset(
    """
    access-token access_token accesstoken administrator anonymous api-token api_token authorization
    authorization_code changeit changeme client-credentials client_credentials credential
    credentials customer customers default-key development disabled firstname id_token lastname
    localhost negotiate optional passphrase passw0rd password password1 password123 password1234
    private-key private_key production refresh_token required secret-key secret_key secretkey
    testpass testtest testuser undefined unlimited username user:password username:password
    x-api-key
    """.split()  # noqa: SIM905
)
"""Values that are words of their trade."""
_PLAIN_NUMBER = re.compile(r"[\d.,:+-]{,11}")
_WORD = re.compile(r"[A-Za-z_-]{,15}")
"""A value that may be part of other words."""
_LONGEST = 1 << 16
_MOST = 500
"""Values; a process with more of them has another use for such names."""
_LINE = 16
"""Characters from which on a line of a value is a secret by itself, as in a private key."""
_CACHED, _CACHED_LENGTH = 1_000, 2_000


class KnownSecrets:
    """Values that are not to be read by others."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """The environment is looked at when there are more or fewer variables than before, as a
        file `.env` brings them, and by `look`."""
        self._environ = {} if environ is None else environ
        self._seen = 0
        """Variables."""
        self._values: set[str] = set()
        self._forms: dict[str, bool] = {}
        """Form of a value -> whether it may be part of other words."""
        self._known = re.compile(r"(?!)")
        self._texts: dict[str, str] = {}
        self._names: dict[str, str] = {}

    # ------------------------------------------------------------------ what is known
    def add(self, value: object) -> None:
        """A value that nobody is to see, unless it is too short or too common to tell."""
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, list | tuple):
            for one in value:
                self.add(one)
            return
        text = str(value).strip()
        for part in _parts(text):
            if part not in self._values and _tells(part) and len(self._values) < _MOST:
                self._values.add(part)
                # A new one, as other threads may be looking through it.
                own = dict.fromkeys(_forms(part), bool(_WORD.fullmatch(part)))
                self._forms = self._forms | own
                self._texts, self._names = {}, {}
                self._known = _LAZY

    def add_named(self, name: str, value: object) -> None:
        """A value, when its name says that it is a secret; of URLs, who is to be let in."""
        if isinstance(value, str) and "://" in value:
            self.add_url(value)
        elif SECRET.search(name) and not _PLACE.search(name):
            self.add(value)

    def add_url(self, url: str) -> None:
        """The password of a URL, and its user and password as HTTP sends them."""
        if "@" not in url:
            return
        import base64  # as in `_forms`: most commands need none of these
        from urllib.parse import unquote, urlsplit

        try:
            parts = urlsplit(url.strip())
            user, password = unquote(parts.username or ""), unquote(parts.password or "")
        except ValueError:
            return
        if password:
            self.add(parts.password)
            self.add(password)
            self.add(base64.b64encode(f"{user}:{password}".encode()).decode())

    def add_words(self, words: Iterable[str]) -> None:
        """Those of a command line: `--api-key VALUE`, `--api-key=VALUE`, and URLs."""
        name = ""
        for word in words:
            if word.startswith("-") and not word.lstrip("-")[:1].isdigit():
                name, equals, value = word.partition("=")
                if equals:
                    self.add_named(name, value)
                    name = ""
            else:
                self.add_named(name, word)
                name = ""

    def look(self) -> None:
        """Take in what stands in the environment by now."""
        self._seen = len(self._environ)
        for name, value in list(self._environ.items()):
            if name in _FOLDERS:
                continue
            if "://" in value or (SECRET.search(name) and not _is_place(value)):
                self.add_named(name, value)

    # ------------------------------------------------------------------ what is hidden
    def hidden(self, text: str) -> str:
        """A message without secrets."""
        known = self._texts.get(text)
        if known is not None:
            return known
        shown = self._without_values(without_credentials(text))
        return _remembered(self._texts, text, shown)

    def hidden_name(self, text: str) -> str:
        """A name, as that of an endpoint, without secrets whose values are known: it tells things
        apart and is left alone otherwise."""
        known = self._names.get(text)
        if known is not None:
            return known
        shown = self._without_values(without_url_credentials(text))
        return _remembered(self._names, text, shown)

    def hidden_line(self, line: bytes) -> bytes:
        """Of a log."""
        text = line.decode("utf-8", "surrogateescape")
        shown = self._without_values(without_credentials(text))
        return line if shown == text else shown.encode("utf-8", "surrogateescape")

    def _without_values(self, text: str) -> str:
        if len(self._environ) != self._seen:
            self.look()
        # Looking for each of them is many times as quick as one expression of them all.
        for form in self._forms:
            if form in text:
                break
        else:
            return text
        if self._known is _LAZY:
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, longest_first)))
        return self._known.sub(self._black, text)

    def _black(self, found: re.Match[str]) -> str:
        if self._forms[found[0]]:
            before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
            if before.isalnum() or after.isalnum():
                return found[0]
        return HIDDEN


_LAZY = re.compile(r"(?!)(?!)")
"""To be compiled when it is needed."""


def _remembered(cache: dict[str, str], text: str, shown: str) -> str:
    if len(text) <= _CACHED_LENGTH:
        if len(cache) >= _CACHED:
            cache.clear()
        cache[text] = shown
    return shown


def _parts(text: str) -> Iterator[str]:
    """The value, the credentials behind a scheme as in `Bearer x`, and lines of several."""
    if len(text) > _LONGEST:
        return
    yield text
    words = text.split()
    if len(words) == 2 and words[0].isalpha():
        yield words[1]
    if "\n" in text:
        lines = (line.strip() for line in text.splitlines())
        yield from (line for line in lines if len(line) >= _LINE and not line.startswith("-----"))


def _tells(value: str) -> bool:
    """Whether a value can be told from other texts."""
    return (
        len(value) >= SHORTEST
        and len(set(value)) > 3
        and value.lower() not in _COMMON
        and not _PLAIN_NUMBER.fullmatch(value)
    )


def _is_place(value: str) -> bool:
    return value.startswith(("/", "~", "./")) and os.path.exists(os.path.expanduser(value))  # noqa: PTH110, PTH111


def _forms(value: str) -> set[str]:
    """The value as it stands in URLs, headers, documents and representations."""
    import base64
    import html
    import json
    from urllib.parse import quote, quote_plus

    data = value.encode("utf-8", "surrogatepass")
    quoted = {quote(data), quote(data, safe=""), quote_plus(data)}
    forms = {value, *quoted}
    forms |= {re.sub("%..", lambda found: found[0].lower(), one) for one in quoted}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    forms |= {repr(value)[1:-1], repr(data)[2:-1], html.escape(value)}
    for shift in range(3):
        # As part of something longer: only characters that nothing but the value decides.
        encoded = base64.b64encode(b"\0" * shift + data).decode()
        own = encoded[(0, 2, 3)[shift] : (shift + len(data)) * 8 // 6]
        forms |= {own, own.replace("+", "-").replace("/", "_"), quote(own, safe="")}
    return {form for form in forms if len(form) >= SHORTEST}


SECRETS = KnownSecrets(os.environ)
"""Those of this process."""


def hidden_by_command(text: str) -> str:
    """A text that a command prints, without secrets of its environment and its command line."""
    SECRETS.add_words(sys.argv[1:])
    return SECRETS.hidden(text)
