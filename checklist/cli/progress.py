"""A progress bar on stderr for what takes longer than a second; never part of the result."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

PATIENCE: Final = 1.0
"""Seconds before anything is shown."""

BETWEEN: Final = {True: 0.2, False: 10.0}
"""Seconds between two updates: on a terminal, and in a log file."""

CELLS: Final = 30


def track(items: Iterable[T], doing: str, total: int, each: int = 1) -> Iterator[T]:
    """The items, while a bar follows: on a terminal it is redrawn in place, elsewhere a line now and then.

    ``total`` counts what the user counts; one item stands for ``each`` of it.
    """
    terminal = sys.stderr.isatty()
    start = shown = time.monotonic()
    drawn = False
    for done, item in enumerate(items):
        now = time.monotonic()
        if now - start > PATIENCE and now - shown > BETWEEN[terminal]:
            _draw(doing, min(done * each, total), total, now - start, terminal)
            shown, drawn = now, True
        yield item
    if drawn:
        _draw(doing, total, total, time.monotonic() - start, terminal)
        if terminal:
            print(file=sys.stderr)


def _draw(doing: str, done: int, total: int, seconds: float, terminal: bool) -> None:
    full = done * CELLS // total
    left = f"，还要约 {seconds / done * (total - done):.0f} 秒" if 0 < done < total else ""
    text = f"{doing} {'█' * full}{'·' * (CELLS - full)} {done}/{total}{left}"
    print(f"\r{text}   " if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True)
