"""Entry point: `loadtui` and `python -m loadtui`."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import sys

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    # No traceback out of the imports below, that of `signal` among them.
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` puts the current folder first: a random.py there is not what is meant below.
    del sys.path[0]

import contextlib
import errno
import io
import os
import signal
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from loadtui.errors import ExitCode, UsageError

_CANNOT_BE_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code (docs/run.md, "Exit codes")."""
    if signal.getsignal(signal.SIGINT) in (signal.SIG_DFL, signal.default_int_handler):
        signal.signal(signal.SIGINT, _interrupted_early)
    _open_closed_streams()
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def _open_closed_streams() -> None:
    """What was closed by `>&-` is nothing from now on, as with /dev/null: else the next file that
    is opened would get its number, and whatever is printed."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def run(argv: list[str]) -> int:
    """The exit code of a command line.  Every error is one sentence on stderr; `--debug`, at any
    place before `--`, or LOADTUI_DEBUG=1 adds the traceback."""
    debug = _take_debug(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that has no UTF-8 shows an escape for a name in Korean rather than nothing.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _invoke(argv)
        sys.stdout.flush()
        return code
    except UsageError as error:
        return _failed(str(error), error.exit_code, debug)
    except click.exceptions.NoArgsIsHelpError as error:
        return _without_command(error, debug)
    except click.ClickException as error:
        return _failed(_sentence(error), error.exit_code, debug)
    except BrokenPipeError:
        _drop_output()
        return ExitCode.PIPE_CLOSED
    except KeyboardInterrupt as error:
        with contextlib.suppress(OSError):
            from loadtui.printable_text import visible_text

            print(
                f"loadtui: {visible_text(str(error)) or 'interrupted'}", file=sys.stderr, flush=True
            )
        return ExitCode.INTERRUPTED
    except click.Abort:
        return ExitCode.INTERRUPTED
    except FileNotFoundError as error:
        return _failed(_without_folder() or _internal(error, debug), ExitCode.USAGE, debug)
    except OSError as error:
        if error.filename is None and error.errno in _CANNOT_BE_WRITTEN:
            # Files are named; what is printed has no name.
            _drop_output()
            sentence = f"what it prints cannot be written: {error.strerror}"
            return _failed(sentence, ExitCode.USAGE, debug)
        return _failed(_internal(error, debug), ExitCode.USAGE, debug)
    except Exception as error:
        return _failed(_internal(error, debug), ExitCode.USAGE, debug)


def _internal(error: Exception, debug: bool) -> str:
    advice = "" if debug else "; run it again as `loadtui --debug ...` to see where"
    return f"internal error: {type(error).__name__}: {_line(error)}{advice}"


def _without_folder() -> str:
    """What to say when the current folder is gone, empty when it is there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return "the folder that this command was given in no longer exists, change to another one"
    return ""


def _invoke(argv: list[str]) -> int:
    from loadtui.cli.group import loadtui
    from loadtui.cli.shell_names import COMPLETE_VARIABLE

    if signal.getsignal(signal.SIGINT) in (_interrupted_early, signal.SIG_DFL):
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if COMPLETE_VARIABLE in os.environ:
        from loadtui.cli.shell_answers import answer_shell

        return answer_shell(loadtui, os.environ[COMPLETE_VARIABLE])
    # Not loadtui.main(): that one turns a closed pipe into exit code 1, which here means that a
    # threshold failed.
    try:
        with loadtui.make_context("loadtui", argv) as context:
            code = loadtui.invoke(context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    return code if isinstance(code, int) else ExitCode.PASS


def _interrupted_early(number: int, frame: FrameType | None) -> None:
    """Ctrl-C while modules are imported: there is nothing to clean up, and nobody to see where."""
    os.write(2, b"loadtui: interrupted before anything was started\n")
    os._exit(ExitCode.INTERRUPTED)


def _take_debug(argv: list[str]) -> bool:
    """Remove `--debug` from the arguments; kept in the environment, for processes started later."""
    end = argv.index("--") if "--" in argv else len(argv)
    if "--debug" in argv[:end]:
        argv[:end] = [argument for argument in argv[:end] if argument != "--debug"]
        os.environ["LOADTUI_DEBUG"] = "1"
    return os.environ.get("LOADTUI_DEBUG", "") not in ("", "0")


def _failed(sentence: str, code: int, debug: bool) -> int:
    from loadtui.known_secrets import hidden_by_command
    from loadtui.printable_text import visible_text
    from loadtui.report.account.shortening import visible_sentence

    try:
        if debug:
            for line in hidden_by_command(traceback.format_exc()).splitlines():
                print(visible_text(line), file=sys.stderr)
        print(
            f"loadtui: error: {visible_sentence(hidden_by_command(sentence))}",
            file=sys.stderr,
            flush=True,
        )
    except OSError:
        pass  # Nobody reads stderr either; the exit code still says it.
    return code


def _without_command(error: click.exceptions.NoArgsIsHelpError, debug: bool) -> int:
    """A group alone: its help, on stderr as nobody asked for it, and what is missing."""
    context = error.ctx
    assert context is not None
    assert isinstance(context.command, click.Group)
    with contextlib.suppress(OSError):
        click.echo(context.get_help(), err=True)
    names = " or ".join(context.command.list_commands(context))
    return _failed(f"`{context.command_path}` needs a command: {names}", error.exit_code, debug)


def _sentence(error: click.ClickException) -> str:
    """click's message as one line in the style of the others, with the way to the help."""
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    if context is not None:
        return f"{message}; see `{context.command_path} --help`"
    return message


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or "no message"


def _drop_output() -> None:
    """Point stdout at nothing, or the interpreter would complain again while it shuts down."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
