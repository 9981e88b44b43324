"""Values as people write them: what is understood, and what is refused with a way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.model.problems import NotAValue
from checklist.model.rules.facts import NEVER, Fact, usual_none
from checklist.model.state import Sample
from checklist.values.answer import Answer, lenient_value
from checklist.values.cells import plain
from checklist.values.days import day_in
from tests.support.laws import examples

TODAY = date(2026, 11, 24)


def fact(type: str, unit: str = "", **more: Any) -> Fact:
    more.setdefault("better", "lower" if type in ("count", "number") else None)
    none_is = usual_none(type, more["better"], unit, more.get("low", 0), more.get("options", {}))  # type: ignore[arg-type]
    return Fact("f", "某项", type, "field_inspection", "？", 1, 30, unit, **{"none_is": none_is, **more})  # type: ignore[arg-type]


COUNT, AREA, RATIO, YES_NO = fact("count", "处"), fact("number", "平方米"), fact("ratio", high=1), fact("bool")
MINUTES, HOURS, METRES = fact("count", "分钟"), fact("number", "小时/天"), fact("count", "米")
CHOICE = fact("choice", options={"full": "全天有人保洁", "none": "没人保洁"})
SHOWN = replace(YES_NO, label="投放时间公示")
CLEARED, BANNED = replace(YES_NO, label="有小广告"), replace(YES_NO, label="没有乱停车")
TIMES = fact("choice", options={"daily": "每天一次", "weekly": "每周一次"})
TWICE = fact("choice", options={"twice": "每天两次", "no": "没有"})
SET = fact("set", options={"a": "图书室", "b": "活动室", "c": "调解室"})
DATE = fact("date")
EVER = fact("date", none_is=NEVER)
NEUTRAL, FROM_ONE, DAYS = fact("count", better=None), fact("count", low=1), fact("count", "天")
ELAPSED, PER_WEEK = replace(DAYS, none_is=NEVER), fact("count", "天", better="higher")


@pytest.mark.parametrize(
    ("asked", "cell", "value"),
    [
        (COUNT, "6处", 6), (COUNT, "６ 处", 6), (COUNT, 6.0, 6), (COUNT, 6, 6), (COUNT, "无", 0), (COUNT, "没有", 0),
        (COUNT, "六处", 6), (COUNT, "十二", 12), (COUNT, "两百零五", 205), (COUNT, "1,204", 1204), (COUNT, "6个", 6),
        (COUNT, "共6处。", 6), (COUNT, "0", 0), (COUNT, "1.2万", 12000), (METRES, "2公里", 2000), (METRES, "300m", 300),
        (MINUTES, "1.5小时", 90), (MINUTES, "15分", 15), (HOURS, "8小时", 8), (HOURS, "90分钟", Fraction(3, 2)),
        (AREA, "60㎡", 60), (AREA, "60m²", 60), (AREA, "60.5平米", Fraction(121, 2)), (AREA, 59.99, Fraction(5999, 100)),
        (COUNT, "合计:6处", 6), (COUNT, "一共6处", 6), (COUNT, "有6处", 6), (COUNT, "'6", 6), (COUNT, "陆处", 6),
        (COUNT, "1千", 1000), (COUNT, "三万零五", 30005), (COUNT, "一万二千", 12000), (COUNT, "二十五处", 25),
        (COUNT, "三千五", 3500), (COUNT, "一百二", 120), (COUNT, "二百六处", 260), (COUNT, "壹佰贰", 120),
        (COUNT, "三千零五", 3005), (COUNT, "一万二", 12000), (COUNT, "1万2", 12000), (COUNT, "2千5百处", 2500), (COUNT, "1万零5", 10005),
        (COUNT, "两万三千", 23000), (AREA, "三千五平米", 3500),
        (EVER, "从来没有", NEVER), (EVER, "无", NEVER), (EVER, "never", NEVER), (EVER, "从没贴过", NEVER),
        (EVER, "2026.3.1", date(2026, 3, 1)), (ELAPSED, "没有", NEVER), (ELAPSED, "从未公布过", NEVER), (ELAPSED, "6天", 6),
        (PER_WEEK, "没有", 0), (COUNT, "从来没有", 0), (YES_NO, "从来没有", False), (SET, "没有", set()),
        (CHOICE, "没有", "none"), (CHOICE, "无", "none"), (TWICE, "每天2次", "twice"), (TWICE, "每天二次", "twice"),
        (COUNT, "暂无", 0), (COUNT, "未见", 0), (METRES, "1千米", 1000), (METRES, "1KM", 1000), (HOURS, "每天8小时", 8),
        (AREA, "60M²", 60), (RATIO, "百分之九十五点五", Fraction(191, 200)), (RATIO, "百分之百", 1), (RATIO, "全部", 1),
        (RATIO, "九成五", Fraction(19, 20)), (RATIO, "9成", Fraction(9, 10)), (RATIO, "十成", 1),
        (RATIO, "95%", Fraction(19, 20)), (RATIO, "９５％", Fraction(19, 20)), (RATIO, 0.95, Fraction(19, 20)),
        (RATIO, "百分之九十五", Fraction(19, 20)), (RATIO, "95.25%", Fraction(381, 400)), (RATIO, 1, 1), (RATIO, "0", 0),
        (YES_NO, "是", True), (YES_NO, "有", True), (YES_NO, "√", True), (YES_NO, "×", False), (YES_NO, "无", False),
        (YES_NO, "否", False), (YES_NO, True, True), (YES_NO, 0.0, False), (YES_NO, "Ｙ", True),
        (YES_NO, "V", True), (YES_NO, "☑是 □否", True), (YES_NO, "□是 ☑否", False), (YES_NO, "是√否□", True),
        (SHOWN, "已公示", True), (SHOWN, "未公示", False), (SHOWN, "没有公示", False), (YES_NO, "暂无", False),
        (TIMES, "每天1次", "daily"), (SET, "图书室 活动室", {"a", "b"}), (SET, "图书室和活动室", {"a", "b"}),
        (SET, "①图书室②活动室", {"a", "b"}), (SET, "1.图书室2.活动室", {"a", "b"}), (SET, "全都有", {"a", "b", "c"}),
        (DATE, "二〇二六年三月一日", date(2026, 3, 1)), (DATE, "26年3月1日", date(2026, 3, 1)),
        (DATE, "2026年3月1日（周日）", date(2026, 3, 1)), (DATE, "2026、3、1", date(2026, 3, 1)),
        (CHOICE, "全天有人保洁", "full"), (CHOICE, " 没人保洁 ", "none"), (CHOICE, "full", "full"),
        (SET, "图书室、活动室", {"a", "b"}), (SET, "图书室，调解室", {"a", "c"}), (SET, "无", set()),
        (SET, "全部", {"a", "b", "c"}), (SET, "活动室", {"b"}), (SET, "图书室\n活动室", {"a", "b"}),
        (DATE, "2026.3.1", date(2026, 3, 1)), (DATE, "2026年3月1日", date(2026, 3, 1)), (DATE, "20260301", date(2026, 3, 1)),
        (DATE, datetime(2026, 3, 1), date(2026, 3, 1)), (DATE, "２０２６/３/１", date(2026, 3, 1)), (DATE, 46082, date(2026, 3, 1)),
    ],
)  # fmt: skip
def test_understood(asked: Fact, cell: Any, value: Any) -> None:
    answer = lenient_value(asked, cell)
    assert answer is not None and answer.value == value and type(answer.value) is not float
    assert not answer.unknown and not answer.remark


@pytest.mark.parametrize(
    ("asked", "cell"),
    [
        (COUNT, "若干"), (COUNT, "3-5"), (COUNT, "5以上"), (COUNT, "不到5"), (COUNT, "≥5"), (COUNT, "6.5"), (COUNT, "有"),
        (COUNT, "6户"), (COUNT, "-3"), (COUNT, date(2026, 3, 5)), (COUNT, time(3, 5)), (COUNT, "#REF!"), (COUNT, "/"),
        (COUNT, "二三"), (COUNT, "1,23"), (COUNT, "6 7"), (COUNT, "1e5"), (COUNT, "nan"), (COUNT, float("nan")),
        (AREA, "60.555"), (AREA, "60亩"), (RATIO, "95"), (RATIO, 95.0), (RATIO, "110%"), (RATIO, "51/50"), (RATIO, "0/0"),
        (YES_NO, "部分"), (YES_NO, 2), (CHOICE, "保洁"), (SET, "图书室、游泳池"), (DATE, "3月1日"), (DATE, "去年"),
        (DATE, "2026-02-30"), (DATE, "2026.3"),
        (COUNT, "—"), (COUNT, "不适用"), (COUNT, "合格"), (COUNT, "五六处"), (COUNT, "6、7处"), (COUNT, "二十来处"),
        (COUNT, "6?"), (COUNT, "3+3"), (COUNT, "一百二万"), (COUNT, "6处（已整改4处）"), (COUNT, "南门3处，北门3处"),
        (AREA, "12×5=60"), (AREA, "60，5"), (RATIO, "95%以上"), (RATIO, "无"), (RATIO, "41:50"),
        (YES_NO, "基本达标"), (YES_NO, "有但坏了"), (YES_NO, "有（已坏）"), (YES_NO, "是，已上墙"), (YES_NO, "/"),
        (SHOWN, "已张贴"), (CLEARED, "已清理"), (BANNED, "未停车"), (SET, "图书室有，活动室无"), (SET, "√"),
        (DATE, "26.3.1"), (DATE, "46082"), (DATE, "2026年3月上旬"), (DATE, "无"), (DATE, "3/1/2026"),
        (DATE, "从来没有"), (DAYS, "没有"), (DAYS, "never"), (NEUTRAL, "没有"), (FROM_ONE, "没有"), (TIMES, "没有"),
        (COUNT, "never"), (RATIO, "没有"), (EVER, "没核过"), (COUNT, "6处左右几处"), (COUNT, "近6处左右"),
    ],
)  # fmt: skip
def test_refused_with_the_words_that_were_written(asked: Fact, cell: Any) -> None:
    with pytest.raises(NotAValue) as caught:
        lenient_value(asked, cell)
    assert caught.value.says and (caught.value.hint or plain(cell) in caught.value.says or "某项" in caught.value.says)


_NUMERALS = "零一二三四五六七八九"


def numerals(number: int, shortened: bool, teen: str, both: bool, formal: bool) -> str:
    """``number`` below a hundred million as people write it. ``shortened`` leaves the last unit out (三千五),
    ``teen`` is 十 or 一十 behind 百 and 零, ``both`` writes 两 before 百, 千 and 万."""

    def section(n: int) -> str:
        told, gap = "", False
        for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = n // power % 10
            if not digit:
                gap = bool(told)
                continue
            one = "两" if both and digit == 2 and power >= 100 else _NUMERALS[digit]
            if power == 10 and digit == 1 and (not told or teen == "十"):
                one = ""
            told, gap = told + ("零" if gap else "") + one + unit, False
        return told

    high, low = divmod(number, 10_000)
    told = section(high) + "万" if high else ""
    told = "两万" if told == "二万" and both else told
    if low:
        told += ("零" if high and low < 1000 else "") + section(low)
    short = shortened and len(told) > 2 and told[-1] in "百千" and told[-3] in "百千万"
    if short and "零" not in told[-3:]:
        places = "十百千万"
        if places.index(told[-3]) == places.index(told[-1]) + 1:
            told = told[:-1].replace("两", "二") if told[-2] == "两" else told[:-1]
    elif shortened and len(told) > 2 and told[-1] == "十" and told[-3] == "百":
        told = told[:-1]
    return (
        told.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
        if formal
        else told or "零"
    )


@given(
    st.one_of(st.integers(0, 99_999_999), st.integers(0, 9999), st.integers(0, 9999).map(lambda n: n * 100)),
    st.booleans(), st.sampled_from(["十", "一十"]), st.booleans(), st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(1000), deadline=None)
def test_every_number_reads_back_from_each_usual_way_of_writing_it(
    number: int, shortened: bool, teen: str, both: bool, formal: bool
) -> None:
    answer = lenient_value(COUNT, numerals(number, shortened, teen, both, formal) or "零")
    assert answer is not None and answer.value == number


def test_about_is_kept_as_a_remark_and_not_knowing_is_an_answer() -> None:
    assert lenient_value(AREA, "约60㎡") == Answer(60, remark="约60m2")
    assert lenient_value(AREA, "60㎡左右") == Answer(60, remark="60m2左右")
    assert lenient_value(COUNT, "大约6处") == Answer(6, remark="大约6处")
    assert lenient_value(COUNT, "5处左右") == Answer(5, remark="5处左右")
    assert lenient_value(COUNT, "无（南门也看了）") == Answer(0, remark="无(南门也看了)")
    assert lenient_value(COUNT, "说不清") == Answer(None, unknown="说不清")
    assert lenient_value(COUNT, "未看到：门锁着") == Answer(None, unknown="门锁着")
    assert lenient_value(COUNT, "6处（南门3处、北门3处）") == Answer(6, remark="6处(南门3处、北门3处)")
    assert lenient_value(YES_NO, "有（2处）") == Answer(True, remark="有(2处)")
    for counts in ("50份中41份满意", "41份/50份", "50人里有41人"):
        assert lenient_value(RATIO, counts) == Answer(Fraction(41, 50), Sample(41, 50))
    assert lenient_value(RATIO, "41/50") == Answer(Fraction(41, 50), Sample(41, 50))
    assert (
        lenient_value(COUNT, "") is None and lenient_value(COUNT, None) is None and lenient_value(COUNT, "  ") is None
    )


@pytest.mark.parametrize(
    ("cell", "day"),
    [("3月1日", date(2026, 3, 1)), ("12月1日", date(2025, 12, 1)), ("2月29日", None), ("11.24", None)],
)
def test_a_day_without_a_year_is_the_latest_that_has_been(cell: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(NotAValue):
            day_in(cell, TODAY)
    else:
        assert day_in(cell, TODAY) == day


@given(st.text(max_size=40), st.sampled_from([COUNT, AREA, RATIO, YES_NO, CHOICE, SET, DATE, METRES]))
@settings(max_examples=examples(400), deadline=None)
def test_no_text_breaks_it(text: str, asked: Fact) -> None:
    try:
        answer = lenient_value(asked, text)
    except NotAValue as reason:
        assert reason.says
    else:
        assert answer is None or answer.value is not None or answer.unknown


@pytest.mark.parametrize(
    ("asked", "cell", "way_out"),
    [
        (COUNT, "不适用", "“不适用”那张表"),
        (COUNT, "/", "没有写 0"),
        (YES_NO, "—", "没有写“否”"),
        (AREA, "12×5", "算好再填"),
        (DATE, "46082", "2026-03-01"),
        (DATE, "26.3.1", "年份写四位"),
        (DATE, "2026年3月", "哪一天"),
        (YES_NO, "有但坏了", "备注"),
        (COUNT, "6处（已整改4处）", "还剩 2"),
        (FROM_ONE, "没有", "最小是 1"),
        (NEUTRAL, "没有", "写 0"),
        (DAYS, "没有", "没核过就空着"),
        (RATIO, "没有", "0%"),
        (replace(RATIO, method="questionnaire"), "没有", "41/50"),
        (DATE, "没有", "2026-03-01"),
        (TIMES, "没有", "每天一次、每周一次"),
    ],
)
def test_the_way_out_fits_the_mistake(asked: Fact, cell: str, way_out: str) -> None:
    with pytest.raises(NotAValue) as caught:
        lenient_value(asked, cell)
    assert way_out in caught.value.hint
