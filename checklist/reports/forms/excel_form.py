"""The Excel form: one row a fact, what was recorded greyed beside it, white cells to fill in; nothing else can be typed
over. Every text goes in as text: no cell that holds words from a file is ever a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Reading, State
from checklist.reports.formats.spreadsheets import Looks, print_setup, row_height, workbook_bytes
from checklist.reports.forms.form_back_sheets import declared_sheet, options_sheet, stamp_sheet
from checklist.reports.forms.form_cells import (
    ask,
    before_text,
    column_letters,
    date_rule,
    how,
    value_cell,
)
from checklist.reports.forms.form_summary_sheet import summary_sheet
from checklist.reports.forms.questions import QuestionGroup
from checklist.values.headings import HEADINGS, STAMP, UNSURE_WORD

MAIN, DECLARED, SUMMARY, OPTIONS = "填报表", "不适用", "汇总", "选项"
OPEN: Final[dict[str, Any]] = {"locked": False}
TEXT: Final = {**OPEN, "num_format": "@"}
DAY: Final = {**OPEN, "num_format": "yyyy-mm-dd"}
"""The white cells."""
GREY: Final[dict[str, Any]] = {"font_color": "#7F7F7F", "bg_color": "#F7F7F7"}
_COLUMNS: Final = (
    "fact",
    "label",
    "ask",
    "unit",
    "before",
    "before_on",
    "same",
    "value",
    "on",
    "by",
    "evidence",
    "note",
)
_TITLES: Final = {"ask": "怎么核", "unit": "单位", "before": "上次记录", "before_on": "上次核实"}
_WIDTHS: Final = (15, 20, 38, 7, 15, 10.5, 6, 13, 11, 9, 18, 20)
AT: Final = {name: i for i, name in enumerate(_COLUMNS)}
_HEAD_ROW: Final = 3


@dataclass(frozen=True, slots=True)
class FormContent:
    """``sealed`` is the record as the hidden sheet keeps it. ``filled`` puts the record into the white cells too."""

    state: State
    groups: Sequence[QuestionGroup]
    declarable: Sequence[Criterion]
    assessment: Assessment
    sealed: str
    made_on: date
    filled: bool = False


def form_xlsx(content: FormContent) -> bytes:
    """The workbook as bytes; the same content gives the same bytes. Raises Refusal."""
    return workbook_bytes(lambda book, looks: _Form(book, looks, content).write(), content.made_on)


class _Form:
    def __init__(self, book: Any, looks: Looks, content: FormContent) -> None:
        self.book, self.looks, self.content = book, looks, content
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        main = self.book.add_worksheet(MAIN)
        ranges = self.main(main)
        declared = self.book.add_worksheet(DECLARED)
        declared_sheet(declared, self.content.declarable, self.content.state, self.looks)
        summary = self.book.add_worksheet(SUMMARY)
        summary_sheet(self.book, summary, self.looks, MAIN, ranges, self.content.assessment)
        options_sheet(self.book.add_worksheet(OPTIONS), self.lists)
        stamp_sheet(self.book.add_worksheet(STAMP), self.content.state, self.content.sealed)
        main.activate()

    def main(self, sheet: Any) -> list[tuple[str, int, int, int]]:
        """The rows to fill in; gives each group's title, its first and last row (from 0) and how many are filled."""
        content, last = self.content, len(_COLUMNS) - 1
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 30)
        put = self.looks.put
        sheet.merge_range(0, 0, 0, last, "", self.looks.of("title"))
        put(sheet, 0, 0, f"{content.state.community.name}　自查填报表", "title", align="center")
        self.above(sheet)
        for column, name in enumerate(_COLUMNS):
            title = _TITLES.get(name) or HEADINGS[name][0]  # type: ignore[index]
            put(sheet, _HEAD_ROW, column, title, "head")
        row, ranges = _HEAD_ROW + 1, []
        for group in content.groups:
            sheet.merge_range(row, 0, row, last, "", self.looks.of("name"))
            put(sheet, row, 0, f"{group.title}（{len(group.facts)} 项，约 {group.minutes} 分钟）", "name")
            done = sum(f.id in content.state.readings for f in group.facts) if content.filled else 0
            ranges.append((group.title, row + 1, row + len(group.facts), done))
            for fact in group.facts:
                row += 1
                self.row(sheet, row, fact)
            row += 1
        self.layout(sheet, row)
        return ranges

    def above(self, sheet: Any) -> None:
        put = self.looks.put
        put(sheet, 1, 0, "填报人：", "plain")
        put(sheet, 1, 1, None, **TEXT)
        put(sheet, 1, 3, "填报日期：", "plain")
        put(sheet, 1, 4, None, **DAY)
        self.dates(sheet, 1, AT["before"])
        says = "只填白格。没变化的在“仍然如此”打 √；看不到的填“说不清”；没有就填 0 或“无”；没核过就空着。"
        put(sheet, 2, 0, says, "plain")

    def row(self, sheet: Any, row: int, fact: Fact) -> None:
        put, reading = self.looks.put, self.content.state.readings.get(fact.id)
        put(sheet, row, AT["fact"], fact.id, text_wrap=False, font_size=7, font_color="#7F7F7F")
        put(sheet, row, AT["label"], fact.label)
        put(sheet, row, AT["ask"], ask(fact))
        put(sheet, row, AT["unit"], "%" if fact.type == "ratio" else fact.unit)
        put(sheet, row, AT["before"], before_text(fact, reading), **GREY)
        put(sheet, row, AT["before_on"], reading.on if reading else None, **GREY)
        for name in ("same", "by", "evidence", "note"):
            put(sheet, row, AT[name], None, **TEXT)
        put(sheet, row, AT["value"], None, **value_look(fact))
        put(sheet, row, AT["on"], None, **DAY)
        if reading is not None and reading.value is not None:
            sheet.data_validation(row, AT["same"], row, AT["same"], {"validate": "list", "source": ["√"]})
        self.validation(sheet, row, fact)
        self.dates(sheet, row, AT["on"])
        if self.content.filled and reading is not None:
            self.fill_in(sheet, row, fact, reading)
        sheet.set_row(row, row_height((fact.label, ask(fact)), (_WIDTHS[AT["label"]], _WIDTHS[AT["ask"]])))

    def validation(self, sheet: Any, row: int, fact: Fact) -> None:
        column, rule = AT["value"], {}
        cell = f"${chr(65 + column)}${row + 1}"
        note = {"input_title": fact.label[:32], "input_message": f"{how(fact)}看不到填“{UNSURE_WORD}”"[:255]}
        match fact.type:
            case "bool":
                rule = {"validate": "list", "source": self.listed(("是", "否", UNSURE_WORD))}
            case "choice":
                rule = {"validate": "list", "source": self.listed((*fact.options.values(), UNSURE_WORD))}
            case "count" | "number":
                whole = f",{cell}=INT({cell})" if fact.type == "count" else ""
                high = f",{cell}<={fact.high}" if isinstance(fact.high, int) else ""
                formula = f"=OR(ISTEXT({cell}),AND(ISNUMBER({cell}),{cell}>={fact.low}{high}{whole}))"
                rule = {
                    "validate": "custom",
                    "value": formula,
                    "error_title": "数不对",
                    "error_message": how(fact)[:255],
                }
            case "date":
                rule = date_rule()
            case _:
                rule = {"validate": "any"}
        sheet.data_validation(row, column, row, column, {**rule, **note})

    def dates(self, sheet: Any, row: int, column: int) -> None:
        sheet.data_validation(row, column, row, column, date_rule())

    def listed(self, options: tuple[str, ...]) -> str:
        """Drop-downs stand on a sheet of their own: written into the cell they may not exceed 255 characters."""
        if options not in self.lists:
            column = column_letters(len(self.lists))
            self.lists[options] = f"={OPTIONS}!${column}$1:${column}${len(options)}"
        return self.lists[options]

    def fill_in(self, sheet: Any, row: int, fact: Fact, reading: Reading) -> None:
        value, put = value_cell(fact, reading), self.looks.put
        look = TEXT if isinstance(value, str) else value_look(fact)
        put(sheet, row, AT["value"], value, **look)
        put(sheet, row, AT["on"], reading.on, **DAY)
        for name, text in (("by", reading.by), ("evidence", "\n".join(reading.evidence)), ("note", reading.note)):
            put(sheet, row, AT[name], text, **TEXT)

    def layout(self, sheet: Any, rows: int) -> None:
        sheet.freeze_panes(_HEAD_ROW + 1, 2)
        print_setup(sheet, _HEAD_ROW)
        sheet.print_area(0, 0, max(rows - 1, _HEAD_ROW), len(_COLUMNS) - 1)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_hyperlinks", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))


def value_look(fact: Fact) -> dict[str, Any]:
    """Ratios are text, so that 41/50 does not turn into a date."""
    if fact.type == "date":
        return DAY
    return OPEN if fact.type in ("count", "number") else TEXT
