"""A difference as a page: for Markdown, a web page or a workbook. The figures are the screen's and add up as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checklist.model.numbers import exact_points, percent_text
from checklist.model.results.assessment import Assessment
from checklist.model.results.difference import Difference, FactMove
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import UnknownBecause
from checklist.reports.changes.difference_screen import (
    change,
    move_text,
    outcome_text,
    printed_parts,
    rules_text,
    signed,
)
from checklist.reports.document.adding_up import adding_up
from checklist.reports.document.blocks import Block, Grid, Heading, Page, Paragraph
from checklist.reports.language.labels import UNKNOWN
from checklist.reports.language.names import named
from checklist.reports.language.phrases import band_text, score_text, value_text


def difference_page(difference: Difference) -> Page:
    title = f"{named(difference.after.state.community)}前后对比"
    return Page("diff", title, (Heading(1, title), *_scores(difference), *_shifts(difference), *_lists(difference)))


def _scores(difference: Difference) -> Iterator[Block]:
    yield Heading(2, "得分")
    yield Paragraph(rules_text(difference))
    yield Grid(
        ("哪一次", "日期", "得分", "等次", "核查率"),
        (_side("前", difference.before), _side("后", difference.after)),
    )
    heads = ("合计",) if difference.same_rules else ("合计", "社区自己的变化", "标准的变化")
    yield Heading(2, "变化")
    yield Grid(("哪一头", *heads), (_split(difference, "保底分", "low"), _split(difference, "最高可能分", "high")))


def _side(word: str, one: Assessment) -> tuple[str, ...]:
    return word, str(one.as_of), score_text(one.score, 2), band_text(one.bands), percent_text(one.coverage)


def _split(difference: Difference, word: str, end: str) -> tuple[str, ...]:
    whole, split = change(difference, end), getattr(difference, end)
    parts = [] if difference.same_rules else adding_up([split.community, split.standard], whole)
    return word, *(signed(value) for value in (whole, *parts))


def _shifts(difference: Difference) -> Iterator[Block]:
    yield Heading(2, "变了的标准")
    if not difference.shifts:
        yield Paragraph("没有一条标准的结论变了。")
        return
    rows = [
        (
            *(shift.criterion.id, shift.criterion.title, signed(low), signed(high)),
            *(outcome_text(shift.before), outcome_text(shift.after), "；\n".join(map(move_text, shift.moves))),
        )
        for shift, low, high in zip(
            difference.shifts, printed_parts(difference, "low"), printed_parts(difference, "high"), strict=True
        )
    ]
    total = ("", "合计", signed(change(difference, "low")), signed(change(difference, "high")), "", "", "")
    yield Grid(("标准", "名称", "保底分", "最高可能分", "前", "后", "变了的实测项"), (*rows, total))


def _lists(difference: Difference) -> Iterator[Block]:
    yield from _facts("新核实的", difference.newly_known)
    yield from _facts("变成没核实的", difference.newly_unknown)
    yield from _facts("过期了要重新核的", difference.newly_stale)
    yield from _criteria("补上的差距", difference.closed)
    yield from _criteria("新查出的差距", difference.found)
    yield from _criteria("反弹的标准", difference.relapsed)


def _facts(title: str, moves: Sequence[FactMove]) -> Iterator[Block]:
    if moves:
        yield Heading(2, title)
        rows = ((m.fact.label, _value(m, "before", m.was), _value(m, "after", m.now)) for m in moves)
        yield Grid(("实测项", "前", "后"), tuple(rows))


def _value(move: FactMove, end: str, unknown: UnknownBecause | None) -> str:
    return value_text(move.fact, getattr(move, end)) + (f"（{UNKNOWN[unknown]}）" if unknown else "")


def _criteria(title: str, criteria: Sequence[Criterion]) -> Iterator[Block]:
    if criteria:
        yield Heading(2, title)
        yield Grid(("标准", "名称", "分值"), tuple((c.id, c.title, exact_points(c.points)) for c in criteria))
