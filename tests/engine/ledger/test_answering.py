"""Reported, sent back, closed: against a plain machine that knows only who said what on which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from checklist.engine.ledger.answering import closed, reported, sent_back
from checklist.model.hand_out import Return
from checklist.model.ledger import LedgerEntry
from checklist.model.problems import NotAValue
from checklist.reports.language.labels import LEDGER_WORDS

DUE, FIRST = date(2026, 11, 10), date(2026, 11, 1)
PEOPLE = st.sampled_from(["张三", "李四"])
Act: TypeAlias = tuple[Literal["report", "back", "close", "by hand"], str]
ACTS = st.lists(st.tuples(st.sampled_from(["report", "report", "back", "close", "by hand"]), PEOPLE), max_size=12)


def by_engine(record: LedgerEntry, act: Act, day: date, n: int) -> LedgerEntry:
    kind, who = act
    if kind == "report":
        return reported(record, Return(record.text("编号"), "", f"第 {n} 次", (), day, who), day, LEDGER_WORDS)[0]
    if kind == "by hand":
        return record.put({"销号时间": day.isoformat(), "销号人": who})
    try:
        if kind == "back":
            return sent_back(record, day, who, "不行", LEDGER_WORDS)
        return closed(record, day, who, LEDGER_WORDS)
    except NotAValue as reason:
        assert reason.code == "E264"
        return record


@given(ACTS)
def test_nobody_closes_what_he_reported_and_nothing_else_stands_in_the_way(acts: list[Act]) -> None:
    record = LedgerEntry(
        {"编号": "a/ENV-01/检查1", "发现时间": "2026-10-01", "时限": str(DUE), "交办时间": "2026-10-02"}
    )
    sender, checker, sent, times = "", "", None, 0
    taken = []
    for n, (kind, who) in enumerate(acts):
        day = FIRST + timedelta(days=2 * n)
        record = by_engine(record, (kind, who), day, n)
        is_closed = bool(checker) and checker != sender
        if kind == "by hand":
            checker = who
        elif is_closed:
            pass
        elif kind == "report":
            sender, sent = who, day
            taken.append(f"第 {n} 次")
        elif kind == "back" and sender:
            sender, sent, times = "", None, times + 1
        elif kind == "close" and sender not in ("", who):
            checker = who
        is_closed = bool(checker) and checker != sender
        assert record.settled == is_closed, record.cells
        assert record.waiting == (not is_closed and bool(sender))
        assert (record.text("退回次数") or "0") == str(times)
        status = record.status(day)
        if is_closed:
            assert status == "closed"
        elif sent is not None and sent <= DUE:
            assert status == "submitted"
        else:
            assert status == ("overdue" if day > DUE else "doing")
    told = record.text("整改情况") + record.text("经过")
    assert all(word in told for word in taken), "nothing that was taken is lost"
