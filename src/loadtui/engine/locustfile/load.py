"""Import locustfiles and find their user classes and load shape, as `locust` itself does.

Importing a locustfile runs the person's code: it may raise, exit or hang, and it leaves traces in
`sys.modules` and `sys.path`.  So this happens once, in a process of its own, and everything that
goes wrong becomes a `UsageError` with one sentence; the traceback is the error's note
(`__notes__`) for those who ask for it.
"""

from __future__ import annotations

import importlib.util
import inspect
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import locust
from locust.util.load_locustfile import load_locustfile, load_locustfile_pytest

from loadtui.engine.exit_status import exit_status
from loadtui.engine.locustfile.locust_exit_codes import LocustfileExit
from loadtui.engine.locustfile.missing_module import missing_module
from loadtui.engine.locustfile.shadowing import let_files_be_found, shadowing_remark
from loadtui.engine.locustfile.user_code import OsExit
from loadtui.engine.process_output import OUTPUT
from loadtui.errors import UsageError
from loadtui.plan.locustfile_paths import found_locustfiles, shown_path
from loadtui.store.log_lines import said_before
from loadtui.suggestion import did_you_mean

# A plugin package may add command-line arguments; `locust` imports it too where it is installed.
if importlib.util.find_spec("locust_plugins") is not None:
    import locust_plugins  # type: ignore[import-not-found]  # noqa: F401


@dataclass
class LoadedLocustfiles:
    """What the locustfiles define, in the order of the files and of the definitions in them."""

    files: list[str] = field(default_factory=list)
    """Absolute paths, folders resolved to the files in them."""
    user_classes: dict[str, type[locust.User]] = field(default_factory=dict)
    shapes: dict[str, locust.LoadTestShape] = field(default_factory=dict)

    @property
    def shape(self) -> locust.LoadTestShape | None:
        """The shape that drives the run: the first one found, as in Locust."""
        return next(iter(self.shapes.values()), None)


def load_locustfiles(paths: Sequence[str]) -> LoadedLocustfiles:
    """Import every file of `paths` (.py files, or folders searched for them).

    Files without any user class are tried as pytest-style tests, like Locust does.
    Raises UsageError with one sentence for whatever is wrong with them.
    """
    loaded = LoadedLocustfiles(files=found_locustfiles(paths))
    let_files_be_found([Path.cwd(), *{Path(path).parent for path in loaded.files}])
    for path in loaded.files:
        users, shapes = _imported(path)
        _add_users(loaded, users)
        _add_shapes(loaded, shapes)
    if not loaded.user_classes:
        _load_pytest_style(loaded)
    if not loaded.user_classes:
        raise UsageError(
            f"{_names(loaded.files)}: no User class found, define one with at least one @task "
            "(a class with `abstract = True` does not count)"
        )
    return loaded


def choose(loaded: LoadedLocustfiles, names: Iterable[str]) -> list[type[locust.User]]:
    """The named user classes, all of them without names; in the order of the files.

    Raises UsageError for an unknown name, and when no chosen class could ever get a user.
    """
    wanted = set(names)
    for name in wanted:
        if name not in loaded.user_classes:
            raise UsageError(
                f"no user class {name} in {_names(loaded.files)}"
                f", {did_you_mean(name, loaded.user_classes)}"
            )
    chosen = [c for name, c in loaded.user_classes.items() if not wanted or name in wanted]
    if not any(c.weight > 0 or c.fixed_count > 0 for c in chosen):
        raise UsageError(
            f"{_names(loaded.files)}: the weight of every user class that is to run is 0, "
            "give at least one a weight or a fixed_count"
        )
    return chosen


def _imported(path: str) -> tuple[dict[str, type[locust.User]], list[locust.LoadTestShape]]:
    try:
        users, shapes = load_locustfile(path)
    except (Exception, SystemExit) as error:
        _refuse(path, error)
    return users, shapes


def _refuse(path: str, error: BaseException) -> NoReturn:
    """Turn what the import of `path` raised into one sentence naming file and line."""
    said = said_before(OUTPUT.last_lines())
    line = _line_in(path, error)
    at = f"{shown_path(path)}:{line}" if line else shown_path(path)
    message = " ".join(str(error).split())
    if isinstance(error, SyntaxError):
        at = shown_path(error.filename or path) + (f":{error.lineno}" if error.lineno else "")
        sentence = f"{at}: syntax error: {error.msg}"
    elif isinstance(error, SystemExit):
        sentence = f"{at}: {_exit_words(error, message, said)}"
    elif isinstance(error, ModuleNotFoundError) and error.name:
        advice = missing_module(error.name, Path(path), Path.cwd())
        sentence = f"{at}: the module {error.name} {advice}"
    else:
        kind = type(error).__name__
        sentence = (
            f"{at}: importing the locustfile raised {kind}{f': {message}' if message else ''}"
        )
    sentence += shadowing_remark(error, [Path(path).parent, Path.cwd()])
    sentence += said
    refusal = (
        LocustfileExit(sentence, exit_status(error.code))
        if isinstance(error, SystemExit)
        else UsageError(sentence)
    )
    refusal.add_note("".join(traceback.format_exception(error)))
    raise refusal from None


def _exit_words(error: SystemExit, message: str, said: str) -> str:
    """How the locustfile ended the program; what to do about it unless it has said that itself."""
    if isinstance(error.code, str):
        return f"the locustfile ended the program while it was imported: {message}"
    function = "os._exit" if isinstance(error, OsExit) else "sys.exit"
    called = f"the locustfile called {function}({message}) while it was imported"
    if said:
        return called
    return f'{called}, keep that under `if __name__ == "__main__":` or in an event listener'


def _line_in(path: str, error: BaseException) -> int | None:
    """Line of the deepest frame of the error's traceback that lies in the file `path`."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == path), None)


def _load_pytest_style(loaded: LoadedLocustfiles) -> None:
    if importlib.util.find_spec("pytest") is None:
        raise UsageError(
            f"{_names(loaded.files)}: no User class found, "
            "and test functions as users need pytest, which is not installed"
        )
    for path in loaded.files:
        try:
            users = load_locustfile_pytest(path)
        except (Exception, SystemExit) as error:
            _refuse(path, error)
        _add_users(loaded, users)


def _add_users(loaded: LoadedLocustfiles, users: dict[str, type[locust.User]]) -> None:
    for name, user_class in users.items():
        known = loaded.user_classes.setdefault(name, user_class)
        _same_file("user class", name, known, user_class)


def _add_shapes(loaded: LoadedLocustfiles, shapes: list[locust.LoadTestShape]) -> None:
    for shape in shapes:
        name = type(shape).__name__
        known = loaded.shapes.setdefault(name, shape)
        _same_file("load shape", name, type(known), type(shape))


def _same_file(kind: str, name: str, known: type, other: type) -> None:
    """Two files may show the same class when one imports the other, not two of the same name."""
    if known is other:
        return
    first, second = inspect.getfile(known), inspect.getfile(other)
    if first != second:
        raise UsageError(
            f"the {kind} {name} is defined in both {shown_path(first)} and {shown_path(second)}, "
            "rename one of them or run the files one at a time"
        )


def _names(paths: Sequence[str]) -> str:
    return ", ".join(shown_path(path) for path in paths)
