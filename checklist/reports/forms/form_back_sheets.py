"""The form's other sheets: what does not apply, the drop-downs, and the stamp by which the form is known again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from checklist.model.rules.ruleset import Criterion
from checklist.model.state import State
from checklist.reports.formats.spreadsheets import Looks, print_setup
from checklist.values.headings import HEADINGS, STAMP_HEAD

TITLE: Final = "填报表"
VERSION: Final = "1"
_CHUNK: Final = 8_000


def declared_sheet(sheet: Any, declarable: Sequence[Criterion], state: State, looks: Looks) -> None:
    """Criteria that a community may declare not to apply."""
    for column, width in enumerate((12, 34, 36, 36, 14)):
        sheet.set_column(column, column, width)
    looks.put(
        sheet, 0, 0, "辖区里确实没有的事才填，理由写清楚没有什么；只写“无”不算理由。没有核过的不要填在这里。", "plain"
    )
    titles = ("测评标准", "什么情况可以不适用")
    looks.head(sheet, 1, (HEADINGS["criterion"][0], *titles, HEADINGS["reason"][0], HEADINGS["until"][0]))
    for row, criterion in enumerate(declarable, 2):
        for column, text in enumerate((criterion.id, criterion.title, criterion.na_when)):
            looks.put(sheet, row, column, text)
        said = state.not_applicable.get(criterion.id)
        looks.put(sheet, row, 3, said.reason if said else None, locked=False, num_format="@")
        looks.put(sheet, row, 4, said.until if said else None, locked=False, num_format="yyyy-mm-dd")
    sheet.freeze_panes(2, 0)
    print_setup(sheet, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def options_sheet(sheet: Any, lists: Iterable[tuple[str, ...]]) -> None:
    """A column for each drop-down; hidden."""
    for column, options in enumerate(lists):
        for row, option in enumerate(options):
            sheet.write_string(row, column, option)
    sheet.hide()


def stamp_sheet(sheet: Any, state: State, sealed: str, *, filled: bool) -> None:
    """Which record the form was made from, for the way back, and whether the record stands ``filled`` in
    its columns of sites; hidden."""
    rows = [(STAMP_HEAD, TITLE, VERSION), ("ruleset", state.ruleset), ("as_of", state.as_of.isoformat())]
    rows += [("base", sealed[i : i + _CHUNK]) for i in range(0, len(sealed), _CHUNK)]
    rows += [("filled", "1")] if filled else []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.hide()
