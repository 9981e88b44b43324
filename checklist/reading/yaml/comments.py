"""The comments of a rule file, each with the entry that it speaks of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

import yaml

from checklist.model.rules.sheet_columns import Key, RuleFileContent
from checklist.reading.yaml.yaml_file import YamlFile

_COMMENT = re.compile(r"^(\s*)#\s?(.*)$")
_TRAILING = re.compile(r"\s#\s?(.*)$")


def written(document: YamlFile, listed: bool = False) -> RuleFileContent:
    """The file's content with its comments. ``listed``: the entries are those of the lists under its keys."""
    return RuleFileContent(document.data, dict(notes(document, listed)))


def notes(document: YamlFile, listed: bool = False) -> Mapping[Key, str]:
    """By key (or number, in a list): the lines of comment before an entry and inside it. A comment set in deeper than
    the entries belongs to the entry above, any other to the one below, and the last ones of a file to its last entry.
    An entry of a list under a key is named ``key.number``."""
    entries = list(_lists(document.root) if listed else _entries(document.root))
    starts = [start for _, start, _ in entries]
    found: dict[Key, list[str]] = {}
    for number, line in enumerate(document.lines if entries else (), start=1):
        passed = bisect_right(starts, number)
        if match := _COMMENT.match(line):
            inside = len(match[1]) > entries[0][2] or passed == len(entries)
            found.setdefault(entries[max(passed - 1, 0) if inside else passed][0], []).append(match[2])
        elif passed and (text := _after_content(line)):
            found.setdefault(entries[passed - 1][0], []).append(text)
    return {key: "\n".join(lines) for key, lines in found.items()}


def _entries(root: yaml.Node | None) -> Iterator[tuple[Key, int, int]]:
    """Key, first line and indentation of each entry."""
    if isinstance(root, yaml.MappingNode):
        for key, _ in root.value:
            yield key.value, key.start_mark.line + 1, key.start_mark.column
    elif isinstance(root, yaml.SequenceNode):
        for i, item in enumerate(root.value):
            yield i, item.start_mark.line + 1, max(item.start_mark.column - 2, 0)


def _lists(root: yaml.Node | None) -> Iterator[tuple[Key, int, int]]:
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        for i, start, indent in _entries(value):
            yield f"{key.value}.{i}", start, indent


def _after_content(line: str) -> str:
    """A comment behind a value; a ``#`` inside quotes is none."""
    for match in _TRAILING.finditer(line):
        before = line[: match.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return match[1].strip()
    return ""
