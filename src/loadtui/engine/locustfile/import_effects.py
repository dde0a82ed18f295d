"""What the import of a locustfile does beside defining classes, as far as Python can tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loadtui.plan.locustfile_paths import shown_path

_WRITING = os.O_WRONLY | os.O_RDWR
_NOT_TOLD = (f"{os.sep}dev{os.sep}", f"{os.sep}proc{os.sep}")
_BYTECODE = "__pycache__"


class ImportEffects:
    """Phrases such as `binds 127.0.0.1:8001` and `writes results.csv`, each once, in the order in
    which they came; collected from Python's audit events within `watched`."""

    def __init__(self) -> None:
        self._phrases: dict[str, None] = {}
        self._watching = False

    @property
    def phrases(self) -> list[str]:
        return list(self._phrases)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """To be entered once a process, since an audit hook stays."""
        sys.addaudithook(self._heard)
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watching or event not in _PHRASES:
            return
        phrase = _PHRASES[event](arguments)
        if phrase:
            self._phrases.setdefault(phrase)


def _changed(verb: str) -> Callable[[tuple[Any, ...]], str]:
    """What to say of an event whose first argument is a path."""

    def phrase(arguments: tuple[Any, ...]) -> str:
        path = os.fsdecode(arguments[0])
        return "" if _BYTECODE in path else f"{verb} {shown_path(path)}"

    return phrase


def _opened(arguments: tuple[Any, ...]) -> str:
    path, _, flags = arguments
    if not isinstance(path, str) or not isinstance(flags, int) or not flags & _WRITING:
        return ""
    return "" if path.startswith(_NOT_TOLD) or _BYTECODE in path else f"writes {shown_path(path)}"


def _started(arguments: tuple[Any, ...]) -> str:
    program = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "a program"
    return f"starts {Path(program).name}"


def _address(verb: str, address: Any) -> str:
    match address:
        case (str(host), int(port), *_):
            return f"{verb} {host or '*'}:{port}"
        case str() if address:
            return f"{verb} {shown_path(address)}"
        case _:
            return ""


_PHRASES: dict[str, Callable[[tuple[Any, ...]], str]] = {
    "open": _opened,
    "os.mkdir": _changed("makes the folder"),
    "os.remove": _changed("removes"),
    "os.fork": lambda _: "starts a process",  # as gevent's subprocess does
    "os.posix_spawn": _started,
    "socket.bind": lambda arguments: _address("binds", arguments[1]),
    "socket.connect": lambda arguments: _address("connects to", arguments[1]),
}
"""Audit event of Python's -> what to say of its arguments."""
