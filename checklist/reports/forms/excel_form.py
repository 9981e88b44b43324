"""The Excel form: one row a fact, what was recorded greyed beside it, white cells to fill in; nothing else can be typed
over. Every text goes in as text: no cell that holds words from a file is ever a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final

from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Reading, State
from checklist.reports.formats.spreadsheets import harmless, workbook_bytes
from checklist.reports.forms.form_back_sheets import declared_sheet, options_sheet, stamp_sheet
from checklist.reports.forms.form_cells import (
    ask,
    before_text,
    cell_text,
    cells_wide,
    column_letters,
    date_rule,
    fits,
    how,
)
from checklist.reports.forms.form_summary_sheet import summary_sheet
from checklist.reports.forms.questions import QuestionGroup
from checklist.values.headings import HEADINGS, STAMP, UNSURE_WORD

MAIN, DECLARED, SUMMARY, OPTIONS = "填报表", "不适用", "汇总", "选项"
LONGEST: Final = 32_000
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
    return workbook_bytes(lambda book: _Form(book, content).write(), content.made_on)


class _Form:
    def __init__(self, book: Any, content: FormContent) -> None:
        self.book, self.content = book, content
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
        open_ = {**base, "locked": False}

        def style(**more: Any) -> Any:
            return book.add_format({**base, **more})

        self.title = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
        self.plain = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter"})
        self.head = style(bold=True, bg_color="#D9E2F3", align="center")
        self.group = style(bold=True, bg_color="#F2F2F2")
        self.locked = style()
        self.id = book.add_format({**base, "text_wrap": False, "font_size": 7, "font_color": "#7F7F7F"})
        self.grey = style(font_color="#7F7F7F", bg_color="#F7F7F7")
        self.grey_day = style(font_color="#7F7F7F", bg_color="#F7F7F7", num_format="yyyy-mm-dd")
        self.fill = book.add_format(open_)
        self.text = book.add_format({**open_, "num_format": "@"})
        self.number = book.add_format({**open_, "num_format": "General"})
        self.day = book.add_format({**open_, "num_format": "yyyy-mm-dd"})
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        main = self.book.add_worksheet(MAIN)
        ranges = self.main(main)
        styles = {name: getattr(self, name) for name in ("plain", "head", "locked", "text", "day")}
        declared_sheet(self.book.add_worksheet(DECLARED), self.content.declarable, self.content.state, styles)
        summary_sheet(self.book, self.book.add_worksheet(SUMMARY), MAIN, ranges, self.content.assessment)
        options_sheet(self.book.add_worksheet(OPTIONS), self.lists)
        stamp_sheet(self.book.add_worksheet(STAMP), self.content.state, self.content.sealed)
        main.activate()

    def main(self, sheet: Any) -> list[tuple[str, int, int, int]]:
        """The rows to fill in; gives each group's title, its first and last row (from 0) and how many are filled."""
        content, last = self.content, len(_COLUMNS) - 1
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, last, "", self.title)
        sheet.write_string(0, 0, harmless(f"{content.state.community.name}　自查填报表")[:LONGEST], self.title)
        self.above(sheet)
        for column, name in enumerate(_COLUMNS):
            title = _TITLES.get(name) or HEADINGS[name][0]  # type: ignore[index]
            sheet.write_string(_HEAD_ROW, column, title, self.head)
        row, ranges = _HEAD_ROW + 1, []
        for group in content.groups:
            sheet.merge_range(row, 0, row, last, "", self.group)
            sheet.write_string(row, 0, f"{group.title}（{len(group.facts)} 项，约 {group.minutes} 分钟）", self.group)
            done = sum(f.id in content.state.readings for f in group.facts) if content.filled else 0
            ranges.append((group.title, row + 1, row + len(group.facts), done))
            for fact in group.facts:
                row += 1
                self.row(sheet, row, fact)
            row += 1
        self.layout(sheet, row)
        return ranges

    def above(self, sheet: Any) -> None:
        sheet.write_string(1, 0, "填报人：", self.plain)
        sheet.write_blank(1, 1, None, self.text)
        sheet.write_string(1, 3, "填报日期：", self.plain)
        sheet.write_blank(1, 4, None, self.day)
        self.dates(sheet, 1, AT["before"])
        says = "只填白格。没变化的在“仍然如此”打 √；看不到的填“说不清”；没有就填 0 或“无”；没核过就空着。"
        sheet.write_string(2, 0, says, self.plain)

    def row(self, sheet: Any, row: int, fact: Fact) -> None:
        reading = self.content.state.readings.get(fact.id)
        sheet.write_string(row, AT["fact"], fact.id, self.id)
        sheet.write_string(row, AT["label"], fact.label, self.locked)
        sheet.write_string(row, AT["ask"], ask(fact)[:LONGEST], self.locked)
        sheet.write_string(row, AT["unit"], "%" if fact.type == "ratio" else fact.unit, self.locked)
        known = reading is not None and reading.value is not None
        sheet.write_string(row, AT["before"], harmless(before_text(fact, reading))[:LONGEST], self.grey)
        if reading is not None:
            sheet.write_datetime(row, AT["before_on"], datetime.combine(reading.on, time()), self.grey_day)
        else:
            sheet.write_blank(row, AT["before_on"], None, self.grey)
        for name in ("same", "by", "evidence", "note"):
            sheet.write_blank(row, AT[name], None, self.text)
        value_format = self.value_format(fact)
        sheet.write_blank(row, AT["value"], None, value_format)
        sheet.write_blank(row, AT["on"], None, self.day)
        if known:
            sheet.data_validation(row, AT["same"], row, AT["same"], {"validate": "list", "source": ["√"]})
        self.validation(sheet, row, fact)
        self.dates(sheet, row, AT["on"])
        if self.content.filled and reading is not None:
            self.fill_in(sheet, row, fact, reading, value_format)
        sheet.set_row(row, 15 * max(1, -(-cells_wide(ask(fact)) // 35), -(-cells_wide(fact.label) // 18)))

    def value_format(self, fact: Fact) -> Any:
        """Ratios are text, so that 41/50 does not turn into a date."""
        if fact.type == "date":
            return self.day
        return self.number if fact.type in ("count", "number") else self.text

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

    def fill_in(self, sheet: Any, row: int, fact: Fact, reading: Reading, value_format: Any) -> None:
        value = reading.value
        if isinstance(value, date):
            sheet.write_datetime(row, AT["value"], datetime.combine(value, time()), value_format)
        elif fact.type in ("count", "number") and isinstance(value, int | Fraction) and fits(value):
            sheet.write_number(row, AT["value"], float(value), value_format)
        elif (text := cell_text(fact, reading)) != "":
            sheet.write_string(row, AT["value"], harmless(text)[:LONGEST], self.text)
        sheet.write_datetime(row, AT["on"], datetime.combine(reading.on, time()), self.day)
        for name, text in (("by", reading.by), ("evidence", "\n".join(reading.evidence)), ("note", reading.note)):
            if text:
                sheet.write_string(row, AT[name], harmless(text)[:LONGEST], self.text)

    def layout(self, sheet: Any, rows: int) -> None:
        sheet.freeze_panes(_HEAD_ROW + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.print_area(0, 0, max(rows - 1, _HEAD_ROW), len(_COLUMNS) - 1)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_hyperlinks", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
