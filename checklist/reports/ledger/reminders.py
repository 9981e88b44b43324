"""催办: what is due, as text for a group chat and as days in a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from checklist.model.ledger import LedgerEntry
from checklist.reports.document.document import day_text, one_line

NOBODY: Final = "没写责任单位"
_CHINA: Final = timedelta(hours=8)
"""Times here are China's; a calendar file wants its stamp in UTC."""
_OCTETS: Final = 73
"""A line of a calendar file has 75 at most, its break and the blank that continues it included."""


def by_lead(records: Iterable[LedgerEntry]) -> dict[str, list[LedgerEntry]]:
    """The records by the unit that leads, in the order given."""
    found: dict[str, list[LedgerEntry]] = {}
    for record in records:
        found.setdefault(next(iter(record.units), NOBODY), []).append(record)
    return found


def place_text(record: LedgerEntry) -> str:
    """``桃李社区 南门``."""
    return one_line(f"{record.text('社区')} {record.text('点位')}").strip()


def problem_text(record: LedgerEntry) -> str:
    """What is wrong, as it was found, else as it stands now."""
    return one_line(record.text("问题描述") or record.text("现状") or record.text("测评项目"))


def due_text(record: LedgerEntry, today: date) -> str:
    due = record.day("时限")
    if due is None:
        return one_line(record.text("时限")) or "没定时限"
    late = (today - due).days
    return (
        f"{due} 到期，已超期 {late} 天" if late > 0 else f"{due} 到期，" + (f"还有 {-late} 天" if late else "就是今天")
    )


def reminders(records: Sequence[LedgerEntry], today: date) -> str:
    """One message per lead unit, an empty line between; what is not open is left out."""
    messages = []
    for unit, theirs in by_lead(record for record in records if record.open).items():
        late = sum(record.late(today) for record in theirs)
        head = f"【催办】{one_line(unit)}：{day_text(today)}还有 {len(theirs)} 件没销号"
        lines = [head + (f"，其中超期 {late} 件。" if late else "。")]
        lines += [f"{n}. {_line(record, today)}" for n, record in enumerate(theirs, 1)]
        lines.append("请整改后填回执（整改情况、整改后照片、完成日期、经办人）交回；已经整改的请回复编号。")
        messages.append("\n".join(lines))
    return "\n\n".join(messages) + "\n" if messages else ""


def _line(record: LedgerEntry, today: date) -> str:
    helps = f"（配合：{'、'.join(record.units[1:])}）" if record.units[1:] else ""
    grave = record.text("严重程度")
    mark = f"【{grave}】" if grave not in ("", "一般") else ""
    waits = "，已报整改、待核验" if record.waiting else ""
    place, number = place_text(record), one_line(record.text("编号"))
    return f"{mark}{place} {problem_text(record)}：{due_text(record, today)}{waits}{helps}（{number}）".strip()


def calendar(records: Iterable[LedgerEntry], at: datetime) -> bytes:
    """An iCalendar file: a day for every open record that has a deadline, with a reminder the day before. The same record
    keeps its UID, so that a later file replaces an earlier one in the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//checklist//ledger//ZH", "METHOD:PUBLISH"]
    for record in records:
        due = record.day("时限")
        if record.open and due is not None:
            lines += _event(record, due, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode("utf-8")


def _event(record: LedgerEntry, due: date, at: datetime) -> list[str]:
    units = "、".join(record.units) or NOBODY
    told = f"{problem_text(record)}\n{record.text('整改措施')}\n编号 {record.text('编号')}"
    return [
        *("BEGIN:VEVENT", f"UID:{_value(record.text('编号'))}@checklist", f"DTSTAMP:{at - _CHINA:%Y%m%dT%H%M%SZ}"),
        *(f"DTSTART;VALUE=DATE:{due:%Y%m%d}", f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}"),
        f"SUMMARY:{_value(f'整改到期：{place_text(record)} {problem_text(record)}（{units}）')}",
        f"DESCRIPTION:{_value(told)}",
        *(
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_value(problem_text(record))}",
            "TRIGGER:-PT15H",
            "END:VALARM",
        ),
        "END:VEVENT",
    ]


def _value(text: str) -> str:
    lines = (one_line(line) for line in text.split("\n"))
    escaped = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)
    return "\\n".join(filter(None, escaped))


def _folded(line: str) -> Iterator[str]:
    """Broken where a line is too long, never inside a character."""
    part, size, lead = "", 0, ""
    for letter in line:
        octets = len(letter.encode("utf-8", "replace"))
        if size + octets > _OCTETS:
            yield lead + part
            part, size, lead = "", 0, " "
        part, size = part + letter, size + octets
    yield lead + part
