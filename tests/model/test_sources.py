"""The clock on sources: what one is worth on a day, when it is due, how old its numbers were when last looked up."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checklist.model.rules.sources import YEARS_UNCHECKED, Source, years_later

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
DAY = timedelta(days=1)


def source(**more: object) -> Source:
    return Source("S01", "一份文件", "L", "medium", **more)  # type: ignore[arg-type]


@given(DAYS, DAYS)
def test_it_is_due_three_years_after_it_was_looked_up_and_not_a_day_before(checked: date, today: date) -> None:
    found = source(checked_on=checked, year=2001)
    assert found.due is not None and found.due.year == checked.year + YEARS_UNCHECKED
    assert (found.standing(today) == "unchecked") == (today > found.due)


@given(DAYS, st.integers(1, 40))
def test_years_are_counted_by_their_day(day: date, years: int) -> None:
    later = years_later(day, years)
    assert later.year == day.year + years and later - day >= timedelta(days=365 * years)
    assert source(published=day, checked_on=later).age_when_checked == years
    assert source(published=day, checked_on=later - DAY).age_when_checked == years - 1


def test_what_was_never_looked_up_is_as_old_as_it_is() -> None:
    assert source(year=2020).due == date(2023, 12, 31)
    assert source(published=date(2020, 2, 29)).due == date(2023, 3, 1)
    assert source().due is None and source().standing(date(2060, 1, 1)) == "undated"
    assert Source("G00", "常识", "G", "low").standing(date(2060, 1, 1)) == "current"


def test_what_is_replaced_or_out_of_force_is_so_however_lately_it_was_looked_up() -> None:
    today = date(2026, 11, 28)
    assert source(checked_on=today, superseded_by="S02").standing(today) == "superseded"
    assert source(checked_on=today, in_force_until=today).standing(today) == "current"
    assert source(checked_on=today, in_force_until=today - DAY).standing(today) == "out_of_force"
