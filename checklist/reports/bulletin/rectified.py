"""整改情况: how much was registered, closed, is overdue; by street and by 责任单位."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from checklist.model.ledger import LedgerEntry, tally
from checklist.model.numbers import percent_text
from checklist.reports.bulletin.issue import NO_STREET, Issue, who
from checklist.reports.document.document import Block, Column, Table, Text, day_text
from checklist.reports.ledger.reminders import by_lead

OWN: Final = ("issues_total", "issues_closed", "issues_overdue")
"""The facts in which a community records the numbers of its own ledger."""
UNITS: Final = 8
"""So many units are printed, those with most left to do; the annex has all."""


@dataclass(slots=True)
class Cleared:
    """``late`` is None where nobody recorded it; ``claimed`` are said not to apply, which is neither closed nor open."""

    found: int = 0
    closed: int = 0
    late: int | None = None
    claimed: int = 0

    def add(self, found: int, closed: int, late: int | None, claimed: int = 0) -> None:
        self.found, self.closed, self.claimed = self.found + found, self.closed + closed, self.claimed + claimed
        self.late = self.late if late is None else (self.late or 0) + late

    @property
    def left(self) -> int:
        return self.found - self.claimed - self.closed

    @property
    def rate(self) -> Fraction | None:
        """销号率, of those that can be closed."""
        can = self.found - self.claimed
        return Fraction(self.closed, can) if can else None


def rectified(issue: Issue) -> Iterator[Block]:
    """In words, by street, and with a ledger by unit; the annex has every unit, and every community."""
    by_street = _counted(issue, lambda name: name[1])
    if by_street:
        total = Cleared()
        for one in by_street.values():
            total.add(one.found, one.closed, one.late, one.claimed)
        share = f"，销号率 {percent_text(total.rate)}" if total.rate is not None else ""
        share += f"；另 {total.claimed} 个已声明不适用，不算销号，也不算进销号率" if total.claimed else ""
        late = f"，超期没有整改的 {total.late} 个" if total.late else ""
        source = f"按整改台账，到{day_text(issue.day)}，" if issue.ledger is not None else "按各社区自己记录的台账数，"
        yield Text(f"{source}共登记问题 {total.found} 个，已销号 {total.closed} 个{share}{late}。")
        yield _table("各街道销号情况", "街道", by_street)
    yield from _silent(issue)
    units = by_unit(issue)
    if units:
        worst = dict(sorted(units.items(), key=_left_to_do)[:UNITS])
        more = f"（没销号最多的 {UNITS} 个，全部 {len(units)} 个见附表）" if len(units) > UNITS else ""
        yield _table(f"各责任单位销号情况{more}", "责任单位", worst, only_pages=len(units) > UNITS)


def annexed(issue: Issue) -> Iterator[Block]:
    units, communities = by_unit(issue), _counted(issue, lambda name: name[0])
    if len(units) > UNITS:
        yield _table("各责任单位销号", "责任单位", dict(sorted(units.items(), key=_left_to_do)), only_sheets=True)
    if communities:
        yield _table("各社区销号", "社区", communities, only_sheets=True)


def by_unit(issue: Issue) -> dict[str, Cleared]:
    """By the unit that leads (牵头); nothing without a ledger."""
    return _cleared(by_lead(issue.ledger.sound if issue.ledger else ()), issue)


def _left_to_do(pair: tuple[str, Cleared]) -> tuple[int, int]:
    return -pair[1].left, -(pair[1].late or 0)


def _cleared(groups: Mapping[str, Iterable[LedgerEntry]], issue: Issue) -> dict[str, Cleared]:
    told = {name: tally(records, issue.day) for name, records in groups.items()}
    return {name: Cleared(t.total, t.closed, t.counts.get("overdue", 0), t.claimed) for name, t in told.items()}


def _counted(issue: Issue, key: Callable[[tuple[str, str]], str]) -> dict[str, Cleared]:
    """By what ``key`` makes of a community's name and street: the ledger's entries, or what communities recorded."""
    if issue.ledger is not None:
        groups: dict[str, list[LedgerEntry]] = {}
        at = {c.assessment.state.community.id: (c.name, c.street) for c in issue.covered}
        called = {c.assessment.state.community.name: (c.name, c.street) for c in issue.covered}
        for record in issue.ledger.sound:
            said = record.text("社区")
            place = (
                at.get(record.text("编号").partition("/")[0]) or called.get(said) or (said or "未注明社区", NO_STREET)
            )
            groups.setdefault(key(place), []).append(record)
        return _cleared(groups, issue)
    found: dict[str, Cleared] = {}
    for covered in issue.covered:
        values = covered.assessment.state.knowledge(issue.ruleset.facts).values
        total, closed, late = (values.get(name) for name in OWN)
        if isinstance(total, int) and isinstance(closed, int):
            one = found.setdefault(key((covered.name, covered.street)), Cleared())
            one.add(total, closed, late if isinstance(late, int) else None)
    return found


def _silent(issue: Issue) -> Iterator[Text]:
    told = _counted(issue, lambda name: name[0])
    silent = [c for c in issue.covered if c.name not in told]
    if silent:
        yield Text(f"{len(silent)} 个社区没有台账记录，整改情况不明：{who(silent, issue)}。")


def _table(
    title: str, head: str, counted: Mapping[str, Cleared], *, only_pages: bool = False, only_sheets: bool = False
) -> Table:
    columns = (
        *(Column(head, 12), Column("台账登记", 6, "number"), Column("已销号", 6, "number")),
        *(Column("没销号", 6, "number"), Column("销号率", 6, "share"), Column("超期未整改", 6, "number")),
    )
    rows = tuple((name, c.found, c.closed, c.left, c.rate, c.late) for name, c in counted.items())
    return Table(title, columns, rows, only="pages" if only_pages else "sheets" if only_sheets else None)
