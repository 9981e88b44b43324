"""The ledger (整改台账): one record for each gap of a community, kept across days; people may write in every cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from checklist.model.days import written_day
from checklist.model.problems import NotAValue
from checklist.model.time_limits import due_day

LedgerStatus: TypeAlias = Literal[
    "relapsed", "overdue", "submitted", "doing", "open", "not_applicable", "closed", "rechecked"
]

COLUMNS: Final[tuple[str, ...]] = (
    *("编号", "街道", "社区", "来源", "发现时间", "点位", "问题描述", "现状", "对应标准", "测评项目", "严重程度"),
    *("责任单位", "责任人", "整改措施", "交办时间", "时限", "提交时间", "状态"),
    *("销号时间", "销号人", "复查时间", "复查结果", "反弹时间", "反弹次数", "整改前后照片", "核查时间", "经过", "备注"),
)
"""The columns that practitioners use, in their order; what people add stands after them."""

DUE: Final = "时限"
"""A day, or words that count from the day of finding: 3日内. 长期 is no day, and never overdue."""

DATES: Final = (
    *("发现时间", "交办时间", DUE, "提交时间", "销号时间", "复查时间", "反弹时间", "核查时间"),
    *("不适用时间", "退回时间"),
)
WHEN_USED: Final = ("不适用时间", "整改情况", "提交人", "退回次数", "退回时间", "退回原因")
"""Columns that a ledger gets once something stands in them."""


MARK: Final = "检查"
"""What the last part of a number begins with that an inspection handed down."""
IN_FOLDER: Final = "整改台账.csv"
"""The ledger that lies in a community's folder."""
LEDGERS: Final = (".csv", ".yaml", ".yml")
"""What the name of a ledger ends in."""


_BETWEEN: Final = re.compile(r"[、,，;；/\s]+")
_LEADS: Final = re.compile(r"^(?:牵头|主办)(?:单位)?[:：]|[（(](?:牵头|主办)[）)]$")
_HELPS: Final = re.compile(r"^(?:配合|协办|责任)(?:单位)?[:：]|[（(](?:配合|协办)[）)]$")


@dataclass(frozen=True, slots=True)
class Defect:
    """What an inspection found wrong at one point, and the criterion that a person put it to. ``on`` and ``due`` are
    None where the list says nothing that is a day; ``term`` is the time limit in the list's own words, which are
    ``lasting`` where no day is meant (长期坚持). ``fact`` is what a person says counts such defects, ``measure`` what is to
    be done; ``remarks`` is whatever else the list says of it. ``known_as`` are other words under which the ledger may have
    it: of the line that it is a part of, or of the parts that it was put together from."""

    criterion: str
    text: str
    point: str = ""
    photo: str = ""
    owner: str = ""
    on: date | None = None
    by: str = ""
    due: date | None = None
    term: str = ""
    fact: str = ""
    lasting: bool = False
    person: str = ""
    measure: str = ""
    remarks: str = ""
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands after ``#`` in a YAML ledger: whole lines above a key, and the rest of its line."""

    above: tuple[str, ...] = ()
    beside: str = ""


_written = lru_cache(4096)(written_day)
"""Of thousands of rows few days differ, and each is asked for again and again."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row: column → text as it was written. ``comments`` by column, from a YAML file. One that is ``faulty`` cannot be
    read for sure (a day that is none, a number that stands twice, cells ``beyond`` the headings): it is kept as it is, and
    neither changed nor counted."""

    cells: Mapping[str, str]
    comments: Mapping[str, Comment] = field(default_factory=dict)
    faulty: bool = False
    beyond: tuple[str, ...] = ()

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def day(self, column: str) -> date | None:
        """The day in a cell; None where nothing stands. A record with anything else there is ``faulty``."""
        try:
            return self.told_day(column)
        except NotAValue:
            return None

    def told_day(self, column: str) -> date | None:
        """The same, but raises NotAValue for what is no day."""
        text = self.text(column)
        if column == DUE:
            return due_day(text, self.day("反弹时间") or self.day("发现时间"))
        return _written(text) if text else None

    def put(self, changes: Mapping[str, str]) -> LedgerEntry:
        return replace(self, cells={**self.cells, **changes})

    def fill(self, changes: Mapping[str, str]) -> LedgerEntry:
        """Only into cells where nothing stands."""
        return self.put({column: text for column, text in changes.items() if not self.text(column)})

    @property
    def units(self) -> tuple[str, ...]:
        """The 责任单位, the lead first: the one that is called so (牵头), else the first; then those that help (配合)."""
        parts = sorted(_BETWEEN.split(self.text("责任单位")), key=lambda part: not _LEADS.search(part))
        return tuple(dict.fromkeys(filter(None, (_HELPS.sub("", _LEADS.sub("", part)) for part in parts))))

    @property
    def settled(self) -> bool:
        """Closed, and not relapsed since."""
        closed, relapsed = self.day("销号时间"), self.day("反弹时间")
        return closed is not None and (relapsed is None or relapsed <= closed) and not self.own_word

    @property
    def own_word(self) -> bool:
        """Handed down, and closed by nobody else than who reported it done: that closes nothing."""
        sender, checker = self.text("提交人"), self.text("销号人")
        handed_down = self.text("编号").rpartition("/")[2].startswith(MARK)
        return handed_down and bool(sender) and bool(self.text("销号时间")) and checker in ("", sender)

    @property
    def claimed(self) -> bool:
        """Said not to apply: neither closed nor to be done, as long as that stands."""
        since, relapsed = self.day("不适用时间"), self.day("反弹时间")
        return since is not None and not self.settled and (relapsed is None or relapsed <= since)

    @property
    def open(self) -> bool:
        """Still to be done."""
        return not self.settled and not self.claimed

    @property
    def waiting(self) -> bool:
        """Reported as done, and nobody has looked yet."""
        sent, relapsed = self.day("提交时间"), self.day("反弹时间")
        return self.open and sent is not None and (relapsed is None or sent > relapsed)

    def late(self, today: date) -> bool:
        """Still to be done, and its day is over, whether or not somebody has reported it done."""
        due = self.day("时限")
        return self.open and due is not None and due < today

    def status(self, today: date) -> LedgerStatus:
        """Where it stands on a day, by its dates alone. What was reported done in time waits for whoever checks it, however
        long that takes; what was reported late is overdue until it is closed."""
        if self.settled:
            return "rechecked" if self.text("复查结果") and self.day("复查时间") else "closed"
        if self.claimed:
            return "not_applicable"
        due, sent = self.day("时限"), self.day("提交时间")
        if self.waiting and (due is None or sent is None or sent <= due):
            return "submitted"
        if self.late(today):
            return "overdue"
        if self.day("反弹时间") is not None:
            return "relapsed"
        return "doing" if self.day("交办时间") is not None else "open"


@dataclass(frozen=True, slots=True)
class Ledger:
    """All records in their order, the columns as the file has them. ``head`` and ``tail`` are comments above and below
    in a YAML file; ``above`` and ``below`` rows that are no records (a title, totals, who signed) in a CSV file."""

    columns: tuple[str, ...] = COLUMNS
    records: tuple[LedgerEntry, ...] = ()
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()

    @property
    def sound(self) -> tuple[LedgerEntry, ...]:
        """The records that can be read for sure."""
        return tuple(record for record in self.records if not record.faulty)

    def with_records(self, records: Iterable[LedgerEntry]) -> Ledger:
        """These records, and every column that they need."""
        records = tuple(records)
        used = (c for c in WHEN_USED if any(record.text(c) for record in records))
        return replace(self, columns=tuple(dict.fromkeys((*self.columns, *COLUMNS, *used))), records=records)


@dataclass(frozen=True, slots=True)
class LedgerTally:
    """How many records stand where. What is said not to apply is in the total only."""

    counts: Mapping[LedgerStatus, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def claimed(self) -> int:
        return self.counts.get("not_applicable", 0)

    @property
    def closed(self) -> int:
        return self.counts.get("closed", 0) + self.counts.get("rechecked", 0)

    @property
    def rate(self) -> Fraction | None:
        """销号率: closed of those that can be; None where there is none."""
        can = self.total - self.claimed
        return Fraction(self.closed, can) if can else None


def tally(records: Iterable[LedgerEntry], day: date) -> LedgerTally:
    """Where the records stand on a day."""
    return LedgerTally(Counter(record.status(day) for record in records))
