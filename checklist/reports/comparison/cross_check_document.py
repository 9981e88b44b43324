"""Questions that records side by side give occasion to ask: a document, and the JSON. Neither ranks nor names recorders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from checklist.model.numbers import percent_text
from checklist.model.results.asked import ASKED, Question
from checklist.model.rules.facts import Fact
from checklist.model.state import Community
from checklist.reports.document.document import Column, Document, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.formats.json_parts import contract, who
from checklist.reports.language.names import named
from checklist.reports.language.phrases import value_text

KIND: Final = {
    "differs": "同一个数说法不一",
    "copied": "记录几乎一样",
    "jumped": "数字跳得大",
    "perfect": "一处问题也没有",
}
INTERNAL: Final = "只给本单位核对用：这些是要问的，不是结论，也不给人、给社区排先后。"
FEW: Final = 6


def cross_check_document(questions: Sequence[Question], count: int) -> Document:
    """``count`` communities were held side by side."""
    columns = (Column("序号", 3, "number"), Column("种类", 8), Column("社区", 12), Column("请核一核", 40))
    rows = tuple((n, KIND[q.because], _whom(q), question_text(q)) for n, q in enumerate(questions, 1))
    told = "，".join(f"{KIND[kind]} {n} 处" for kind in ASKED if (n := sum(q.because == kind for q in questions)))
    head = f"{count} 个社区的记录放在一起看：{told or '没有要问的'}。"
    table = Table("请核一核", columns, rows, "没有要问的", main=True)
    return tidied(Document("交叉核对", (Text(head), Text(INTERNAL, note=True), table)))


def _whom(question: Question) -> str:
    return f"{len(question.communities)} 个社区" if question.because == "differs" else _names(question.communities)


def question_text(question: Question) -> str:
    match question.because, question.fact:
        case "differs", Fact() as fact:
            said = "、".join(f"{value_text(fact, v)}（{_names(who)}）" for v, who in question.said)
            area = question.area or "全市"
            return (
                f"{fact.label}：{area}只有一个，报上来有 {len(question.said)} 种：{said}。哪一个对，依据的是哪份材料？"
            )
        case "copied", _:
            return (
                f"不是 0 的数和日期，都有的 {question.of} 项里 {question.same} 项一模一样。"
                "是不是照着同一份填的？请各自拿原始材料对一遍。"
            )
        case "jumped", Fact() as fact:
            (was, _), (now, _) = question.said
            first, last = question.days
            moved = f"{value_text(fact, was)}变为 {value_text(fact, now)}"
            return f"{fact.label}由 {moved}（{first} 到 {last}）。这段时间做了什么，凭什么材料记的？"
    checked = f"核查率 {percent_text(question.coverage)}，核过的 {question.same} 条全部达标"
    return f"{checked}，一处问题也没有记。是到现场看的，还是照着标准填的？"


def _names(communities: Sequence[Community]) -> str:
    more = f"等 {len(communities)} 个" if len(communities) > FEW else ""
    return "、".join(map(named, communities[:FEW])) + more


def cross_checks_json(questions: Sequence[Question]) -> str:
    return contract({"questions": [_data(question) for question in questions]})


def _data(question: Question) -> dict[str, Any]:
    fact = question.fact
    return {
        "because": question.because,
        "communities": [who(community) for community in question.communities],
        "fact": fact.id if fact else None,
        "said": [
            {"value": value_text(fact, value), "communities": [c.id for c in some]}
            for value, some in question.said
            if fact
        ],
        "days": [day.isoformat() for day in question.days],
        "same": question.same,
        "of": question.of,
        "says": question_text(question),
    }
