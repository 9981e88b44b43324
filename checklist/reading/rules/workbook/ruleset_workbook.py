"""A workbook as ``checklist rules export`` writes it → the rule files that it stands for, every value with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from checklist.model.problems import Problem
from checklist.model.rules.in_chinese import SCALE
from checklist.model.rules.rule_sheets import (
    ACTIONS,
    BANDS,
    BASE_ONLY,
    BODIES,
    CASES,
    CHANGE,
    COSTS,
    CRITERIA,
    DROPS,
    FACTS,
    HEAD,
    HEAD_ROWS,
    KEY_CHANGES,
    LEVELS,
    MODULE_TITLES,
    MODULES,
    OURS_SUFFIX,
    PLACES,
    SCALES,
    SITE_KINDS,
    SOURCES,
)
from checklist.model.rules.sheet_columns import Key, Placed, RuleSheet
from checklist.reading.rules.workbook.workbook_rows import Row, case, clauses_of, entry, scale_of, with_pair
from checklist.reading.rules.workbook.workbook_sheets import Workbook, known_sheets, open_workbook
from checklist.reading.yaml.yaml_file import parse_yaml
from checklist.values.near import suggest

_FOLDED: Final = ("measure", "parts", "full_at", "change", "why", "of", "#")
"""Columns of a criterion that are put into its scale, or stand beside it."""
FILE_NAME: Final = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff-]{1,64}")
CRITERION_ID: Final = re.compile(r"([A-Z][A-Z0-9]*)-[0-9]+")


@dataclass(slots=True)
class RuleFile:
    """One file to be: its entries (with an empty key in a list file) and the comments above them."""

    entries: list[tuple[str, Any]] = field(default_factory=list)
    notes: dict[Key, str] = field(default_factory=dict)

    def add(self, key: str, value: Any, note: Placed | None) -> None:
        if note:
            self.notes[key or len(self.entries)] = note.value
        self.entries.append((key, value))


@dataclass(slots=True)
class RuleFiles:
    """``id`` is empty when the workbook does not tell it; ``files`` by their path in the ruleset's folder."""

    id: str
    files: dict[str, RuleFile]
    problems: list[Problem]


def read_ruleset_workbook(path: Path, shown: str | None = None) -> RuleFiles:
    """The files of a ruleset, and every mistake of the workbook itself; what its values mean is judged later.

    Raises FilesHaveProblems when the file cannot be opened; MissingExtra.
    """
    book = open_workbook(path, shown)
    if not book.problems:
        known_sheets(book)
    if HEAD.name not in book.grids:
        return RuleFiles("", {}, book.problems)
    return _Assembly(book).files()


class _Assembly:
    """Rows put together as files."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[str, RuleFile] = {}
        self.head = self.head_rows()
        self.tailoring = "extends" in self.head

    def files(self) -> RuleFiles:
        self.ruleset_file()
        if self.tailoring:
            self.changes_file()
        else:
            self.module_files()
        self.declared(FACTS, "facts")
        self.declared(ACTIONS, "actions")
        for row in self.rows(SOURCES):
            self.file("sources.yaml").add(row["key"].value, entry(row, ("key", "#")), row.get("#"))
        for row in self.rows(CASES):
            if (name := self.file_name(row)) and name.value:
                self.file(f"cases/{name.value}.yaml").add("", case(row), row.get("#"))
        id = self.head.get("id")
        return RuleFiles(str(id.value) if id else "", self.made, self.book.problems)

    def file(self, path: str) -> RuleFile:
        return self.made.setdefault(path, RuleFile())

    def rows(self, sheet: RuleSheet, levels: bool = False) -> list[dict[str, Placed]]:
        return self.book.table(sheet, levels).rows

    def head_rows(self) -> dict[str, Placed]:
        """Key → value of the first sheet."""
        known = {name: (key, kind) for name, key, kind in HEAD_ROWS}
        found: dict[str, Placed] = {}
        for row in self.rows(HEAD):
            name = str(row["name"].value).strip()
            if name not in known:
                self.book.wrong(row["name"].cell, "E703", f"没有“{name}”这一项", suggest(name, known))
            elif (key := known[name][0]) in found:
                self.book.wrong(row["name"].cell, "E703", f"“{name}”写了两行", "留一行")
            elif "value" in row:
                value = row["value"]
                found[key] = self.parsed(value) if known[name][1] == "yaml" else value
        return found

    def parsed(self, placed: Placed) -> Placed:
        """Text of the first sheet that is meant as a number or a day."""
        document = parse_yaml(str(placed.value), self.book.shown)
        for problem in document.problems:
            self.book.wrong(placed.cell, problem.code, problem.says, problem.hint)
        return Placed(document.data, placed.cell)

    def ruleset_file(self) -> None:
        file = self.file("ruleset.yaml")
        for key, value in entry(self.head, ("#",)).items():
            file.add(key, value, None)
        if note := self.head.get("#"):
            file.notes[next(iter(entry(self.head, ("#",))), "id")] = note.value
        if self.tailoring:
            for sheet in BASE_ONLY:
                if sheet.name in self.book.grids:
                    hint = "它跟着沿用的那一套走；删掉这张表"
                    self.book.wrong(sheet.name, "E702", f"本地细则里不写“{sheet.name}”", hint)
        modules = [entry(row) for row in self.rows(MODULE_TITLES if self.tailoring else MODULES)]
        bands = [entry(row) for row in self.rows(BANDS)]
        for key, found in (("levels", self.pairs(LEVELS)), ("bands", bands), ("modules", modules)):
            if found or not self.tailoring:
                file.add(key, found, None)
        if self.tailoring:
            return
        if places := self.pairs(PLACES):
            file.add("places", places, None)
        for key, sheet in (("site_kinds", SITE_KINDS), ("costs", COSTS), ("bodies", BODIES)):
            if (found := self.entries(sheet)) or key == "costs":
                file.add(key, found, None)

    def entries(self, sheet: RuleSheet) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in self.rows(sheet):
            self.once(found, row)
            found[row["key"].value] = entry(row, ("key",))
        return found

    def pairs(self, sheet: RuleSheet) -> dict[str, Placed]:
        found: dict[str, Placed] = {}
        for row in self.rows(sheet):
            self.once(found, row)
            found[row["key"].value] = row.get("value", Placed(None, row["key"].cell))
        return found

    def once(self, found: Mapping[str, Any], row: Row) -> None:
        if row["key"].value in found:
            self.book.wrong(row["key"].cell, "E105", f"“{row['key'].value}”写了两遍", "留一行")

    def module_files(self) -> None:
        modules = {row["id"].value for row in self.rows(MODULES)}
        for module in modules:
            if FILE_NAME.fullmatch(str(module)):
                self.file(f"{module}.yaml")
        for row in self.rows(CRITERIA, levels=True):
            match = CRITERION_ID.fullmatch(str(row["id"].value).strip())
            if match is None:
                self.book.wrong(row["id"].cell, "E206", f"“{row['id'].value}”不合编号规则", "写成 FAC-01 这样")
            elif match[1] not in modules:
                says, hint = f"没有 {match[1]} 这个模块", f"“模块”表里有：{'、'.join(map(str, sorted(modules)))}"
                self.book.wrong(row["id"].cell, "E315", says, hint)
            else:
                self.file(f"{match[1]}.yaml").add("", self.criterion(row), row.get("#"))

    def changes_file(self) -> None:
        file = self.file("changes.yaml")
        kinds: dict[str, list[Any]] = {"change": [], "replace": [], "add": [], "drop": []}
        for row in self.rows(RuleSheet(CRITERIA.name, (*CHANGE, *CRITERIA.columns)), levels=True):
            kind = row["change"]
            if kind.value not in ("replace", "add"):
                self.book.wrong(kind.cell, "E205", f"“{kind.value}”不在可选范围", "只能填 改 或 增")
                continue
            if note := row.get("#"):
                file.notes[f"{kind.value}.{len(kinds[str(kind.value)])}"] = note.value
            beside = {key: row[key] for key in ("why", "of") if key in row}
            kinds[str(kind.value)].append({**beside, "criterion": self.criterion(row)})
        for name, sheet in (("change", KEY_CHANGES), ("drop", DROPS)):
            for row in self.rows(sheet):
                if note := row.get("#"):
                    file.notes[f"{name}.{len(kinds[name])}"] = note.value
                kinds[name].append(entry(row, ("#",)))
        for name, entries in kinds.items():
            if entries:
                file.add(name, entries, None)

    def declared(self, sheet: RuleSheet, folder: str) -> None:
        for row in self.rows(sheet):
            if (name := self.file_name(row)) is not None:
                path = f"{folder}/{name.value}.yaml" if name.value else f"{folder}.yaml"
                value = with_pair(entry(row, ("key", "file", "#")), "yuan")
                self.file(path).add(str(row["key"].value).strip(), value, row.get("#"))

    def file_name(self, row: Row) -> Placed | None:
        """The name of the file that a row belongs to: one word, never a path."""
        name = row.get("file", Placed("", ""))
        if name.value and not FILE_NAME.fullmatch(str(name.value)):
            self.book.wrong(name.cell, "E206", f"“{name.value}”不能做文件名", "只用字母、数字、汉字、下划线和短横线")
            return None
        return name

    def criterion(self, row: Row) -> dict[str, Any]:
        """The columns of the scale folded back into one key."""
        levels = {
            key.removeprefix("level."): self.level(value) for key, value in row.items() if key.startswith("level.")
        }
        kind = row.get("scale")
        made: dict[str, Any] = {}
        for key, value in entry({k: v for k, v in row.items() if not k.startswith("level.")}).items():
            if key == "scale":
                made |= scale_of(str(value.value), row, levels)
            elif key not in _FOLDED or (key == "measure" and kind is None):
                made[key] = clauses_of(value) if key == "phrases" else value
        if kind is None or kind.value not in SCALES:
            says = f"没有“{kind.value}”这种评分方式" if kind else "没有填“评分方式”"
            self.book.wrong(
                (kind or row["id"]).cell, "E306", says, f"可以填的有：{'、'.join(SCALE[k] for k in SCALES)}"
            )
        return made

    def level(self, placed: Placed) -> Placed:
        """``90%``, ``90% 自定``, ``[owned, allocated]``, ``{fact: …}``."""
        text = str(placed.value).strip()
        value = self.parsed(Placed(text.removesuffix(OURS_SUFFIX).strip(), placed.cell))
        return Placed({"is": value.value, "ours": True}, placed.cell) if text.endswith(OURS_SUFFIX) else value
