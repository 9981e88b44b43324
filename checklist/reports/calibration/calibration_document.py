"""A calibration as a document: agreement and bias by module and by criterion. No person and no community is named."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from checklist.model.numbers import rounded
from checklist.model.results.calibration import Agreement, Calibration
from checklist.reports.document.document import Block, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.names import ruleset_name

FEW: Final = 5
"""Below this many pairs κ says nothing and is not printed."""

KAPPA: Final = ((Fraction(4, 5), "很一致"), (Fraction(3, 5), "较一致"), (Fraction(2, 5), "一般"))
"""How a κ reads, after Landis and Koch (1977)."""

WHAT_BIAS_IS: Final = (
    "偏差是自查比检查高出该条分值的百分之几，正的是自查偏松。"
    "只看哪条标准、哪个模块容易看偏，不给人排名，也不给社区排名。"
)
SHRUNK_NOTE: Final = "检查次数少的，偏差按 次数÷(次数+4) 往全部的平均偏差收，免得一两次就下结论。"

HEADS: Final = (
    Column("条数", 4, "number"),
    Column("同档", 4, "number"),
    Column("一致性 κ", 8),
    Column("偏差", 5, "share", decimals=1, signed=True),
    Column("95% 区间", 12),
)
SHRUNK: Final = Column("往平均数收过的偏差", 8, "share", decimals=1, signed=True)


def calibration_document(calibration: Calibration, *, rosiest: int | None = None) -> Document:
    """With every criterion, or only with the ``rosiest`` of those that were judged too rosily."""
    left = left_text(calibration)
    modules = tuple(map(_row, (calibration.total, *calibration.modules)))
    parts: list[Block] = [Text(heading_text(calibration)), Text(WHAT_BIAS_IS, note=True)]
    parts += [Text(left, lead="没法对的：")] if left else []
    parts += [Heading("模块"), Table("", _heads("模块"), modules), *_criteria(calibration, rosiest)]
    total = calibration.total
    said = f"总的偏差 {bias_text(total.bias)}，95% 区间 {interval_text(total)}，κ {kappa_text(total)}"
    return tidied(Document("自查和检查对一对", (*parts, Text(said))))


def _criteria(calibration: Calibration, rosiest: int | None) -> Iterable[Block]:
    criteria = calibration.criteria
    if rosiest is not None:
        criteria = tuple(one for one in criteria if one.bias > 0 and one.shrunk > 0)[:rosiest]
        if not criteria:
            return [Text("没有哪一条自查比检查松。")]
    heading = "标准" if rosiest is None else f"自查最容易偏松的 {len(criteria)} 条"
    rows = tuple((*_row(one), one.shrunk) for one in criteria)
    return [Heading(heading), Text(SHRUNK_NOTE, note=True), Table("", (*_heads("标准"), SHRUNK), rows, main=True)]


def _heads(title: str) -> tuple[Column, ...]:
    return (Column("编号", 6), Column(title, 14), *HEADS)


def _row(one: Agreement) -> tuple[Content, ...]:
    return one.id, one.title, one.pairs, one.same, kappa_text(one), one.bias, interval_text(one)


def heading_text(calibration: Calibration) -> str:
    rules = calibration.ruleset
    return f"{calibration.visits} 次检查，{calibration.total.pairs} 条两边都有结论；按{ruleset_name(rules)}"


def bias_text(value: Fraction) -> str:
    number = rounded(value * 100, 1)
    return f"{number:+}%" if number else "0.0%"


def interval_text(agreement: Agreement) -> str:
    if agreement.interval is None:
        return "次数太少"
    low, high = agreement.interval
    return f"{bias_text(low)} ～ {bias_text(high)}"


def kappa_text(agreement: Agreement) -> str:
    kappa = agreement.kappa
    if agreement.pairs < FEW:
        return "次数太少"
    if kappa is None:
        return "算不出"
    word = next((word for least, word in KAPPA if kappa >= least), "不大一致")
    return f"{rounded(kappa, 2)} {word}"


def left_text(calibration: Calibration) -> str:
    """Why some of the inspected criteria could not be set against anything; empty when all could."""
    left = calibration.left
    reasons = (
        (left.no_record, "没有同一天的自查记录"),
        (left.not_known, "自查没核实"),
        (left.not_applicable, "自查是不适用"),
        (left.no_points, "不记分"),
    )
    return "；".join(f"{says} {count} 条" for count, says in reasons if count)
