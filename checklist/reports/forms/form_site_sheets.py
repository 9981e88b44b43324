"""The form's sheets for sites: a row a fact, a column a site, when and by whom each site was walked right below its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from checklist.model.refusals import Refusal
from checklist.model.rules.facts import Fact
from checklist.model.state import Site
from checklist.reports.formats.spreadsheets import Looks, print_setup, row_height, sheet_name
from checklist.reports.forms.form_cells import ask, before_text, column_letters, value_cell
from checklist.reports.forms.form_looks import DAY, GREY, TEXT, value_look
from checklist.reports.forms.form_summary_sheet import Filling
from checklist.reports.forms.questions import QuestionGroup
from checklist.reports.forms.typing_rules import DAYS, typing_rule
from checklist.values.headings import HEADINGS
from checklist.values.site_columns import BEFORE, UNCHANGED

BESIDE: Final = 8
"""How many sites stand beside each other on one sheet."""

MOST: Final = 80
"""How many sites of a kind a form holds: more would be ten sheets of columns that nobody walks with."""

_HEAD_ROW: Final = 2
_BEFORE: Final = (("序号", 5.0), (HEADINGS["label"][0], 18.0), ("怎么核", 34.0), ("单位", 6.5), ("分值", 9.0))
_AFTER: Final = ((HEADINGS["evidence"][0], 12.0), (HEADINGS["note"][0], 16.0), (HEADINGS["fact"][0], 15.0))
_SAYS: Final = (
    f"一列一个{{label}}，只填白格。没变化的写“{UNCHANGED}”；看不到的填“说不清”；没核过就空着。核实日期、核实人写在名称下面，"
    "备注和佐证写明是哪一个，如“{name}：3 号楼门口”。"
)


@dataclass(frozen=True, slots=True)
class SiteSheets:
    """What a form's sheets for one kind of site are made of. ``headings`` stand over the
    columns, by the sites' ids. ``points`` puts what a fact decides about into a cell,
    ``listed`` gives the place of a drop-down's options."""

    book: Any
    looks: Looks
    label: str
    community: str
    groups: Sequence[QuestionGroup]
    sites: Sequence[Site]
    headings: Mapping[str, str]
    filled: bool
    by: str
    points: Callable[[Any, int, int, Fact], None]
    listed: Callable[[tuple[str, ...]], str]

    def write(self) -> Iterator[Filling]:
        """Every sheet; gives how far each site is filled in. Raises Refusal when there are too many sites."""
        if len(self.sites) > MOST:
            says = f"{self.label}有 {len(self.sites)} 个，一份填报表最多放 {MOST} 个"
            raise Refusal(says, f"分几份做：--only 写其中几个的名称，如 --only {self.sites[0].name}；或用手机填")
        for first in range(0, len(self.sites), BESIDE):
            yield from self.sheet(self.sites[first : first + BESIDE])

    def sheet(self, sites: Sequence[Site]) -> Iterator[Filling]:
        headings = self.headings
        sheet, put = self.book.add_worksheet(sheet_name(self.book, self.label)), self.looks.put
        pairs = [(BEFORE, 8.0, site) for site in sites]
        columns = [
            *_BEFORE,
            *((title, width) for p in pairs for title, width in ((p[0], p[1]), (headings[p[2].id], 11.0))),
            *_AFTER,
        ]
        last = len(columns) - 2
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, last, "", self.looks.of("title"))
        put(sheet, 0, 0, f"{self.community}　{self.label}自查填报表", "title", align="center")
        put(sheet, 1, 0, _SAYS.format(label=self.label, name=headings[sites[0].id]), "plain")
        sheet.set_row(_HEAD_ROW, 28)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width, None, {"hidden": column > last})
            put(sheet, _HEAD_ROW, column, title, "head")
        self.who_and_when(sheet, sites)
        rows = list(self.rows(sheet, sites, last))
        sheet.freeze_panes(_HEAD_ROW + 3, 2)
        print_setup(sheet, _HEAD_ROW)
        sheet.print_area(0, 0, max([_HEAD_ROW, *rows]), last)
        allowed = ("format_columns", "format_rows", "insert_hyperlinks", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
        asked = [fact.id for group in self.groups for fact in group.facts]
        for place, site in enumerate(sites):
            done = sum(fact in site.readings for fact in asked) if self.filled else 0
            at = column_letters(len(_BEFORE) + 2 * place + 1)
            yield Filling(headings[site.id], sheet.get_name(), (at,), rows[0], rows[-1], len(asked), done)

    def who_and_when(self, sheet: Any, sites: Sequence[Site]) -> None:
        """Two rows that belong to the column above each of their cells."""
        put = self.looks.put
        when, who = HEADINGS["on"][0], HEADINGS["by"][0]
        for row, (name, look) in enumerate(((when, DAY), (who, TEXT)), _HEAD_ROW + 1):
            put(sheet, row, 1, name, "name")
            for place in range(len(sites)):
                column = len(_BEFORE) + 2 * place + 1
                put(sheet, row, column, self.by if name == who else None, **look)
                if name == when:
                    sheet.data_validation(row, column, row, column, DAYS)

    def rows(self, sheet: Any, sites: Sequence[Site], last: int) -> Iterator[int]:
        """The rows to fill in, under a heading for each group; gives their numbers."""
        row, number = _HEAD_ROW + 3, 0
        for group in self.groups:
            sheet.merge_range(row, 0, row, last, "", self.looks.of("name"))
            self.looks.put(
                sheet,
                row,
                0,
                f"{group.title}（{len(group.facts)} 项，一个{self.label}约 {group.minutes} 分钟）",
                "name",
            )
            for fact in group.facts:
                row, number = row + 1, number + 1
                self.row(sheet, row, fact, number, sites)
                yield row
            row += 1

    def row(self, sheet: Any, row: int, fact: Fact, number: int, sites: Sequence[Site]) -> None:
        put = self.looks.put
        put(sheet, row, 0, number, "number")
        put(sheet, row, 1, fact.label)
        put(sheet, row, 2, ask(fact))
        put(sheet, row, 3, "%" if fact.type == "ratio" else fact.unit)
        self.points(sheet, row, 4, fact)
        for place, site in enumerate(sites):
            at, reading = len(_BEFORE) + 2 * place, site.readings.get(fact.id)
            put(sheet, row, at, before_text(fact, reading), **GREY)
            value = value_cell(fact, reading) if self.filled and reading is not None else None
            look = TEXT if isinstance(value, str) else value_look(fact)
            put(sheet, row, at + 1, value, **look)
            cell = f"${column_letters(at + 1)}${row + 1}"
            sheet.data_validation(row, at + 1, row, at + 1, typing_rule(fact, cell, self.listed))
        after = len(_BEFORE) + 2 * len(sites)
        for column in (after, after + 1):
            put(sheet, row, column, None, **TEXT)
        put(sheet, row, after + 2, fact.id, text_wrap=False, border=0)
        sheet.set_row(row, row_height((fact.label, ask(fact)), (_BEFORE[1][1], _BEFORE[2][1])))
