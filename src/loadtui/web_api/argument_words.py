"""Options of a form as words that are typed after `--`, so that a run is saved with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loadtui.wire.inspection import OwnArgument


def argument_words(options: Mapping[str, Sequence[str]], known: Sequence[OwnArgument]) -> list[str]:
    """Words for those options that are the locustfile's own; others are left out."""
    return [
        word
        for argument in known
        if argument.name in options
        for word in _words(argument, options[argument.name])
    ]


def _words(argument: OwnArgument, values: Sequence[str]) -> Iterator[str]:
    """As Locust reads a form: a switch is on for `true`, a list may be given with commas."""
    listed = values[0].split(",") if "," in values[0] else values
    match argument.takes:
        case "nothing":
            word = argument.option if values[0] == "true" else argument.negative
            yield from [word] if word else []
        case "value":
            yield from _with_value(argument.option, values[0])
        case "values":
            yield from (argument.option, *listed)
        case "value_each":
            for value in listed:
                yield from _with_value(argument.option, value)


def _with_value(option: str, value: str) -> list[str]:
    """With `=`, a value that starts with a dash is not taken for an option."""
    return [f"{option}={value}"] if option.startswith("--") else [option, value]
