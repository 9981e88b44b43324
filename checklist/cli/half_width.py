"""What is typed on the command line in full width: ``－－top ８``, ``ＦＡＣ－０１``, ``——fail-under``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints


class Verbatim:
    """The mark of an option whose text is kept or shown as it was typed, or names files in a way of its own."""


VERBATIM: Final = Verbatim()
_OPTION: Final = re.compile("-[a-z]|--[a-z][a-z-]+")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def half_width(text: str) -> str:
    """A number, a day, an id or a word of ours in half width; the name of a file that is there stays as it is."""
    if text.isascii() or os.path.lexists(re.split("[#＃]", text)[0]):
        return text
    from checklist.values.cells import plain  # a start must be quick, and few need it

    return plain(text).translate(_DASHES)


def with_option_names(arguments: Sequence[str], known: Collection[str], commands: Collection[str]) -> list[str]:
    """The same arguments, the names of options and of sub-commands in half width. An input method makes two dashes
    into one long one, or into two of them. What is no name of ours, and all behind ``--``, stays."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    named: list[str] = []
    for argument in arguments[:end]:
        told = argument.replace("＝", "=", 1) if "=" not in argument else argument
        written, equals, value = told.partition("=")
        name = half_width(written)
        if dashed := next((n for n in (name, f"-{name}") if _OPTION.fullmatch(n) and (n in known or n == name)), ""):
            named.append(dashed + equals + value)
        elif not any(word in commands for word in named) and name in commands:
            named.append(name)
        else:
            named.append(argument)
    return [*named, *arguments[end:]]


def folded_names(function: Callable[..., Any]) -> frozenset[str]:
    """The parameters of a command that are read in half width: all but paths and what is marked VERBATIM."""
    hints = get_type_hints(function, include_extras=True)
    return frozenset(name for name, hint in hints.items() if not _is_path(hint) and VERBATIM not in get_args(hint))


def _is_path(hint: Any) -> bool:
    return hint is Path or any(map(_is_path, get_args(hint)))


def read_in_half_width(parameter: Any) -> None:
    """Make one of Typer's parameters fold what was typed before it asks what type it is."""
    process = parameter.process_value

    def folding(context: Any, value: Any) -> Any:
        if isinstance(value, str):
            value = half_width(value)
        elif isinstance(value, list | tuple):
            value = type(value)(half_width(item) if isinstance(item, str) else item for item in value)
        return process(context, value)

    parameter.process_value = folding
