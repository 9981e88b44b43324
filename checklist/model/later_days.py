"""Days counted on from a day: weeks, months, and working days, which are Monday to Friday."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def after(start: date, count: int, half: bool, unit: str) -> date:
    """The day so many of a unit later; ``half`` of one counts alone. An hour up to noon is of the same day.

    Raises OverflowError, ValueError beyond the calendar.
    """
    match unit:
        case "工作日" if count:
            weeks, days = divmod(count, 5)
            begin = start - timedelta(days=max(0, start.weekday() - 4))
            over = begin.weekday() + days > 4
            return begin + timedelta(days=7 * weeks + days + (2 if over else 0))
        case "小时":
            return start + timedelta(days=(count + 11) // 24)
        case "月":
            return start + timedelta(days=15) if half else months_on(start, count)
        case "年":
            return months_on(start, 6 if half else 12 * count)
        case "周" | "星期" | "礼拜":
            return start + timedelta(days=7 * count)
    return start + timedelta(days=count)


def months_on(start: date, count: int, day: int = 0) -> date:
    """A day of a later month, its last where the month is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(day or start.day, monthrange(year, month + 1)[1]))
