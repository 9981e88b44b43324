"""The Excel form: one row a fact, what was recorded greyed beside it, white cells to fill in; nothing else can be typed
over. Every text goes in as text: no cell that holds words from a file is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from checklist.model.numbers import POINT
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Reading, Site, State
from checklist.reports.formats.spreadsheets import Looks, print_setup, row_height, workbook_bytes
from checklist.reports.forms.form_back_sheets import declared_sheet, options_sheet, stamp_sheet
from checklist.reports.forms.form_cells import (
    ask,
    before_text,
    column_letters,
    value_cell,
)
from checklist.reports.forms.form_looks import DAY, GREY, TEXT, value_look
from checklist.reports.forms.form_site_sheets import SiteSheets
from checklist.reports.forms.form_summary_sheet import Filling, summary_sheet
from checklist.reports.forms.questions import QuestionGroup, among, wanted
from checklist.reports.forms.typing_rules import DAYS, TICK, typing_rule
from checklist.values.headings import HEADINGS, STAMP
from checklist.values.site_columns import site_headings

MAIN, DECLARED, SUMMARY, OPTIONS = "填报表", "不适用", "汇总", "选项"
_COLUMNS: Final[Mapping[str, tuple[str, float]]] = {
    "number": ("序号", 5),
    "label": (HEADINGS["label"][0], 18),
    "ask": ("怎么核", 34),
    "unit": ("单位", 6.5),
    "points": ("分值", 9),
    "before": ("上次记录", 12),
    "before_on": ("上次核实", 10.5),
    "same": (HEADINGS["same"][0], 5.5),
    "value": (HEADINGS["value"][0], 13),
    "on": (HEADINGS["on"][0], 10.5),
    "by": (HEADINGS["by"][0], 8),
    "evidence": (HEADINGS["evidence"][0], 12),
    "note": (HEADINGS["note"][0], 14),
    "fact": (HEADINGS["fact"][0], 15),
}
"""Column → its heading and width; together they are a page of A4 lying. The last, the id, is hidden and not printed."""
AT: Final = {name: i for i, name in enumerate(_COLUMNS)}
_LAST: Final = AT["fact"] - 1
_FLAGGED: Final = {"veto": "否决", "redline": "红线"}
_HEAD_ROW: Final = 3
_SAYS: Final = (
    "只填白格。没变化的在“仍然如此”打 √；看不到的填“说不清”，可以写“说不清：门锁着”；没核过就空着；"
    "没有的怎么填，点一下格子看提示。红字是红线、一票否决。"
)


@dataclass(frozen=True, slots=True)
class FormContent:
    """``sealed`` is the record as the hidden sheet keeps it. ``filled`` puts the record into the white cells too; ``by`` is who fills it in.
    ``sites`` are those that have a column; facts of their kinds stand on sheets of their own."""

    state: State
    groups: Sequence[QuestionGroup]
    declarable: Sequence[Criterion]
    assessment: Assessment
    sealed: str
    made_on: date
    filled: bool = False
    by: str = ""
    sites: Sequence[Site] = ()


def form_xlsx(content: FormContent) -> bytes:
    """The workbook as bytes; the same content gives the same bytes. Raises Refusal."""
    return workbook_bytes(lambda book, looks: _Form(book, looks, content).write(), content.made_on)


class _Form:
    def __init__(self, book: Any, looks: Looks, content: FormContent) -> None:
        self.book, self.looks, self.content = book, looks, content
        self.lists: dict[tuple[str, ...], str] = {}
        self.asked_for = wanted(content.assessment, "full")

    def write(self) -> None:
        main = self.book.add_worksheet(MAIN)
        ranges = [*self.main(main), *self.site_sheets()]
        if self.content.declarable:
            declared = self.book.add_worksheet(DECLARED)
            declared_sheet(declared, self.content.declarable, self.content.state, self.looks)
        summary = self.book.add_worksheet(SUMMARY)
        summary_sheet(self.book, summary, self.looks, ranges, self.content.assessment)
        options_sheet(self.book.add_worksheet(OPTIONS), self.lists)
        stamp_sheet(
            self.book.add_worksheet(STAMP),
            self.content.state,
            self.content.sealed,
            filled=self.content.filled and bool(self.content.sites),
        )
        main.activate()

    def site_sheets(self) -> Iterator[Filling]:
        """A sheet, or several, for each kind of site that has columns."""
        content, ruleset = self.content, self.content.assessment.ruleset
        headings = {site.id: heading for heading, site in site_headings(content.state.sites).items()}
        for kind in ruleset.site_kinds.values():
            groups = among(content.groups, {fact for fact, of in ruleset.site_facts.items() if of == kind.id})
            if sites := [site for site in content.sites if site.kind == kind.id]:
                yield from SiteSheets(
                    self.book, self.looks, kind.label, content.state.community.name, groups, sites, headings, content.filled,
                    content.by, self.points, self.listed,
                ).write()  # fmt: skip

    def community_groups(self) -> Sequence[QuestionGroup]:
        """What is asked of the community itself, and of its sites where none is listed."""
        state, ruleset = self.content.state, self.content.assessment.ruleset
        listed = {site.kind for site in state.sites} | state.totals.keys()
        own = {fact for fact in ruleset.facts if ruleset.site_facts.get(fact) not in listed}
        return among(self.content.groups, own) if listed else self.content.groups

    def main(self, sheet: Any) -> Iterator[Filling]:
        """The rows to fill in; gives how far each group is filled in."""
        content, put = self.content, self.looks.put
        self.above(sheet)
        sheet.set_row(_HEAD_ROW, 28)
        for column, (title, width) in enumerate(_COLUMNS.values()):
            sheet.set_column(column, column, width, None, {"hidden": column > _LAST})
            put(sheet, _HEAD_ROW, column, title, "head")
        row, number = _HEAD_ROW + 1, 0
        letters = tuple(column_letters(AT[name]) for name in ("value", "same"))
        for group in self.community_groups():
            sheet.merge_range(row, 0, row, _LAST, "", self.looks.of("name"))
            put(sheet, row, 0, f"{group.title}（{len(group.facts)} 项，约 {group.minutes} 分钟）", "name")
            done = sum(f.id in content.state.readings for f in group.facts) if content.filled else 0
            asked = len(group.facts)
            yield Filling(group.title, MAIN, letters, row + 1, row + asked, asked, done)
            for fact in group.facts:
                row, number = row + 1, number + 1
                self.row(sheet, row, fact, number)
            row += 1
        self.layout(sheet, row)

    def above(self, sheet: Any) -> None:
        put = self.looks.put
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, _LAST, "", self.looks.of("title"))
        put(sheet, 0, 0, f"{self.content.state.community.name}　自查填报表", "title", align="center")
        put(sheet, 1, 0, "填报人：", "plain")
        put(sheet, 1, 1, self.content.by, **TEXT)
        put(sheet, 1, AT["unit"], "填报日期：", "plain")
        put(sheet, 1, AT["before"], None, **DAY)
        sheet.data_validation(1, AT["before"], 1, AT["before"], DAYS)
        put(sheet, 2, 0, _SAYS, "plain")

    def row(self, sheet: Any, row: int, fact: Fact, number: int) -> None:
        put, reading = self.looks.put, self.content.state.readings.get(fact.id)
        put(sheet, row, AT["number"], number, "number")
        put(sheet, row, AT["fact"], fact.id, text_wrap=False, border=0)
        put(sheet, row, AT["label"], fact.label)
        self.points(sheet, row, AT["points"], fact)
        put(sheet, row, AT["ask"], ask(fact))
        put(sheet, row, AT["unit"], "%" if fact.type == "ratio" else fact.unit)
        put(sheet, row, AT["before"], before_text(fact, reading), **GREY)
        put(sheet, row, AT["before_on"], reading.on if reading else None, **GREY)
        for name in ("same", "by", "evidence", "note"):
            put(sheet, row, AT[name], None, **TEXT)
        put(sheet, row, AT["value"], None, **value_look(fact))
        put(sheet, row, AT["on"], None, **DAY)
        if reading is not None and reading.value is not None:
            sheet.data_validation(row, AT["same"], row, AT["same"], TICK)
        column = AT["value"]
        cell = f"${column_letters(column)}${row + 1}"
        sheet.data_validation(row, column, row, column, typing_rule(fact, cell, self.listed))
        sheet.data_validation(row, AT["on"], row, AT["on"], DAYS)
        if self.content.filled and reading is not None:
            self.fill_in(sheet, row, fact, reading)
        sheet.set_row(row, row_height((fact.label, ask(fact)), (_COLUMNS["label"][1], _COLUMNS["ask"][1])))

    def points(self, sheet: Any, row: int, column: int, fact: Fact) -> None:
        """What the fact decides about: the points of its criteria, in red where one is a red line or a veto."""
        criteria = self.asked_for.get(fact.id, ())
        flags = {criterion.flag.kind for criterion in criteria if criterion.flag}
        word = next((name for kind, name in _FLAGGED.items() if kind in flags), "")
        look: dict[str, Any] = {"num_format": "0.00"}
        if word:
            look = {"num_format": f'"{word} "0.00', "font_color": "#C00000", "bold": True}
        points = Fraction(sum(criterion.points for criterion in criteria), POINT)
        self.looks.put(sheet, row, column, points, "number", **look)

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
        sheet.print_area(0, 0, max(rows - 1, _HEAD_ROW), _LAST)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_hyperlinks", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
