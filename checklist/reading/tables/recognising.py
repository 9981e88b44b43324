"""What a spreadsheet is: a filled-in form, a long table (a row a reading), a wide table (a row a community).

Columns are found by their headings wherever they stand; extra columns are left alone, extra rows above too.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.missing_columns import missing_column
from checklist.reading.tables.spreadsheet import Sheet, heading, read_sheets
from checklist.reading.tables.table_body import TableBody, body_of
from checklist.reading.yaml.file_text import MAX_BYTES
from checklist.reading.yaml.yaml_file import YamlFile, parse_yaml
from checklist.values.cells import RawCell, plain, words
from checklist.values.headings import (
    HEADINGS,
    STAMP,
    STAMP_HEAD,
    KnownColumn,
    column_of,
    fact_of,
    kind_columns,
    label_index,
    total_named,
)

_LOOK_IN_ROWS: Final = 40


@dataclass(frozen=True, slots=True)
class Stamp:
    """``base`` is the record that the form was made from, as the text of a state file; ``filled`` that it was put into
    the columns of sites."""

    base: YamlFile
    filled: bool = False


@dataclass(frozen=True)
class Found:
    """One sheet that holds answers. ``head`` is the row of headings; ``facts`` maps columns of a wide table, ``kinds``
    those in which sites of one kind are named (小区), ``totals`` those that say how many there are of one (小区总数)."""

    kind: Literal["form", "long", "wide", "declared"]
    sheet: Sheet
    head: int
    columns: Mapping[KnownColumn, int]
    facts: Mapping[int, str]
    unused: tuple[int, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)
    totals: Mapping[int, str] = field(default_factory=dict)

    def cell(self, row: int, column: KnownColumn) -> RawCell:
        """What stands in a column, merged cells spread over their rows."""
        return self.spread(row, self.columns.get(column))

    def spread(self, row: int, at: int | None) -> RawCell:
        """The same of any column."""
        return self.sheet.spread(row, at, self.head)

    @property
    def sites(self) -> tuple[int, ...]:
        """The columns that say which site a row is about."""
        told = (self.columns.get("site"), self.columns.get("site_id"), *self.kinds)
        return tuple(at for at in told if at is not None)

    @cached_property
    def body(self) -> TableBody:
        """The rows below the headings, by what they are."""
        about: tuple[KnownColumn, ...] = ("community", "community_id", "fact", "label", "criterion")
        return body_of(self.sheet, self.head, map(self.columns.get, about), self._names_a_fact)

    def _names_a_fact(self, cells: Sequence[RawCell]) -> bool:
        """公益广告总数 is no total."""
        keys = [self.columns[name] for name in ("fact", "label") if name in self.columns]
        return any(at < len(cells) and fact_of(plain(cells[at]), self.labels) is not None for at in keys)

    def value(self, row: int) -> RawCell:
        """The value, which no row has from another: merged cells do not say whether it is meant for each."""
        return self.sheet.at(row, self.columns["value"])

    def lost(self, row: int) -> tuple[str, str]:
        """Why there is no value where somebody meant one, and the way out; two empty strings otherwise."""
        place = (row, self.columns["value"])
        if place in self.sheet.failed:
            return "是公式，没有算出结果", "直接填值；或用 WPS 打开，等它算好再存盘"
        if self.sheet.merged.get(place, 0) > self.head:
            return "和上面一行合并成了一格", "取消合并，每一行各填各的"
        return "", ""


@dataclass(frozen=True, slots=True)
class RecognisedTable:
    file: str
    sheets: tuple[Sheet, ...]
    stamp: Stamp | None


def open_table(path: Path, shown: str | None = None) -> RecognisedTable:
    """Read the file and its stamp. Raises FilesHaveProblems when it cannot be read."""
    sheets = read_sheets(path, shown)
    stamp = next((s for s in sheets if s.name == STAMP), None)
    return RecognisedTable(shown or str(path), sheets, _stamp(stamp) if stamp else None)


def seal(text: str) -> str:
    """A state file's text as it is kept on the hidden sheet: nothing that a spreadsheet program could rewrite."""
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def _stamp(sheet: Sheet) -> Stamp | None:
    rows = [[plain(cell) for cell in row] for row in sheet.rows]
    if not rows or not rows[0] or rows[0][0] != STAMP_HEAD:
        return None
    sealed = "".join(row[1] for row in rows if len(row) > 1 and row[0] == "base")
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(base64.b64decode(sealed, validate=True), MAX_BYTES)
        if opened.unconsumed_tail:
            raise ValueError
        text = data.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):
        where = Where(sheet.file, cell=f"{sheet.name}!A1")
        says = "隐藏的“标识”表被改坏了，认不出这份表是哪个社区的"
        raise FilesHaveProblems([Problem(where, "E114", says, "重新生成一份填报表，把填好的内容粘过去")]) from None
    return Stamp(parse_yaml(text, sheet.file), any(row[0] == "filled" for row in rows if row))


def find_answers(table: RecognisedTable, ruleset: Ruleset) -> tuple[Found, ...]:
    """Every sheet that holds answers. Raises FilesHaveProblems when there is none."""
    labels = label_index(ruleset)
    found = tuple(
        f
        for sheet in table.sheets
        if not sheet.hidden and sheet.name != STAMP and (f := _recognise(sheet, ruleset, labels)) is not None
    )
    if not found:
        if lacking := missing_columns(table, ruleset):
            raise FilesHaveProblems(lacking)
        says = "没有找到填报的内容"
        hint = "表头要有“编号”（或“实测项”）和“实测值”；多个社区的总表要有“社区”和各实测项的名称"
        raise FilesHaveProblems([Problem(Where(table.file), "E113", says, hint)])
    return found


def missing_columns(table: RecognisedTable, ruleset: Ruleset) -> tuple[Problem, ...]:
    """One for each sheet that would hold answers, had it one more heading."""
    labels = label_index(ruleset)
    seen = [s for s in table.sheets if not s.hidden and s.name != STAMP and not _recognise(s, ruleset, labels)]
    told = (missing_column(sheet, ruleset, _LOOK_IN_ROWS) for sheet in seen)
    return tuple(problem for problem in told if problem is not None)


def hidden_answers(table: RecognisedTable, ruleset: Ruleset) -> tuple[Sheet, ...]:
    """Hidden sheets that look like a form: nobody saw what is in them, so they are not read."""
    labels = label_index(ruleset)
    return tuple(s for s in table.sheets if s.hidden and s.name != STAMP and _recognise(s, ruleset, labels) is not None)


def named_ruleset(table: RecognisedTable) -> str | None:
    """The ruleset that a table names for its records: the first below the heading 测评体系."""
    for sheet in table.sheets:
        for row in range(min(len(sheet.rows), _LOOK_IN_ROWS)):
            at = next((i for i, cell in enumerate(sheet.rows[row]) if heading(cell) == HEADINGS["ruleset"][0]), None)
            below = (words(sheet.at(under, at)) for under in range(row + 1, len(sheet.rows)))
            if at is not None and (name := next(filter(None, below), "")):
                return name
    return None


def _recognise(sheet: Sheet, ruleset: Ruleset, labels: Mapping[str, str]) -> Found | None:
    for row in range(min(len(sheet.rows), _LOOK_IN_ROWS)):
        found = _headed(sheet, row, ruleset, labels)
        if found is not None:
            return found
    return None


def _headed(sheet: Sheet, row: int, ruleset: Ruleset, labels: Mapping[str, str]) -> Found | None:
    columns: dict[KnownColumn, int] = {}
    facts: dict[int, str] = {}
    other: list[int] = []
    names = [heading(cell) for cell in sheet.rows[row]]
    kinds = kind_columns(names, ruleset)
    totals: dict[int, str] = {}
    for at, name in enumerate(names):
        if not name or at in kinds:
            continue
        column, fact = column_of(name), fact_of(name, labels)
        if column is not None and column not in columns:
            columns[column] = at
        elif fact is not None:
            facts[at] = fact
        elif (kind := total_named(name, ruleset.site_kinds)) and kind not in totals.values():
            totals[at] = kind
        else:
            other.append(at)
    if "criterion" in columns and "reason" in columns:
        return Found("declared", sheet, row, columns, {}, kinds=kinds)
    if "value" in columns and ("fact" in columns or "label" in columns):
        shape: Literal["long", "form"] = "long" if _has_community(columns) else "form"
        return Found(shape, sheet, row, columns, {}, labels=labels, kinds=kinds, totals=totals)
    if (facts or "not_applicable" in columns) and _has_community(columns):
        return Found("wide", sheet, row, columns, facts, tuple(other), kinds=kinds, totals=totals)
    return None


def _has_community(columns: Iterable[str]) -> bool:
    return bool({"community", "community_id"} & set(columns))
