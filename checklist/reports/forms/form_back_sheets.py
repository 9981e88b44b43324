"""The form's other sheets: what does not apply, the drop-downs, and the stamp by which the form is known again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from checklist.model.rules.ruleset import Criterion
from checklist.model.state import NotApplicable, State
from checklist.reports.formats.spreadsheets import harmless
from checklist.values.headings import HEADINGS, STAMP_HEAD

TITLE: Final = "填报表"
VERSION: Final = "1"
_CHUNK: Final = 8_000


def declared_sheet(sheet: Any, declarable: Sequence[Criterion], state: State, styles: Mapping[str, Any]) -> None:
    """Criteria that a community may declare not to apply."""
    for column, width in enumerate((12, 34, 36, 36, 14)):
        sheet.set_column(column, column, width)
    says = "辖区里确实没有的事才填理由；没有核过的不要填在这里。"
    sheet.write_string(0, 0, says, styles["plain"])
    titles = (
        HEADINGS["criterion"][0],
        "测评标准",
        "什么情况可以不适用",
        HEADINGS["reason"][0],
        HEADINGS["until"][0],
    )
    for column, title in enumerate(titles):
        sheet.write_string(1, column, title, styles["head"])
    standing: Mapping[str, NotApplicable] = state.not_applicable
    for row, criterion in enumerate(declarable, 2):
        for column, text in enumerate((criterion.id, criterion.title, criterion.na_when)):
            sheet.write_string(row, column, text, styles["locked"])
        said = standing.get(criterion.id)
        sheet.write_string(row, 3, harmless(said.reason), styles["text"]) if said else sheet.write_blank(
            row, 3, None, styles["text"]
        )
        if said and said.until:
            sheet.write_datetime(row, 4, datetime.combine(said.until, time()), styles["day"])
        else:
            sheet.write_blank(row, 4, None, styles["day"])
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def options_sheet(sheet: Any, lists: Iterable[tuple[str, ...]]) -> None:
    """A column for each drop-down; hidden."""
    for column, options in enumerate(lists):
        for row, option in enumerate(options):
            sheet.write_string(row, column, option)
    sheet.hide()


def stamp_sheet(sheet: Any, state: State, sealed: str) -> None:
    """Which record the form was made from, for the way back; hidden."""
    rows = [(STAMP_HEAD, TITLE, VERSION), ("ruleset", state.ruleset), ("as_of", state.as_of.isoformat())]
    rows += [("base", sealed[i : i + _CHUNK]) for i in range(0, len(sealed), _CHUNK)]
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.hide()
