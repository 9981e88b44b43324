"""The rows of a ruleset's workbook: what stands in which cell, from what the rule files hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from checklist.model.rules.rule_sheets import (
    ACTIONS,
    BANDS,
    BODIES,
    CASES,
    COSTS,
    DROPS,
    FACTS,
    HEAD,
    HEAD_ROWS,
    KEY_CHANGES,
    LEVELS,
    MODULE_TITLES,
    MODULES,
    OTHERWISE,
    OURS_SUFFIX,
    PART_SCALES,
    PLACES,
    SITE_KINDS,
    SOURCES,
    criteria_sheet,
)
from checklist.model.rules.sheet_columns import RuleFileContent, RuleSheet, SheetColumn
from checklist.values.yaml_out import block, inline

Files: TypeAlias = Mapping[str, RuleFileContent]
"""The files of a ruleset folder by their path inside it."""
Row: TypeAlias = Mapping[str, Any]
"""Key of a column → its value as the file holds it."""
WorkbookCell: TypeAlias = str | int | Decimal | date

LADDERS: Final = ("at_least", "at_most", "levels")
ON_A_FACT: Final = ("survey", "choice", "judged")


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet with its rows, cells in the order of its columns."""

    sheet: RuleSheet
    rows: tuple[tuple[WorkbookCell, ...], ...]


def workbook_rows(files: Files) -> Iterator[FilledSheet]:
    """Every sheet of the workbook of one ruleset folder."""
    head = files["ruleset.yaml"]
    tailoring = "extends" in head.data
    yield FilledSheet(HEAD, tuple(_head(head)))
    for sheet, rows in (
        (LEVELS, [*_pairs(head.data.get("levels", {}))]),
        (BANDS, head.data.get("bands", ())),
        (MODULE_TITLES if tailoring else MODULES, head.data.get("modules", ())),
    ):
        if rows:
            yield _filled(sheet, rows)
    if not tailoring:
        yield _filled(PLACES, _pairs(head.data.get("places", {})))
        if kinds := head.data.get("site_kinds"):
            yield _filled(SITE_KINDS, ({"key": key, **kind} for key, kind in kinds.items()))
        yield _filled(COSTS, ({"key": key, **cost} for key, cost in head.data["costs"].items()))
        if bodies := head.data.get("bodies"):
            yield _filled(BODIES, ({"key": key, **body} for key, body in bodies.items()))
    yield _filled(criteria_sheet(_levels(files), tailoring), _criteria(files))
    if tailoring:
        if keys := [*_changes(files, "change")]:
            yield _filled(KEY_CHANGES, keys)
        yield _filled(DROPS, _changes(files, "drop"))
    yield _filled(FACTS, _declared(files, "facts"))
    yield _filled(ACTIONS, _declared(files, "actions"))
    yield _filled(SOURCES, _declared(files, "sources"))
    yield _filled(CASES, _cases(files))


def _head(head: RuleFileContent) -> Iterator[tuple[WorkbookCell, ...]]:
    row = {**head.data, "#": "\n".join(head.notes.values())}
    for name, key, kind in HEAD_ROWS:
        value = _at(row, key)
        if value not in (None, ""):
            yield name, _cell(SheetColumn(name, key, "yaml" if kind == "yaml" else "text"), value)


def _pairs(mapping: Mapping[str, Any]) -> Iterator[Row]:
    yield from ({"key": key, "value": value} for key, value in mapping.items())


def _filled(sheet: RuleSheet, rows: Any) -> FilledSheet:
    return FilledSheet(sheet, tuple(tuple(_cell(c, _at(row, c.key)) for c in sheet.columns) for row in rows))


def _at(row: Row, key: str) -> Any:
    """The value at a dotted key; None where there is none."""
    if key in row:
        return row[key]
    value: Any = row
    for part in key.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _cell(column: SheetColumn, value: Any) -> WorkbookCell:
    """What stands in a cell; the words of the file are there in Chinese."""
    if column.words and column.kind == "lines" and isinstance(value, list):
        value = [column.in_chinese(item) if isinstance(item, str) else item for item in value]
    elif column.words and isinstance(value, str | bool):
        word = str(value).lower() if isinstance(value, bool) else value
        value = column.in_chinese(word) if word in column.words else value
    if value is None or value in ("", [], {}):
        return ""
    if column.kind == "lines":
        plain = all(isinstance(v, str) and v == v.strip() and v and "\n" not in v and v[:1] not in "-[" for v in value)
        return "\n".join(value) if plain else block(value)
    if column.kind == "text":
        return str(value)
    if isinstance(value, int | Decimal | date) and not isinstance(value, bool):
        return value
    return value if column.key.startswith("level.") else _yaml(column, value)


def _yaml(column: SheetColumn, value: Any) -> str:
    return (
        block(value)
        if column.key in ("parts", "sources", "sets", "to", "options", "given", "expect", "not_applicable", "sites")
        else inline(value)
    )


def _levels(files: Files) -> tuple[str, ...]:
    """The levels of the head; a tailoring knows only those that its criteria name."""
    head = files["ruleset.yaml"].data
    if "levels" in head:
        return tuple(head["levels"])
    named: dict[str, None] = {}
    for raw, _, _ in _raw_criteria(files):
        named |= dict.fromkeys(key for key in _row(raw) if key.startswith("level."))
    return tuple(key.removeprefix("level.") for key in named)


def _raw_criteria(files: Files) -> Iterator[tuple[Mapping[str, Any], str, Row]]:
    """Each criterion with its comment and what stands beside it in a tailoring."""
    head = files["ruleset.yaml"].data
    for module in () if "extends" in head else head.get("modules", []):
        part = files.get(f"{module['id']}.yaml", RuleFileContent([]))
        for i, raw in enumerate(part.data):
            yield raw, part.notes.get(i, ""), {}
    for change in ("replace", "add"):
        for row in _changes(files, change):
            yield row["criterion"], row["#"], {"change": change, "why": row["why"], "of": row.get("of", "")}


def _criteria(files: Files) -> Iterator[Row]:
    for raw, note, beside in _raw_criteria(files):
        yield {**_row(raw), "#": note, **beside}


def _row(raw: Mapping[str, Any]) -> Row:
    """A criterion with its scale spread over the columns."""
    row = {**raw, "phrases": {key: list(clause_lines(phrase)) for key, phrase in raw.get("phrases", {}).items()}}
    for kind in LADDERS:
        if kind in row:
            return {**row, "scale": kind, **_spread(row[kind])}
    for kind in ON_A_FACT:
        if kind in row:
            inner = dict(row[kind])
            measure = {"fact": inner.pop("fact")}
            return {**row, "scale": kind, "measure": measure, **_spread(inner.get("at_least", inner))}
    if "proportional" in row:
        return {**row, "scale": "proportional", **row["proportional"]}
    kind = next(kind for kind in PART_SCALES if kind in row)
    return {**row, "scale": kind, "parts": row[kind]}


def clause_lines(phrase: Any, lead: str = "") -> Iterator[str]:
    """A phrase as it is written, a clause a line: ``text`` or ``fact: text``, and under it what is said in its place."""
    for part in phrase if isinstance(phrase, list) else [phrase]:
        if isinstance(part, str):
            yield f"{lead}{part}"
        else:
            yield from (f"{lead}{fact}: {text}" for fact, text in part.items() if fact != "else")
            yield from clause_lines(part.get("else", []), f"{lead}{OTHERWISE} ")


def _spread(levels: Mapping[str, Any]) -> Row:
    return {f"level.{name}": _level(value) for name, value in levels.items()}


def _level(value: Any) -> WorkbookCell:
    if isinstance(value, Mapping) and value.get("ours") is True and set(value) == {"is", "ours"}:
        return f"{inline(value['is'])} {OURS_SUFFIX}"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    return inline(value)


def _changes(files: Files, kind: str) -> Iterator[dict[str, Any]]:
    changes = files.get("changes.yaml", RuleFileContent({}))
    for i, raw in enumerate(changes.data.get(kind, []) if isinstance(changes.data, Mapping) else []):
        yield {**raw, "#": changes.notes.get(f"{kind}.{i}", "")}


def _declared(files: Files, name: str) -> Iterator[Row]:
    for path, part in files.items():
        pure = PurePosixPath(path)
        if path == f"{name}.yaml" or (len(pure.parts) == 2 and pure.parts[0] == name):
            file = "" if path == f"{name}.yaml" else pure.stem
            for key, raw in part.data.items():
                yield {"file": file, "key": key, "#": part.notes.get(key, ""), **raw}


def _cases(files: Files) -> Iterator[Row]:
    for path, part in files.items():
        pure = PurePosixPath(path)
        if len(pure.parts) == 2 and pure.parts[0] == "cases":
            for i, raw in enumerate(part.data):
                yield {"file": pure.stem, "#": part.notes.get(i, ""), **raw}
