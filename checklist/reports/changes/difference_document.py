"""A difference as a document. The figures are the screen's and add up as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from checklist.model.numbers import POINT
from checklist.model.results.assessment import Assessment
from checklist.model.results.difference import Difference, FactMove
from checklist.model.results.graded import GradedAt
from checklist.model.state import UnknownBecause
from checklist.reports.changes.difference_screen import ends_text, move_text, rules_text, shift_id, site_shift_texts
from checklist.reports.changes.printed_change import change, printed_parts
from checklist.reports.document.adding_up import adding_up
from checklist.reports.document.document import Block, Bullets, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.labels import UNKNOWN
from checklist.reports.language.names import named
from checklist.reports.language.phrases import band_text, value_text
from checklist.reports.language.site_phrases import site_news

ID: Final = Column("标准", 6)


def difference_document(difference: Difference) -> Document:
    title = f"{named(difference.after.state.community)}前后对比"
    parts = (*_scores(difference), *_shifts(difference), *_lists(difference))
    return tidied(Document(title, parts, day=difference.after.as_of))


def _moved(title: str) -> Column:
    return Column(title, 6, "number", decimals=2, signed=True)


def _scores(difference: Difference) -> Iterator[Block]:
    yield Heading("得分")
    yield Text(rules_text(difference))
    columns = (Column("哪一次", 4), Column("日期", 7, "date"), Column("得分", 8, "score", 2))
    sides = (_side("前", difference.before), _side("后", difference.after))
    yield Table("", (*columns, Column("等次", 6), Column("核查率", 5, "share")), sides)
    heads = ("合计",) if difference.same_rules else ("合计", "社区自己的变化", "标准的变化")
    splits = (_split(difference, "保底分", "low"), _split(difference, "最高可能分", "high"))
    if news := site_news(difference.sites):
        yield Heading("点位")
        yield Bullets(tuple(news))
    yield Heading("变化")
    yield Table("", (Column("哪一头", 7), *map(_moved, heads)), splits)


def _side(word: str, one: Assessment) -> tuple[Content, ...]:
    return word, one.as_of, one.score, band_text(one.bands), one.coverage


def _split(difference: Difference, word: str, end: str) -> tuple[Content, ...]:
    whole, split = change(difference, end), getattr(difference, end)
    parts = [] if difference.same_rules else adding_up([split.community, split.standard], whole)
    return word, *map(Fraction, (whole, *parts))


def _shifts(difference: Difference) -> Iterator[Block]:
    yield Heading("变了的标准")
    if not difference.shifts:
        yield Text("没有一条标准的结论变了。")
        return
    lows, highs = printed_parts(difference, "low"), printed_parts(difference, "high")
    rows: list[tuple[Content, ...]] = [
        (
            *(shift_id(shift), shift.criterion.title, Fraction(low), Fraction(high)),
            *ends_text(shift),
            "；\n".join([*site_shift_texts(shift), *map(move_text, shift.moves)]),
        )
        for shift, low, high in zip(difference.shifts, lows, highs, strict=True)
    ]
    whole: list[Decimal] = [change(difference, end) for end in ("low", "high")]
    columns = (ID, Column("名称", 14), _moved("保底分"), _moved("最高可能分"), Column("前", 10), Column("后", 10))
    rows.append(("", "合计", *map(Fraction, whole), "", "", ""))
    yield Table("", (*columns, Column("变了的实测项", 30)), tuple(rows))


def _lists(difference: Difference) -> Iterator[Block]:
    yield from _facts("新核实的", difference.newly_known)
    yield from _facts("变成没核实的", difference.newly_unknown)
    yield from _facts("过期了要重新核的", difference.newly_stale)
    yield from _criteria("补上的差距", difference.closed)
    yield from _criteria("新查出的差距", difference.found)
    yield from _criteria("反弹的标准", difference.relapsed)


def _facts(title: str, moves: Sequence[FactMove]) -> Iterator[Block]:
    if moves:
        yield Heading(title)
        rows = tuple((_fact(m), _value(m, "before", m.was), _value(m, "after", m.now)) for m in moves)
        yield Table("", (Column("实测项", 16), Column("前", 14), Column("后", 14)), rows)


def _fact(move: FactMove) -> str:
    return f"{move.fact.label}（{move.site.name}）" if move.site else move.fact.label


def _value(move: FactMove, end: str, unknown: UnknownBecause | None) -> str:
    return value_text(move.fact, getattr(move, end)) + (f"（{UNKNOWN[unknown]}）" if unknown else "")


def _criteria(title: str, criteria: Sequence[GradedAt]) -> Iterator[Block]:
    if criteria:
        yield Heading(title)
        columns = (ID, Column("名称", 20), Column("分值", 5, "number", decimals=4))
        rows = ((one.criterion, f"（{one.site.name}）" if one.site else "") for one in criteria)
        yield Table("", columns, tuple((c.id, c.title + where, Fraction(c.points, POINT)) for c, where in rows))
