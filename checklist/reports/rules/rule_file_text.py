"""Values as YAML that ``reading`` reads back to the same values, in the style the rule files are written in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from checklist.model.rules.rule_sheets import Placed

WIDTH: Final = 110
_PLAIN = re.compile(
    r"[\w\u4e00-\u9fff“”‘’（）《》〔〕…·、，。；！？／/][\w\u4e00-\u9fff“”‘’（）《》〔〕…·、，。；：！？%／/ .()+~～=-]*"
)
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_NUMBERLIKE = re.compile(r"[-+.]?[0-9][-+.:_0-9eE]*")

Line = tuple[str, str]
"""A line of a file, and the cell that it comes from (empty when from none)."""


def inline(value: Any) -> str:
    """A value on one line, in flow style."""
    match value:
        case Placed(inner, _):
            return inline(inner)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | date():
            return str(value)
        case Decimal():
            return format(value, "f")
        case str():
            return _scalar(value)
        case Mapping():
            return "{" + ", ".join(f"{_scalar(str(key))}: {inline(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]"


def _scalar(text: str) -> str:
    """Plain where it is read back as the same text, else in double quotes."""
    percent = re.fullmatch(r"[0-9]+(\.[0-9]+)?%", text)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not text.endswith(" ") and text.isprintable()
    if percent or (plain and not _NUMBERLIKE.fullmatch(text)):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", quoted)


def block(value: Any) -> str:
    """A mapping or a list with one entry a line, each in flow style: what a cell of several lines holds."""
    if isinstance(value, Mapping) and value:
        return "\n".join(f"{_scalar(str(key))}: {inline(item)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "\n".join(f"- {inline(item)}" for item in value)
    return inline(value)


def yaml_lines(value: Any, cell: str = "", indent: int = 0) -> Iterator[Line]:
    """A mapping or a list as the lines of a block, each with its cell."""
    pad = " " * indent
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _entry(f"{pad}{_scalar(str(key))}:", item, cell, indent)
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
        yield from _noted(notes.get(key or i, ""))
        if any(f"{key}.{k}" in notes for k in range(len(value) if isinstance(value, list) else 0)):
            yield f"{_scalar(key)}:", ""
            for k, item in enumerate(value):
                yield from _noted(notes.get(f"{key}.{k}", ""), 2)
                yield from yaml_lines([item], indent=2)
        else:
            yield from yaml_lines({key: value} if key else [value])


def _noted(text: str, indent: int = 0) -> Iterator[Line]:
    for line in text.splitlines():
        yield f"{' ' * indent}# {line}".rstrip(), ""
