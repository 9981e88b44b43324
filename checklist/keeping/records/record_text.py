"""A state as YAML text. A file that a person wrote keeps its order, comments and untouched lines; only what changed
is rewritten. What comes out is parsed again and compared before anyone may write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checklist.keeping.records.plain_yaml import community_data, raw_declaration, raw_reading
from checklist.keeping.records.record_edit import Edit, merged
from checklist.keeping.records.site_yaml import raw_sites
from checklist.keeping.records.text_in_place import Written, in_place
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reading.yaml.yaml_file import YamlFile, parse_yaml
from checklist.values.bare_words import YamlData
from checklist.values.yaml_out import comment_lines, inline, written_key

_PARTS = ("facts", "not_applicable", "defects", "sites")
"""What a file written anew holds in lines of its own, after everything that takes one line."""


def edited(document: YamlFile, edit: Edit, ruleset: Ruleset) -> str:
    """The document's text with the edit made: in place where the file allows it, else written anew.

    Raises ValueError when the file holds something that cannot be carried over (``document.problems`` says what).
    """
    expected = merged(document.data, edit)
    facts = (expected.get("facts") or {}, *(site.get("facts") or {} for site in _sites(expected)))
    order = _in_order({name for some in facts for name in some}, ruleset)
    text = in_place(document, edit, expected, Written(order, lambda key, data: _part(key, data, ruleset)))
    if text is not None and _says(text, expected, document):
        return text
    if document.problems:
        raise ValueError(document.path)
    return canonical(expected, ruleset, _head_comment(document))


def canonical(data: Mapping[str, YamlData], ruleset: Ruleset, comment: str = "") -> str:
    """A whole state file: facts in the ruleset's order under a heading for each module, one line a fact."""
    lines = [comment.rstrip("\n")] if comment else []
    lines += [f"{key}: {inline(value)}" for key, value in data.items() if key not in _PARTS]
    lines += _part("facts", data.get("facts") or {}, ruleset)
    for key in _PARTS[1:]:
        if data.get(key):
            lines += ["", *_part(key, data[key], ruleset)]
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


def _part(key: str, data: YamlData, ruleset: Ruleset) -> list[str]:
    """The lines of one part, its key first; a site's own parts stand two deeper than the site."""
    if key == "sites" and isinstance(data, list):
        return ["sites:", *(f"  {line}" if line else "" for site in data for line in _site(site, ruleset))]
    if not isinstance(data, Mapping) or not data or key not in _PARTS:
        return [f"{key}: {inline(data)}"]
    lines, module = [f"{key}:"], None
    homes = modules_of(ruleset)
    titles = {m.id: m.title for m in ruleset.modules}
    for name in _in_order(data, ruleset) if key == "facts" else data:
        if key == "facts" and (home := homes.get(name)) != module:
            module = home
            lines += ["", *comment_lines(f"{home} {titles[home]}" if home else "别的测评体系", 2)]
        lines.append(f"  {written_key(name)}: {inline(data[name])}")
    return lines


def _site(site: YamlData, ruleset: Ruleset) -> list[str]:
    if not isinstance(site, Mapping) or not site:
        return [f"- {inline(site)}"]
    lines = [line for key, data in site.items() for line in _part(str(key), data, ruleset)]
    return [f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])]


def _sites(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [site for site in data.get("sites") or () if isinstance(site, Mapping)]


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
    return {**data, "facts": data.get("facts") or {}, "not_applicable": data.get("not_applicable") or {},
            "defects": data.get("defects") or {}, "sites": data.get("sites") or []}  # fmt: skip


def _head_comment(document: YamlFile) -> str:
    head = []
    for line in document.lines:
        if line.strip() and not line.startswith("#"):
            break
        head.append(line)
    return "\n".join(head).strip("\n")
