"""The one place that talks to the terminal: streams, width, colour, exit codes, and the funnel for everything wrong."""

from __future__ import annotations

import errno
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from checklist.model.refusals import Refusal
from checklist.values.visible import clean, without_passwords

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    from checklist.model.problems import Problem

NARROW, DEFAULT_WIDTH, WIDEST = 40, 80, 4


class Exit(IntEnum):
    """What the shell is told; see docs/commands.md."""

    DONE = 0
    GATE = 1
    USAGE = 2
    PROBLEMS = 3
    UNDECIDED = 4
    NOTHING = 5
    BUG = 70
    INTERRUPTED = 130


class ReaderGone(Exception):
    """Who was reading our output has left (``| head``); Typer would take the system's own error for a failure."""


def usage(says: str, hint: str = "") -> NoReturn:
    raise Refusal(says, hint, Exit.USAGE)


def prepare_streams() -> None:
    """A GBK console must never die on a character; UTF-8 stays strict enough to be exact.

    Python has no stream at all where the shell closed one: messages are then dropped, a result cannot be written.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it lives as long as the program
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed()), encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


class _Closed(io.RawIOBase):
    """Where a result goes when standard output is closed: nowhere, and that is said."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(errno.EBADF, "closed")


def leave_stdout() -> None:
    """What is still held for a reader that has gone goes nowhere, so that leaving makes no noise."""
    try:
        handle = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    else:
        os.dup2(os.open(os.devnull, os.O_WRONLY), handle)


def width_of(asked: int | None) -> int:
    if asked is not None:
        if asked < NARROW:
            usage(f"--width 最少 {NARROW}")
        return asked
    if sys.stdout.isatty():
        return max(NARROW, min(os.get_terminal_size(sys.stdout.fileno()).columns, 160))
    columns = os.environ.get("COLUMNS", "")
    return max(NARROW, int(columns)) if columns.isdecimal() and len(columns) <= WIDEST else DEFAULT_WIDTH


def show(renderable: RenderableType, width: int | None = None) -> None:
    """A renderable on stdout: colour only on a terminal, NO_COLOR honoured."""
    _console(sys.stdout, width_of(width)).print(_Harmless(renderable), crop=False)


def render_text(renderable: RenderableType, width: int | None = None) -> str:
    """The same as plain text, for a file."""
    from io import StringIO

    stream = StringIO()
    _console(stream, width_of(width)).print(_Harmless(renderable))
    return stream.getvalue()


class _Harmless:
    """A screen whose texts, wherever they come from, send nothing to the terminal but themselves."""

    def __init__(self, renderable: RenderableType) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self.renderable, options):
            yield segment._replace(text=clean(segment.text))


def _console(stream: Any, width: int) -> Any:
    from rich.console import Console

    plain = not getattr(stream, "isatty", lambda: False)() or bool(os.environ.get("NO_COLOR"))
    console = Console(
        file=stream,
        width=width,
        height=25,  # neither is looked up by Rich, which would choke on a COLUMNS that we have refused
        no_color=plain,
        color_system=None if plain else "auto",
        highlight=False,
        markup=False,
        emoji=False,
        safe_box=True,
        legacy_windows=False,
    )
    console.on_broken_pipe = leave_stdout  # type: ignore[method-assign]  # Rich's own leaves with 1
    return console


def tell(text: str) -> None:
    """A message on stderr: progress, warnings, hints; never part of the result. What it repeats from files and from the
    command line shows neither control characters nor passwords."""
    print(without_passwords(clean(text)), file=sys.stderr)


def show_problems(problems: Iterable[Problem]) -> None:
    """Mistakes in files, on stderr."""
    listed = list(problems)
    if listed:
        from checklist.reports.intake.mistakes import problems_screen

        _console(sys.stderr, width_of(None)).print(_Harmless(problems_screen(listed)), crop=False)


def write_result(text: str | bytes, path: Path | None) -> None:
    """To a file, whole or not at all, or to stdout (also as ``-``): UTF-8 in both, whatever the console's encoding."""
    if path is None or str(path) == "-":
        ended = text + "\n" if isinstance(text, str) and not text.endswith("\n") else text
        _write_stdout(ended.encode("utf-8", "replace") if isinstance(ended, str) else ended)
        return
    from checklist.files.writing import write_atomic

    write_atomic(path, text.encode("utf-8", "replace") if isinstance(text, str) else text)
    tell(f"已存 {path}")


def _write_stdout(data: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        leave_stdout()


def bug(error: BaseException) -> int:
    """Our own mistake: a log with the traceback, its path, no traceback on the screen."""
    handle, name = tempfile.mkstemp(prefix="checklist-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(without_passwords(f"{sys.version}\n{sys.argv}\n\n{''.join(traceback.format_exception(error))}"))
    tell(f"程序自己出错了（{type(error).__name__}），不是您的文件有错。日志在 {name}，请发给维护者。")
    return Exit.BUG
