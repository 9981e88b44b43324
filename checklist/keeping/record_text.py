"""A state as YAML text. A file that a person wrote keeps its order, comments and untouched lines; only what changed
is rewritten. What comes out is parsed again and compared before anyone may write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from checklist.keeping.plain_yaml import community_data, raw_declaration, raw_reading
from checklist.keeping.site_yaml import raw_sites
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reading.yaml.yaml_file import YamlFile, parse_yaml
from checklist.values.bare_words import YamlData
from checklist.values.yaml_out import comment_lines, inline, written_key


@dataclass(frozen=True, slots=True)
class Edit:
    """New raw readings by fact and new raw declarations by criterion."""

    facts: Mapping[str, YamlData]
    declared: Mapping[str, YamlData]


def edited(document: YamlFile, edit: Edit, ruleset: Ruleset) -> str:
    """The document's text with the edit made: in place where the file allows it, else written anew.

    Raises ValueError when the file holds something that cannot be carried over (``document.problems`` says what).
    """
    expected = merged(document.data, edit)
    text = _in_place(document, edit, ruleset)
    if text is not None and _says(text, expected, document):
        return text
    if document.problems:
        raise ValueError(document.path)
    return canonical(expected, ruleset, _head_comment(document))


def merged(data: Mapping[str, YamlData], edit: Edit) -> dict[str, YamlData]:
    new = dict(data)
    for key, changes in (("facts", edit.facts), ("not_applicable", edit.declared)):
        if changes:
            new[key] = {**(data.get(key) or {}), **changes}
    return new


def canonical(data: Mapping[str, YamlData], ruleset: Ruleset, comment: str = "") -> str:
    """A whole state file: facts in the ruleset's order under a heading for each module, one line a fact."""
    lines = [comment.rstrip("\n")] if comment else []
    lines += [f"{key}: {inline(value)}" for key, value in data.items() if key not in ("facts", "not_applicable")]
    facts, module = data.get("facts") or {}, None
    lines.append("facts:" if facts else "facts: {}")
    homes = modules_of(ruleset)
    titles = {m.id: m.title for m in ruleset.modules}
    for name in _in_order(facts, ruleset):
        if (home := homes.get(name)) != module:
            module = home
            lines += ["", *comment_lines(f"{home} {titles[home]}" if home else "别的测评体系", 2)]
        lines.append(f"  {written_key(name)}: {inline(facts[name])}")
    if declared := data.get("not_applicable"):
        lines += ["", "not_applicable:", *(f"  {written_key(name)}: {inline(raw)}" for name, raw in declared.items())]
    text = "\n".join(lines) + "\n"
    if not _says(text, dict(data), None):
        raise AssertionError("a written state does not read back as itself")
    return text


def state_text(state: State, ruleset: Ruleset) -> str:
    """A state as a whole new file, losing nothing that a State holds."""
    facts = {name: raw_reading(ruleset.facts[name], r) for name, r in state.readings.items()}
    data = {
        "community": community_data(state.community),
        "ruleset": state.ruleset,
        "as_of": state.as_of,
        "facts": facts,
    }
    declared = {id: raw_declaration(said) for id, said in state.not_applicable.items()}
    said = {"not_applicable": declared, **raw_sites(state, ruleset)}
    return canonical({**data, **{key: value for key, value in said.items() if value}}, ruleset)


def modules_of(ruleset: Ruleset) -> dict[str, str]:
    """The module under which each fact is listed: that of the first criterion that reads or records it."""
    homes: dict[str, str] = {}
    for criterion in ruleset.criteria:
        for name in (*criterion.facts, *criterion.records):
            homes.setdefault(name, criterion.module)
    return homes


def _in_order(facts: Iterable[str], ruleset: Ruleset) -> list[str]:
    places = {name: i for i, name in enumerate(ruleset.facts)}
    modules = {m.id: i for i, m in enumerate(ruleset.modules)}
    homes = modules_of(ruleset)
    last = len(modules)
    return sorted(facts, key=lambda name: (modules.get(homes.get(name, ""), last), places.get(name, len(places))))


def _says(text: str, expected: Mapping[str, YamlData], like: YamlFile | None) -> bool:
    """The text parses to exactly this data, with no mistake that was not there before."""
    again = parse_yaml(text, "")
    before = [p.code for p in like.problems if p.code.startswith("E1")] if like else []
    if [p.code for p in again.problems] != before or not isinstance(again.data, dict):
        return False
    return _filled(again.data) == _filled(expected)


def _filled(data: Mapping[str, YamlData]) -> dict[str, YamlData]:
    return {**data, "facts": data.get("facts") or {}, "not_applicable": data.get("not_applicable") or {}}


def _head_comment(document: YamlFile) -> str:
    head = []
    for line in document.lines:
        if line.strip() and not line.startswith("#"):
            break
        head.append(line)
    return "\n".join(head).strip("\n")


def _in_place(document: YamlFile, edit: Edit, ruleset: Ruleset) -> str | None:
    """Replace the lines of changed entries and put new ones beside their neighbours; None when the layout is unusual."""
    lines = list(document.lines)
    root = document.root
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    order = _in_order({*edit.facts, *(document.data.get("facts") or {})}, ruleset)
    places = {node.value: node.start_mark.line for node, _ in root.value}
    sections = [("facts", edit.facts), ("not_applicable", edit.declared)]
    for key, changes in sorted(sections, key=lambda s: -places.get(s[0], 0)):  # from the end up: line numbers stay true
        changed = _section(lines, root, key, changes, order) if changes else lines
        if changed is None:
            return None
        lines = changed
    return "\n".join(lines) + "\n"


def _section(
    lines: list[str], root: yaml.MappingNode, key: str, changes: Mapping[str, YamlData], order: list[str]
) -> list[str] | None:
    starts = [node.start_mark.line for node, _ in root.value]
    found = next(((i, value) for i, (node, value) in enumerate(root.value) if node.value == key), None)
    if found is None or not isinstance(found[1], yaml.MappingNode) or found[1].flow_style or not found[1].value:
        return None
    i, section = found
    end = starts[i + 1] if i + 1 < len(starts) else len(lines)
    keys = [node.value for node, _ in section.value]
    at = [node.start_mark.line for node, _ in section.value]
    indent = section.value[0][0].start_mark.column
    if len(set(at)) != len(at) or at[0] == starts[i] or len(lines) < end:
        return None
    inserts: dict[int, list[str]] = {}
    replaced: dict[int, tuple[int, str]] = {}
    for name, raw in ((n, changes[n]) for n in sorted(changes, key=lambda n: order.index(n) if n in order else 0)):
        line = f"{' ' * indent}{written_key(name)}: {inline(raw)}"
        if name in keys:
            k = keys.index(name)
            replaced[at[k]] = (_last(lines, at[k], at[k + 1] if k + 1 < len(at) else end), line)
        else:
            before = [
                k
                for k, known in enumerate(keys)
                if known in order and name in order and order.index(known) < order.index(name)
            ]
            k = max(before, key=lambda k: order.index(keys[k])) if before else len(keys) - 1
            after = _last(lines, at[k], at[k + 1] if k + 1 < len(at) else end)
            inserts.setdefault(after, []).append(line)
    new: list[str] = []
    skip = -1
    for number, text in enumerate(lines):
        if number in replaced:
            skip, line = replaced[number]
            new.append(line)
        elif number >= skip:
            new.append(text)
        new += inserts.get(number + 1, [])
    return new


def _last(lines: list[str], start: int, end: int) -> int:
    """The line after the last one that belongs to the entry: blank and comment lines go with what follows."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end
