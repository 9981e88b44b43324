"""Ledger + what comes back on 交办单 → ledger: reported done, sent back, closed by somebody else. In any order, and twice
without harm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from checklist.engine.ledger.updating import rewritten
from checklist.model.hand_out import Return, ReturnKind, code_of
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.model.problems import NotAValue, Problem
from checklist.values.look_alikes import folded


def taken_back(
    ledger: Ledger, returns: Iterable[Return], day: date, words: Mapping[str, str]
) -> tuple[Ledger, tuple[tuple[Return, ReturnKind], ...], tuple[Problem, ...]]:
    """The ledger with the returns in it, what each of them was to it, and those whose number or code fits nothing."""
    places = {folded(r.text("编号")): n for n, r in reversed(list(enumerate(ledger.records))) if not r.faulty}
    records, told, problems = list(ledger.records), list[tuple[Return, ReturnKind]](), list[Problem]()
    for one in returns:
        place = places.get(folded(one.number))
        if place is None:
            hint = "编号照交办单抄，一个字也不要改"
            problems.append(Problem(one.where, "E261", f"台账里没有编号 {one.number}", hint))
        elif folded(one.code) != folded(code_of(ledger.records[place])):
            says = f"编号 {one.number} 和核对码 {one.code or '（空）'} 对不上，编号可能改过"
            problems.append(
                Problem(one.where, "E262", says, "照交办单改回来再收；是别的一条的，抄那一条的编号和核对码")
            )
        else:
            records[place], kind = reported(records[place], one, day, words)
            told.append((one, kind))
    return ledger.with_records(records), tuple(told), tuple(problems)


def reported(record: LedgerEntry, one: Return, day: date, words: Mapping[str, str]) -> tuple[LedgerEntry, ReturnKind]:
    """A record after a return. Of several the latest stands, whichever comes first; one that was sent back is not taken
    again."""
    assert one.finished is not None, "a return without its day is refused when it is read"
    finished, known = one.finished.isoformat(), _answer(record)
    photos = dict.fromkeys(filter(None, (*record.text("整改前后照片").split("、"), *one.photos)))
    answer = (finished, one.handler, one.done)
    if known == answer and record.text("整改前后照片") == "、".join(photos):
        return record, "same" if record.open else "closed"
    if not record.open:
        return record, "closed"
    if not known[0] and one.done == record.text("整改情况") and f"原提交时间 {finished}" in record.text("经过"):
        return record, "sent_back"
    if known[0] and answer < known:
        return record, "older"
    changes = dict(zip(("提交时间", "提交人", "整改情况"), answer, strict=True))
    record = rewritten(record, changes, day, f"{one.handler}{words['reported']}")
    return record.put({"整改前后照片": "、".join(photos)}), "new"


def _answer(record: LedgerEntry) -> tuple[str, str, str]:
    sent = record.day("提交时间")
    return sent.isoformat() if sent else "", record.text("提交人"), record.text("整改情况")


def sent_back(record: LedgerEntry, day: date, by: str, why: str, words: Mapping[str, str]) -> LedgerEntry:
    """A record whose answer does not do. Raises NotAValue where nothing was reported."""
    _must_wait(record)
    times = record.text("退回次数")
    changes = {"提交时间": "", "提交人": "", "退回时间": day.isoformat(), "退回原因": why}
    changes["退回次数"] = str(int(times) + 1 if times.isdecimal() else 1)
    return rewritten(record, changes, day, f"{by}{words['sent_back']}：{why}")


def closed(record: LedgerEntry, day: date, by: str, words: Mapping[str, str]) -> LedgerEntry:
    """A record that somebody has looked at. Raises NotAValue where nothing was reported, or by the same person."""
    _must_wait(record)
    if folded(by) == folded(record.text("提交人")):
        raise NotAValue("E264", f"{record.text('编号')} 是 {by} 报的整改，不能自己销号", "换一个人到现场核过再销")
    return rewritten(record, {"销号时间": day.isoformat(), "销号人": by}, day, f"{by}{words['verified']}")


def _must_wait(record: LedgerEntry) -> None:
    if not record.waiting:
        says = (
            f"{record.text('编号')} 没有报整改，没有要核的"
            if record.open
            else f"{record.text('编号')} 已经不是没销号的了"
        )
        raise NotAValue("E264", says, "待核验的：checklist ledger 台账 --status 待核验")
