"""An edit of a record's text where it stands: changed entries get new lines, new ones stand beside their neighbours,
and every other line stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from checklist.keeping.records.record_edit import Edit
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.bare_words import YamlData
from checklist.values.yaml_out import inline, written_key

_KEYS: Final = ("community", "ruleset", "as_of", "total", "facts", "not_applicable", "sites", "defects")
_OF_SITE: Final = ("id", "kind", "name", "opened", "closed", "facts", "not_applicable", "defects")
"""The order in which keys are put in."""


@dataclass(frozen=True, slots=True)
class Written:
    """How entries are written: facts in this ``order``, a whole ``part`` (its key and its data) as these lines."""

    order: Sequence[str]
    part: Callable[[str, YamlData], list[str]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a mapping or a list in block layout: its key, its value, its first line and that of what follows."""

    key: Any
    value: yaml.Node
    line: int
    end: int


class _Text:
    """The lines of a file and what becomes of them; lines are numbered as they stood."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.replaced: dict[int, tuple[int, list[str]]] = {}
        self.inserts: dict[int, list[str]] = {}

    def replace(self, entry: _Entry, lines: list[str]) -> None:
        self.replaced[entry.line] = (self.last(entry), lines)

    def follow(self, entry: _Entry, lines: list[str]) -> None:
        self.inserts.setdefault(self.last(entry), []).extend(lines)

    def last(self, entry: _Entry) -> int:
        """The line after the last one that belongs to the entry: blank and comment lines go with what follows."""
        end = entry.end
        while end > entry.line + 1 and (
            not self.lines[end - 1].strip() or self.lines[end - 1].lstrip().startswith("#")
        ):
            end -= 1
        return end

    def set(self, node: yaml.Node, entries: Sequence[_Entry], key: str, lines: list[str], order: Sequence[str]) -> None:
        """Write one entry of a mapping in block layout; a new one after the last of those that come before it."""
        shown = [f"{' ' * node.start_mark.column}{line}" if line else "" for line in lines]
        standing = next((entry for entry in entries if entry.key == key), None)
        if standing is not None:
            self.replace(standing, shown)
            return
        place = {name: i for i, name in enumerate(order)}
        before = [e for e in entries if key in place and place.get(e.key, len(place)) < place[key]]
        self.follow(max(before, key=lambda e: place[e.key]) if before else entries[-1], shown)

    def whole(self) -> str:
        new: list[str] = []
        skip = -1
        for number, text in enumerate(self.lines):
            if number in self.replaced:
                skip, lines = self.replaced[number]
                new += lines
            elif number >= skip:
                new.append(text)
            new += self.inserts.get(number + 1, [])
        return "\n".join(new) + "\n"


def in_place(document: YamlFile, edit: Edit, expected: Mapping[str, Any], written: Written) -> str | None:
    """The text with ``edit`` made, which is to say ``expected``; None where the layout is unusual."""
    text, root = _Text(document.lines), document.root
    top = _entries(root, len(document.lines))
    if root is None or not isinstance(root, yaml.MappingNode) or not top:
        return None
    for site, key, changes in edit.parts():
        if not site and not _put(text, _named(top, key), changes, written.order):
            if key != "defects":
                return None
            text.set(root, top, key, written.part(key, expected[key]), _KEYS)
    if edit.totals:
        text.set(root, top, "total", written.part("total", expected["total"]), _KEYS)
    if edit.gone and not expected["facts"]:
        text.set(root, top, "facts", ["facts: {}"], _KEYS)
    elif edit.gone and (facts := _named(top, "facts")):
        for entry in _entries(facts.value, facts.end):
            if entry.key in edit.gone:
                text.replace(entry, [])
    if edit.sites or any(site for site, _, _ in edit.parts()):
        _sites(text, root, top, edit, expected["sites"], written)
    return text.whole()


def _sites(
    text: _Text, root: yaml.Node, top: Sequence[_Entry], edit: Edit, sites: Sequence[Any], written: Written
) -> None:
    """Every site that changes, where it stands; new ones after the last."""
    listed = _named(top, "sites")
    items = _entries(listed.value, listed.end) if listed else []
    if listed is None or not items:
        text.set(root, top, "sites", written.part("sites", list(sites)), _KEYS)
        return
    margin = listed.value.start_mark.column
    changed = edit.sites.keys() | {site for site, _, _ in edit.parts()}
    done: set[str] = set()
    for site, item in zip(sites, [*items, *[None] * (len(sites) - len(items))], strict=False):
        name = str(site.get("id")) if isinstance(site, dict) else ""
        if name not in changed or name in done:
            continue
        done.add(name)
        if item is None:
            text.follow(items[-1], _whole(site, written, margin))
        elif not _site(text, item, name, site, edit, written):
            text.replace(item, _whole(site, written, margin))


def _whole(site: Mapping[str, Any], written: Written, margin: int) -> list[str]:
    return [f"{' ' * margin}{line[2:]}" if line else "" for line in written.part("sites", [site])[1:]]


def _site(text: _Text, item: _Entry, name: str, site: Mapping[str, Any], edit: Edit, written: Written) -> bool:
    """Change one site line by line; False where it is not laid out so."""
    entries = _entries(item.value, item.end)
    if not isinstance(item.value, yaml.MappingNode) or not entries:
        return False
    for key, raw in edit.sites.get(name, {}).items():
        text.set(item.value, entries, key, written.part(key, raw), _OF_SITE)
    for at, key, changes in edit.parts():
        if at == name and not _put(text, _named(entries, key), changes, written.order):
            text.set(item.value, entries, key, written.part(key, site[key]), _OF_SITE)
    return True


def _put(text: _Text, part: _Entry | None, changes: Mapping[str, YamlData], order: Sequence[str]) -> bool:
    """The changed entries of a part; False where it is missing, empty or in brackets."""
    entries = _entries(part.value, part.end) if part else []
    if part is None or not isinstance(part.value, yaml.MappingNode) or not entries:
        return False
    place = {name: i for i, name in enumerate(order)}
    for name in sorted(changes, key=lambda name: place.get(name, 0)):
        text.set(part.value, entries, name, [f"{written_key(name)}: {inline(changes[name])}"], order)
    return True


def _entries(node: yaml.Node | None, end: int) -> list[_Entry]:
    """The entries of a mapping or list, which ends before line ``end``; none where it is in brackets, or two of them
    stand on one line."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return []
    pairs = node.value if isinstance(node, yaml.MappingNode) else [(item, item) for item in node.value]
    lines = [key.start_mark.line for key, _ in pairs]
    if len(set(lines)) != len(lines):
        return []
    return [
        _Entry(key.value, value, line, after)
        for (key, value), line, after in zip(pairs, lines, [*lines[1:], end], strict=True)
    ]


def _named(entries: Sequence[_Entry], key: str) -> _Entry | None:
    return next((entry for entry in entries if entry.key == key), None)
