"""交办单: what one unit, or one community, has to do, on paper that comes back with the answers (回执)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from checklist.model.hand_out import ANSWERS, CODE, LEADS, NUMBER, code_of
from checklist.model.ledger import LedgerEntry
from checklist.reports.document.document import (
    Block,
    Column,
    Content,
    Document,
    Heading,
    Table,
    Text,
    Thumbnail,
    day_text,
)
from checklist.reports.document.tidied import tidied
from checklist.reports.ledger.reminders import place_text, problem_text

Thumbnails: TypeAlias = Mapping[str, bytes]
"""Small JPEGs by the name that the ledger gives the photo."""

_RECEIPT: Final = "签收人：＿＿＿＿＿＿　　联系电话：＿＿＿＿＿＿＿＿　　签收日期：＿＿＿＿年＿＿月＿＿日"


def for_unit(unit: str, records: Sequence[LedgerEntry], photos: Thumbnails, day: date, issuer: str = "") -> Document:
    """What ``unit`` leads, with room for the answers, and what it helps others with, apart."""
    led = [record for record in records if record.units[:1] == (unit,)]
    helped = [record for record in records if unit in record.units[1:]]
    parts: list[Block] = [_asked(f"{unit}：下列问题由你单位牵头整改 {len(led)} 件", helped)]
    if led:
        parts += [Heading("牵头整改"), _table(led, photos)]
    if helped:
        parts += [Heading("配合整改"), _helped(helped)]
    return _paper(f"整改交办单（{unit}）", parts, day, issuer)


def for_community(
    name: str, records: Sequence[LedgerEntry], photos: Thumbnails, day: date, issuer: str = ""
) -> Document:
    """Everything that is open in one community, with who answers for it."""
    parts: list[Block] = [_asked(f"{name}：辖区内还有 {len(records)} 件问题要整改", ())]
    return _paper(f"整改交办单（{name}）", [*parts, _table(records, photos, units=True)], day, issuer)


def _asked(head: str, helped: Sequence[LedgerEntry]) -> Text:
    more = f"，配合整改 {len(helped)} 件" if helped else ""
    how = "请在时限前整改，填好后四栏（照片写文件名），连同照片一起交回；编号和核对码不要改，收回时靠它们对上台账。"
    return Text(f"{head}{more}。{how}", note=True)


def _paper(title: str, parts: Iterable[Block], day: date, issuer: str) -> Document:
    by = f"{issuer}　{day_text(day)}" if issuer else day_text(day)
    return tidied(Document(title, (*parts, Text(_RECEIPT, note=True)), by, day=day))


def _table(records: Sequence[LedgerEntry], photos: Thumbnails, *, units: bool = False) -> Table:
    shown = any(_photo(record, photos) for record in records)
    placed = not units or any(record.text("点位") for record in records)
    columns = (
        *(Column(NUMBER, 10), Column(CODE, 5), *((Column("地点", 7),) if placed else ())),
        *((Column("照片", 8),) if shown else ()),
        *(Column("问题", 12), Column("整改要求", 12)),
        *((Column("责任单位", 9),) if units else ()),
        *(Column("时限", 9, "date"), Column(ANSWERS[0], 8), Column(ANSWERS[1], 6)),
        *(Column(ANSWERS[2], 7, "date"), Column(ANSWERS[3], 5)),
    )
    rows = (
        (
            *(record.text(NUMBER), code_of(record)),
            *((record.text("点位") if units else place_text(record),) if placed else ()),
            *((_photo(record, photos),) if shown else ()),
            *(_problem(record), record.text("整改措施")),
            *((_units(record),) if units else ()),
            *(record.day("时限") or record.text("时限") or "没定", "", "", None, ""),
        )
        for record in records
    )
    return Table("", columns, tuple(rows), main=True)


def _problem(record: LedgerEntry) -> str:
    grave, again = record.text("严重程度"), record.text("退回原因")
    mark = f"【{grave}】" if grave not in ("", "一般") else ""
    return f"{mark}{problem_text(record)}" + (f"（退回：{again}）" if again else "")


def _units(record: LedgerEntry) -> str:
    lead, *helps = record.units or ("没写",)
    return f"{lead}牵头，{'、'.join(helps)}配合" if helps else lead


def _helped(records: Sequence[LedgerEntry]) -> Table:
    columns = (Column(NUMBER, 8), Column(LEADS, 8), Column("地点", 9), Column("问题", 16), Column("整改要求", 12))
    rows = ((r.text(NUMBER), r.units[0], place_text(r), _problem(r), r.text("整改措施")) for r in records)
    dated = zip(rows, (r.day("时限") or r.text("时限") or "没定" for r in records), strict=True)
    return Table("", (*columns, Column("时限", 6, "date")), tuple((*row, due) for row, due in dated))


def _photo(record: LedgerEntry, photos: Thumbnails) -> Content:
    """The first photo that can be shown."""
    name = next((name for name in photo_names(record) if name in photos), "")
    return Thumbnail(name, photos[name]) if name else ""


def photo_names(record: LedgerEntry) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[、,，;；\s]+", record.text("整改前后照片"))))
