"""A trend as a document: the score band drawn, a row a day, the gaps that are still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checklist.model.results.trend import Moment, Trend
from checklist.reports.changes.trend_screen import regrouped_lines, relapse_text, rules_of
from checklist.reports.document.document import Block, Bullets, Column, Content, Curve, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text
from checklist.reports.language.site_phrases import graded_text, site_news

DAYS: Final = (
    Column("日期", 7, "date"),
    Column("得分", 8, "score"),
    Column("等次", 6),
    Column("核查率", 5, "share"),
    *(Column(title, 4, "number") for title in ("新增差距", "补上", "反弹", "还有")),
)
OPEN: Final = (
    Column("标准", 20),
    Column("从哪天查出", 8, "date"),
    Column("拖了几天", 6, "number"),
    Column("是不是反弹", 6),
)


def trend_document(trend: Trend) -> Document:
    open_gaps = tuple((graded_text(s.graded), s.since, s.days, "反弹" if s.relapse else "") for s in trend.still_open)
    parts = (
        Text(ruleset_name(trend.ruleset) if rules_of(trend).startswith("都按") else rules_of(trend)),
        Text(trend.ruleset.disclaimer, note=True),
        Curve("得分区间随时间的变化", tuple((moment.as_of, moment.score) for moment in trend.moments)),
        Text("图里实线是保底分，虚线是最高可能分，真实得分在两条线之间。", note=True),
        Table("历次得分和差距", DAYS, tuple(map(_row, trend.moments)), main=True),
        *_news(trend),
        *_regrouped(trend),
        Heading("还没补上的差距"),
        Table("", OPEN, open_gaps),
        Text(relapse_text(trend)),
    )
    return tidied(Document(f"{named(trend.community)} 历次变化", parts, day=trend.moments[-1].as_of))


def _news(trend: Trend) -> Iterator[Block]:
    said = tuple(f"{moment.as_of} {line}" for moment in trend.moments for line in site_news(moment.sites))
    if said:
        yield Heading("点位")
        yield Bullets(said)


def _regrouped(trend: Trend) -> Iterator[Block]:
    said = tuple(f"{moment.as_of} {line}" for moment in trend.moments for line in regrouped_lines(moment))
    if said:
        yield Heading("标准的拆分和合并")
        yield Bullets(said)


def _row(moment: Moment) -> tuple[Content, ...]:
    counts = (len(moment.opened), len(moment.closed), len(moment.relapsed), moment.open)
    one = moment.assessment
    return moment.as_of, moment.score, band_text(one.bands), one.coverage, *counts
