"""Names of our dependencies that their documentation does not promise.

The fast path does what the stock clients do, so it reaches into them.  Every such name stands in
the `*_internals.py` file of its dependency, with the reason; where a call costs nothing that
matters, the file also holds the function that uses it.  Before the fast path is installed, the
names are looked for: a version in which one is missing is served by the stock client.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import inspect
import pkgutil
import platform
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class PrivateName(NamedTuple):
    """One name, and the shape that the fast path relies on."""

    owner: str
    """Where it is: `module` or `module:Class`."""
    name: str
    reason: str
    """What the fast path needs it for."""
    arguments: tuple[str, ...] | None = None
    """What it is called with, or is called with where we replace it, besides self: the names of
    those that go by keyword end in `=`.  None: it is not called."""
    members: tuple[str, ...] = ()
    """Attributes that its value must have."""
    example: Callable[[Any], Any] | None = None
    """Makes an instance of the owner, where instances alone have the name; it is closed after
    the look."""
    in_class_body: bool = False
    """True: only an annotation or a slot of the class says that instances have it."""

    def __str__(self) -> str:
        return f"{self.owner.partition(':')[2] or self.owner}.{self.name}"

    def problem(self) -> str | None:
        """Why the fast path cannot use it, as the end of a sentence; None when it can."""
        try:
            owner: Any = pkgutil.resolve_name(self.owner)
        except (ImportError, AttributeError):
            return f"{self.owner} is missing"
        if self.in_class_body:
            return None if _declares(owner, self.name) else f"{self} is missing"
        if self.example is None:
            return self._problem_of(owner, bound=not isinstance(owner, type))
        try:
            example = self.example(owner)
        except Exception as error:
            return f"{self} cannot be looked for ({type(error).__name__}: {error})"
        try:
            return self._problem_of(example, bound=True)
        finally:
            with contextlib.suppress(Exception):  # responses that never arrived cannot be closed
                example.close()

    def _problem_of(self, holder: Any, bound: bool) -> str | None:
        """The same for what has the name: `bound` when it is no class whose functions want self."""
        try:
            value = getattr(holder, self.name)
        except AttributeError:
            return f"{self} is missing"
        absent = [member for member in self.members if not hasattr(value, member)]
        if absent:
            return f"{self} is without {', '.join(absent)}"
        if self.arguments is None:
            return None
        is_method = not bound and not isinstance(
            inspect.getattr_static(holder, self.name), (staticmethod, classmethod, type)
        )
        if not _takes(value, ("self", *self.arguments) if is_method else self.arguments):
            return f"{self} does not take {', '.join(self.arguments) or 'no arguments'}"
        return None


class Dependency(NamedTuple):
    """The names of one dependency."""

    package: str
    """The distribution's name, or `Python`."""
    names: tuple[PrivateName, ...]

    def problem(self) -> str | None:
        """A sentence on the first name that cannot be used; None when all can."""
        for name in self.names:
            problem = name.problem()
            if problem is not None:
                return f"{self.package} {self.version()}: {problem}"
        return None

    def version(self) -> str:
        """Of what is installed."""
        if self.package == "Python":
            return platform.python_version()
        try:
            return importlib.metadata.version(self.package)
        except importlib.metadata.PackageNotFoundError:
            return "of an unknown version"


def first_problem(dependencies: Iterable[Dependency]) -> str | None:
    """What keeps a path that needs all of these from being used; None when nothing does."""
    for dependency in dependencies:
        problem = dependency.problem()
        if problem is not None:
            return problem
    return None


def _declares(owner: type, name: str) -> bool:
    return any(
        name in getattr(base, "__annotations__", {}) or name in vars(base) for base in owner.__mro__
    )


def _takes(value: Any, arguments: tuple[str, ...]) -> bool:
    if not callable(value):
        return False
    try:
        signature = inspect.signature(value)
    except ValueError:  # compiled, and does not tell
        return True
    positional = [argument for argument in arguments if not argument.endswith("=")]
    keywords = {argument[:-1]: None for argument in arguments if argument.endswith("=")}
    try:
        signature.bind(*positional, **keywords)
    except TypeError:
        return False
    return True
