"""A ledger file, CSV or YAML, as people left it → Ledger, with every mistake that would lose something.

A mistake in a row costs that row: it is said, kept as it stands (``faulty``) and passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Final

import yaml

from checklist.model.ledger import COLUMNS, DATES, Comment, Ledger, LedgerEntry
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where, in_order
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reading.tables.table_body import body_of
from checklist.reading.yaml.yaml_file import read_yaml
from checklist.values.cells import RawCell, shown
from checklist.values.formula_starts import unguarded
from checklist.values.look_alikes import folded

ID: Final = "编号"
_LOOK_IN_ROWS: Final = 40


def read_ledger(path: Path, shown: str | None = None) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """The ledger and every problem in it; None when it cannot be used. A missing file is an empty ledger."""
    name = shown or str(path)
    if not path.exists():
        return Ledger(), ()
    if path.suffix.lower() in (".yaml", ".yml"):
        return _yaml(path, name)
    return _csv(path, name)


def _csv(path: Path, name: str) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """What stands above the headings, totals and footers are kept as they are: the file is written again."""
    try:
        (sheet,) = read_sheets(path, name)
    except FilesHaveProblems as refused:
        empty = refused.problems[0].code == "E104"
        return (Ledger(), ()) if empty else (None, tuple(refused.problems))
    if not sheet.rows:
        return Ledger(), ()
    head = next((row for row, cells in enumerate(sheet.rows[:_LOOK_IN_ROWS]) if ID in _heads(cells)), 0)
    columns = _heads(sheet.rows[head])
    if problems := _columns(columns, sheet.where(head, 0)):
        return None, tuple(problems)
    body = body_of(sheet, head, [columns.index(name) for name in (ID, "社区") if name in columns])
    rows = sorted({*body.rows, *body.longer})
    records = [_record(columns, _texts(sheet.rows[row]), row in body.longer) for row in rows]
    records, problems = _checked(records, lambda n, column: sheet.where(rows[n], columns.index(column)))
    above = tuple(map(_texts, sheet.rows[:head]))
    below = tuple(_texts(sheet.rows[row]) for row, kind in body.aside.items() if kind != "heading")
    return Ledger(columns, tuple(records), above=above, below=below), in_order([*body.problems, *problems])


def _record(columns: tuple[str, ...], texts: tuple[str, ...], longer: bool) -> LedgerEntry:
    width = len(columns)
    cells = dict(zip_longest(columns, texts[:width], fillvalue=""))
    return LedgerEntry(cells, faulty=longer, beyond=texts[width:] if longer else ())


def _heads(cells: Sequence[RawCell]) -> tuple[str, ...]:
    """The headings up to the last that says something; ``body_of`` sees to cells beyond."""
    ours = {folded(name): name for name in COLUMNS}
    columns = [ours.get(folded(str(cell or "")), str(cell or "").strip()) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    return tuple(columns)


def _texts(cells: Sequence[RawCell]) -> tuple[str, ...]:
    return tuple(unguarded(str(cell or "")) for cell in cells)


def _columns(columns: tuple[str, ...], where: Where) -> list[Problem]:
    problems = [
        Problem(where, "E231", f"表头里“{c}”写了两遍", "留一个") for c in sorted(set(columns)) if columns.count(c) > 1
    ]
    if ID not in columns:
        problems.append(Problem(where, "E230", f"表头里没有“{ID}”这一列", f"台账的列：{'、'.join(COLUMNS)}"))
    return problems


def _checked(
    records: Sequence[LedgerEntry], place: Callable[[int, str], Where]
) -> tuple[list[LedgerEntry], list[Problem]]:
    """The records, those that say something that cannot be read marked, and what that is. Of two with one number the
    first is believed."""
    seen: set[str] = set()
    checked, problems = [], []
    for n, record in enumerate(records):
        wrong = [Problem(place(n, column), "E233", says, hint) for column, says, hint in _days_that_are_none(record)]
        id = folded(record.text(ID))
        if id and id in seen:
            hint = "合并成一行，经过和备注都留下；先照前一行算"
            wrong.append(Problem(place(n, ID), "E234", f"编号 {record.text(ID)} 有两行", hint))
        seen.add(id)
        problems += wrong
        checked.append(replace(record, faulty=True) if wrong else record)
    return checked, problems


def _days_that_are_none(record: LedgerEntry) -> Iterator[tuple[str, str, str]]:
    for column in DATES:
        try:
            record.told_day(column)
        except NotAValue as reason:
            yield column, f"“{column}”里的日期看不懂：{shown(record.text(column))}", reason.hint


def _yaml(path: Path, name: str) -> tuple[Ledger | None, tuple[Problem, ...]]:
    document = read_yaml(path, name)
    if document.problems or not isinstance(document.root, yaml.MappingNode | yaml.SequenceNode):
        wrong = document.problems or [Problem(Where(name), "E235", "台账要是一串记录", "每条以“- 编号: ”开头")]
        return None, in_order(wrong)
    items = document.root.value if isinstance(document.root, yaml.SequenceNode) else []
    problems: list[Problem] = []
    if not isinstance(document.root, yaml.SequenceNode):
        problems.append(document.problem((), "E235", "台账要是一串记录", "每条以“- 编号: ”开头"))
    lines, used, records = document.lines, _Lines(document.lines), []
    head = used.until(items[0].start_mark.line) if items else ()
    for n, item in enumerate(items):
        if not isinstance(item, yaml.MappingNode) or any(not isinstance(v, yaml.ScalarNode) for _, v in item.value):
            problems.append(document.problem((n,), "E235", "一条记录要由“列名: 内容”组成", "内容写成文字"))
            continue
        cells, comments = {}, {}
        for key, value in item.value:
            above = used.until(key.start_mark.line)
            end = value.end_mark
            rest = lines[end.line][end.column :].strip() if end.line < len(lines) and value.style != "|" else ""
            beside = rest if rest.startswith("#") else ""
            used.skip(max(end.line + (1 if end.column else 0), key.start_mark.line + 1))
            cells[key.value] = value.value
            if above or beside:
                comments[key.value] = Comment(above, beside)
        records.append(LedgerEntry(cells, comments))
    tail = used.until(len(lines))
    records, wrong = _checked(records, lambda n, column: document.where((n, column), value=True))
    columns = tuple(dict.fromkeys([*COLUMNS, *(c for r in records for c in r.cells)]))
    ledger = None if problems else Ledger(columns, tuple(records), head, tail)
    return ledger, in_order([*problems, *wrong, *document.advice])


class _Lines:
    """Comment lines that no value has taken, in order."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0

    def until(self, line: int) -> tuple[str, ...]:
        found = tuple(text.strip() for text in self.lines[self.at : line] if text.lstrip().startswith("#"))
        self.at = max(self.at, line)
        return found

    def skip(self, line: int) -> None:
        self.at = max(self.at, line)
