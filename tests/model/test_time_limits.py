"""Time limits: one table of right values, the same through every door that reads one."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.model.problems import NotAValue
from checklist.model.time_limits import UNSETTLED, due_day
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.tables.recognising import open_table
from tests.support.laws import examples
from tests.support.tables import plain_xlsx
from tests.support.word import word_file

FOUND = date(2026, 11, 25)
"""A Wednesday."""

RIGHT: Mapping[str, date] = {
    **dict.fromkeys(
        [
            "3日内", "三日内", "３日内", "限期3天", "限三日内整改完毕", "3天", "3 天以内完成", "72小时内", "自发现之日起3日内", "接到通知后三日内",
            "整改时限：3日内", "即日起3日内", "立行立改，3日内完成", "3日内（11月28日前）", "3日内，逾期通报", "2026-11-28", "11月28日", "11月28日前",
            "请于11月28日前整改到位并书面反馈", "十一月二十八日前", "11.28前", "11/28前", "28日前", "本月28日前", "本周六前", "周六", "11月28日18时前",
            "11月28日下班前", "2026年11月28日前", "2026.11.28 前", "今年11月28日前", "尽快，11月28日前",
        ],
        date(2026, 11, 28),
    ),
    **dict.fromkeys(
        [
            "立即", "立即整改", "马上整改", "立行立改", "即知即改", "立查立改", "现场整改", "当日", "当天下班前", "今日内", "立行立改，长期坚持", "立即整改，长期保持",
            "12小时内", "11月25日前",
        ],
        FOUND,
    ),
    **dict.fromkeys(["24小时内", "明天", "次日", "1日内", "一天内", "一个工作日内"], date(2026, 11, 26)),
    **dict.fromkeys(["48小时内", "两天内", "2个工作日", "本周五前", "周五前"], date(2026, 11, 27)),
    **dict.fromkeys(
        ["11月30日前", "11月底前", "月底前", "本月底", "本月内", "11月内", "3个工作日内", "三个工作日", "下周一前", "5天内", "11月末"], date(2026, 11, 30)
    ),
    **dict.fromkeys(["一周内", "1周", "7日内", "5个工作日内", "五个工作日", "收到交办单后5个工作日内", "一星期内"], date(2026, 12, 2)),
    **dict.fromkeys(["12月1日前", "2026年12月1日前", "2026年12月1日前完成"], date(2026, 12, 1)),
    **dict.fromkeys(["半个月内", "十五日内", "15天"], date(2026, 12, 10)),
    **dict.fromkeys(["12月15日", "12月15日前"], date(2026, 12, 15)),
    **dict.fromkeys(["年底前", "年内", "12月底前", "2026年底前"], date(2026, 12, 31)),
    "一个月内": date(2026, 12, 25),
    "下月5日前": date(2026, 12, 5),
    "10个工作日内": date(2026, 12, 9),
    "1月10日前": date(2027, 1, 10),
    "明年3月1日前": date(2027, 3, 1),
    "三个月内": date(2027, 2, 25),
    "3月内": date(2027, 3, 31),
    "2027年6月底前": date(2027, 6, 30),
    "九十日内": date(2027, 2, 23),
}  # fmt: skip
LASTING = ("长期", "长期坚持", "持续整改", "常态化保持", "")
UNCLEAR = (
    "尽快", "抓紧整改", "3-5日内", "两三天内", "3日", "3日前", "3天前", "11.28", "12月中旬", "2026年12月", "3日内（11月29日前）", "国庆节前",
    "已整改", "若干天内", "11月28日、11月30日", "除3号楼外11月30日前", "99999年内",
)  # fmt: skip
NO_DAY = ("2026-02-30", "11月31日前", "2026年2月29日前", "26.12.31")

Read: TypeAlias = dict[str, date | None]
Door: TypeAlias = Callable[[Path, list[str]], Read]
ROW = ["占道", FOUND.isoformat()]


def _list(write: Callable[[Path, list[list[str]]], Path]) -> Door:
    def read(folder: Path, texts: list[str]) -> Read:
        path = write(folder, [["问题", "检查日期", "整改期限"], *([*ROW, text] for text in texts)])
        spotted, _, _ = read_problem_list(open_table(path), FOUND)
        return {text: one.due for text, one in zip(texts, spotted, strict=True)}

    return read


def _csv(folder: Path, rows: list[list[str]]) -> Path:
    with (folder / "a.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / "a.csv"


def _xlsx(folder: Path, rows: list[list[str]]) -> Path:
    pytest.importorskip("xlsxwriter")
    (folder / "a.xlsx").write_bytes(plain_xlsx("清单", rows[0], rows[1:]))
    return folder / "a.xlsx"


def _docx(folder: Path, rows: list[list[str]]) -> Path:
    return word_file(folder / "a.docx", [rows])


def _above(folder: Path, texts: list[str]) -> Read:
    """Said once for the whole list, with the day of the inspection."""
    found: Read = {}
    for text in texts:
        lines = word_file(folder / "a.docx", [[["问题"], ["占道"]]], [f"检查时间：{FOUND}　整改期限：{text}"])
        ((one,), *_) = read_problem_list(open_table(lines), FOUND)
        found[text] = one.due
    return found


def _given(folder: Path, texts: list[str]) -> Read:
    """The day of the inspection as the command gives it."""
    path = _csv(folder, [["问题", "时限"], *(["占道", text] for text in texts)])
    spotted, _, _ = read_problem_list(open_table(path), date(2026, 12, 31), FOUND)
    return {text: one.due for text, one in zip(texts, spotted, strict=True)}


def _ledger(suffix: str) -> Door:
    def read(folder: Path, texts: list[str]) -> Read:
        return {text: one(folder / f"a{suffix}", text) for text in texts}

    def one(path: Path, text: str) -> date | None:
        if suffix == ".csv":
            _csv(path.parent, [["编号", "发现时间", "时限"], ["1", FOUND.isoformat(), text]])
        else:
            path.write_text(f"- 编号: 1\n  发现时间: {FOUND}\n  时限: {json.dumps(text)}\n", encoding="utf-8")
        ledger, problems = read_ledger(path)
        assert ledger is not None
        (record,) = ledger.records
        assert [p.code for p in problems] == (["E233"] if record.faulty else [])
        assert record.text("时限") == text, "what people wrote stays"
        return None if record.faulty else record.day("时限")

    return read


DOORS: dict[str, Door] = {
    "list CSV": _list(_csv),
    "list xlsx": _list(_xlsx),
    "list docx": _list(_docx),
    "above a list": _above,
    "list and --on": _given,
    "ledger CSV": _ledger(".csv"),
    "ledger YAML": _ledger(".yaml"),
}


@pytest.mark.many
@pytest.mark.parametrize("door", DOORS)
def test_every_door_reads_the_same_time_limits(door: str, tmp_path: Path) -> None:
    right = {**RIGHT, **dict.fromkeys((*LASTING, *UNCLEAR, *NO_DAY))}
    if door == "above a list":  # what stands behind a mark there is another label's, if it is anything
        right = {text: day for text, day in right.items() if not set(text) & set("，：；") and text}
    got = DOORS[door](tmp_path, list(right))
    assert {text: day for text, day in got.items() if day != right[text]} == {}


@pytest.mark.parametrize("text", [*UNCLEAR, *NO_DAY])
def test_what_is_not_understood_is_said_and_never_a_day(text: str) -> None:
    with pytest.raises(NotAValue) as told:
        due_day(text, FOUND)
    assert (told.value.code == UNSETTLED) == (text in UNCLEAR) and told.value.hint


def test_without_a_day_of_finding_only_a_whole_date_is_one() -> None:
    told = {}
    for text in RIGHT:
        try:
            told[text] = due_day(text, None)
        except NotAValue as reason:
            assert reason.code == UNSETTLED and "哪天算起" in reason.says, text
    assert {"2026-11-28", "2026年11月28日前", "2026年12月1日前完成", "2026年底前", "2027年6月底前"} <= told.keys()
    assert all(day == RIGHT[text] for text, day in told.items()) and len(told) < 9


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
@settings(max_examples=examples(400))
def test_working_days_are_counted_one_by_one(found: date, count: int) -> None:
    day, left = found, count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert due_day(f"{count}个工作日内", found) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
@settings(max_examples=examples(400))
def test_a_day_without_its_year_is_the_next_or_not_long_past(found: date, day: date) -> None:
    if (day.month, day.day) == (2, 29):
        return
    told = due_day(f"{day.month}月{day.day}日前", found)
    assert told is not None and (told.month, told.day) == (day.month, day.day)
    assert told.year == found.year or (told > found and (told - found).days < 310)
    assert told >= found or (found - told).days < 100


@given(
    st.text(max_size=30) | st.text("0123456789一二三十半日天月年周内前底限于立即改,，。()/.-个工作小时", max_size=14),
    st.none() | st.dates(),
)
@settings(max_examples=examples(1500), deadline=None)
def test_any_words_are_a_day_or_a_reason(text: str, found: date | None) -> None:
    try:
        day = due_day(text, found)
    except NotAValue as reason:
        assert reason.code in (UNSETTLED, "E110", "E211") and reason.says
    else:
        assert day is None or isinstance(day, date)
