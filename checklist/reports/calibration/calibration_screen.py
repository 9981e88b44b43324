"""A calibration on the terminal and as JSON: agreement and bias by module, the criteria judged most rosily."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import rounded
from checklist.model.results.calibration import Agreement, Calibration
from checklist.reports.document.prose import Prose, clean
from checklist.reports.language.names import ruleset_name

SCHEMA_VERSION: Final = 1
FEW: Final = 5
"""Below this many pairs κ says nothing and is not printed."""

KAPPA: Final = ((Fraction(4, 5), "很一致"), (Fraction(3, 5), "较一致"), (Fraction(2, 5), "一般"))
"""How a κ reads, after Landis and Koch (1977)."""

WHAT_BIAS_IS: Final = (
    "偏差是自查比检查高出该条分值的百分之几，正的是自查偏松。"
    "只看哪条标准、哪个模块容易看偏，不给人排名，也不给社区排名。"
)
SHRUNK_NOTE: Final = "检查次数少的，偏差按 次数÷(次数+4) 往全部的平均偏差收，免得一两次就下结论。"


def calibration_screen(calibration: Calibration, top: int | None = 12) -> RenderableType:
    return Group(
        *_heading(calibration),
        *_table("模块", (calibration.total, *calibration.modules)),
        *_rosy(calibration, top),
        *_left(calibration),
        *_closing(calibration),
    )


def _heading(calibration: Calibration) -> Iterator[RenderableType]:
    yield Text("自查和检查对一对", style="bold")
    yield Prose(heading_text(calibration))
    yield Prose(WHAT_BIAS_IS, "dim")
    yield Text()


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


def _table(title: str, agreements: Sequence[Agreement]) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(title, overflow="fold")
    for head in ("条数", "同档", "一致性 κ", "偏差", "95% 区间"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in agreements:
        table.add_row(
            Prose(f"{one.id} {clean(one.title)}".strip()),
            str(one.pairs),
            str(one.same),
            kappa_text(one),
            bias_text(one.bias),
            interval_text(one),
        )
    yield table
    yield Text()


def _rosy(calibration: Calibration, top: int | None) -> Iterator[RenderableType]:
    rosy = [one for one in calibration.criteria if one.bias > 0 and one.shrunk > 0][:top]
    if not rosy:
        yield Text("没有哪一条自查比检查松。")
        yield Text()
        return
    yield Text(f"自查最容易偏松的 {len(rosy)} 条", style="bold")
    for one in rosy:
        yield Prose(
            f"{clean(one.title)}  偏差 {bias_text(one.bias)}（{one.pairs} 次），往平均数收过 {bias_text(one.shrunk)}",
            label=f"{one.id}  ",
            indent=2,
        )
    yield Prose(SHRUNK_NOTE, "dim")
    yield Text()


def _left(calibration: Calibration) -> Iterator[RenderableType]:
    if said := left_text(calibration):
        yield Prose(said, "dim", label="没法对的：")
        yield Text()


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


def _closing(calibration: Calibration) -> Iterator[RenderableType]:
    total = calibration.total
    yield Text(f"总的偏差 {bias_text(total.bias)}，95% 区间 {interval_text(total)}，κ {kappa_text(total)}")
    if calibration.criteria:
        yield Text(f"看一条怎么评的：checklist rules show {calibration.criteria[0].id}", style="dim")


def calibration_json(calibration: Calibration) -> str:
    left = calibration.left
    document = {
        "schema_version": SCHEMA_VERSION,
        "ruleset": {"id": calibration.ruleset.id, "edition": calibration.ruleset.edition},
        "visits": calibration.visits,
        "unit": "visit" if calibration.by_visit else "pair",
        "total": _agreement(calibration.total),
        "modules": [_agreement(one) for one in calibration.modules],
        "criteria": [_agreement(one) for one in calibration.criteria],
        "left": {
            "no_record": left.no_record,
            "not_known": left.not_known,
            "not_applicable": left.not_applicable,
            "no_points": left.no_points,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _agreement(one: Agreement) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "pairs": one.pairs,
        "same": one.same,
        "kappa": str(one.kappa) if one.kappa is not None else None,
        "bias": str(one.bias),
        "interval": [str(end) for end in one.interval] if one.interval else None,
        "shrunk": str(one.shrunk),
    }
