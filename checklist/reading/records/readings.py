"""Answers out of a table: readings with the cell that each came from, and every mistake in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checklist.model.problems import Problem, in_order
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.records.settled_sites import settle
from checklist.reading.records.site_sheets import site_sheets
from checklist.reading.records.table_answers import Attached, Defaults, TableAnswers
from checklist.reading.records.table_rows import Rows
from checklist.reading.tables.recognising import RecognisedTable, find_answers, hidden_answers, missing_columns

__all__ = ["Attached", "Defaults", "TableAnswers", "read_filled"]


def read_filled(
    table: RecognisedTable, ruleset: Ruleset, today: date, given: Defaults | None = None
) -> tuple[tuple[TableAnswers, ...], tuple[Problem, ...]]:
    """The answers for each community in the table, and every problem.

    A row without a date takes the one above the table, then ``given``, then the day of a wide table's record, then
    ``today`` (said as advice W232). Raises FilesHaveProblems when the file holds no table of answers at all.
    """
    reader = Rows(table, ruleset, today, given or Defaults())
    beside = site_sheets(table, reader)
    table = replace(table, sheets=tuple(s for s in table.sheets if all(s is not one.sheet for one in beside)))
    above = reader.given
    for found in find_answers(table, ruleset):
        reader.sheet(found)
        above = reader.above(found) if found.kind == "form" and above == reader.given else above
    for filled in reader.filled.values():
        settle(reader.sites, filled)
    for one in beside:
        one.read(above, reader.filled["", None])
    reader.problems += missing_columns(table, ruleset)
    for sheet in hidden_answers(table, ruleset):
        says = f"工作表“{sheet.name}”是隐藏的，没有读"
        reader.problems.append(Problem(sheet.where(0, 0), "W237", says, "里面有要收的，就取消隐藏再存盘"))
    return tuple(reader.filled.values()), in_order(reader.problems)
