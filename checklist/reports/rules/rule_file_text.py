"""Rule files as text, in the style the shipped ones are written in, each line with the cell that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from checklist.model.rules.sheet_columns import Placed
from checklist.values.yaml_out import comment_lines, inline, written_key

WIDTH: Final = 110

Line = tuple[str, str]
"""A line of a file, and the cell that it comes from (empty when from none)."""


def yaml_lines(value: Any, cell: str = "", indent: int = 0) -> Iterator[Line]:
    """A mapping or a list as the lines of a block, each with its cell."""
    pad = " " * indent
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _entry(f"{pad}{written_key(key)}:", item, cell, indent)
    else:
        for item in value:
            yield from _item(item, cell, indent)


def _entry(head: str, item: Any, cell: str, indent: int) -> Iterator[Line]:
    cell, inner = _opened(item, cell)
    if _in_block(inner, len(head) + 1):
        yield head, cell or next(_cells(inner), "")
        yield from yaml_lines(inner, cell, indent + 2)
    else:
        yield f"{head} {inline(inner)}", cell


def _item(item: Any, cell: str, indent: int) -> Iterator[Line]:
    pad = " " * indent
    cell, inner = _opened(item, cell)
    if isinstance(inner, Mapping) and _in_block(inner, indent + 2):
        lines = list(yaml_lines(inner, cell, indent + 2))
        yield f"{pad}- {lines[0][0].lstrip()}", lines[0][1]
        yield from lines[1:]
    else:
        yield f"{pad}- {inline(inner)}", cell


def _opened(item: Any, cell: str) -> tuple[str, Any]:
    return (item.cell, item.value) if isinstance(item, Placed) else (cell, item)


def _in_block(value: Any, used: int) -> bool:
    """What comes from several cells has a line for each; anything else only when one line is too short for it."""
    if not isinstance(value, Mapping | list | tuple) or not value:
        return False
    return next(_cells(value), None) is not None or used + len(inline(value)) > WIDTH


def _cells(value: Any) -> Iterator[str]:
    for item in value.values() if isinstance(value, Mapping) else value:
        if isinstance(item, Placed):
            yield item.cell
        elif isinstance(item, Mapping | list | tuple):
            yield from _cells(item)


def file_lines(entries: Iterable[tuple[str, Any]], notes: Mapping[Any, str]) -> Iterator[Line]:
    """A file of entries set apart by empty lines: each ``(key, value)``, a list file having empty keys.

    ``notes`` are the comments above an entry, by key or by number; ``key.number`` for one of a list under a key.
    """
    short = True
    for i, (key, value) in enumerate(entries):
        before, short = short, bool(key) and not _in_block(_opened(value, "")[1], len(key) + 1)
        if i and not (before and short):
            yield "", ""
        yield from ((line, "") for line in comment_lines(notes.get(key or i, "")))
        if any(f"{key}.{k}" in notes for k in range(len(value) if isinstance(value, list) else 0)):
            yield f"{written_key(key)}:", ""
            for k, item in enumerate(value):
                yield from ((line, "") for line in comment_lines(notes.get(f"{key}.{k}", ""), 2))
                yield from yaml_lines([item], indent=2)
        else:
            yield from yaml_lines({key: value} if key else [value])
