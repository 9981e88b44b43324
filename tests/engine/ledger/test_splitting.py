"""A line that says several defects is cut into them, and one that says one is left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.ledger.matching import Index, build_index
from checklist.engine.ledger.splitting import split
from checklist.model.rules.ruleset import Ruleset
from tests.support.laws import examples


@pytest.fixture(scope="module")
def index(ruleset: Ruleset) -> Index:
    return build_index(ruleset)


SEVERAL = (
    "楼道堆放杂物、|墙面有小广告；|灭火器过期",
    "楼道堆放杂物，|灭火器过期，|电动车进楼充电",
    "楼道内堆放鞋柜、纸箱等杂物，|墙面小广告未清理，|声控灯不亮",
    "电动车、自行车乱停乱放，|垃圾桶满溢",
    "路面破损；|下水道堵塞；|路灯不亮",
    "灭火器过期；|压力不足",
    "窨井盖破损，|路面积水，|绿化带黄土裸露",
    "楼道堆放杂物\n|灭火器过期",
    "3号楼1单元楼道堆放杂物，|4号楼2单元灭火器过期",
)
ONE = (
    "纸屑、烟头、塑料袋等垃圾 3 处",
    "绿化带内有纸屑、烟头、树枝",
    "楼道内、单元门口堆放杂物",
    "楼道堆放杂物（纸箱、旧沙发；自行车）",
    "楼道堆放杂物（纸箱；灭火器过期）",
    "“讲文明；树新风”广告被遮挡",
    "垃圾桶未盖、桶壁脏污、垃圾满溢",
    "文明宣传牌褪色、破损严重",
    "垃圾箱旁枯枝败叶、废弃家具没有及时清走",
    "机动车、非机动车乱停乱放",
    "窨井盖缺失，有安全隐患",
    "外墙皮脱落，有砸人风险",
    "灭火器过期、压力不够",
    "路面破损，坑坑洼洼",
    "楼道脏乱，有蜘蛛网、灰尘",
    "部分窨井堵塞、污水横流、异味较大",
    "物业人员不在岗；请3日内整改",
    "楼道堆放杂物。",
    "1.楼道堆物",
    "2.5米宽通道被占用",
    "天气很好，心情不错",
    "；；",
    "",
    "楼道堆放杂物；灭火器过期；" * 2000,
)


@pytest.mark.parametrize("line", SEVERAL)
def test_several_defects_are_cut_apart(line: str, index: Index) -> None:
    parts = line.split("|")
    assert split(index, "".join(parts)) == tuple(part.strip("、，；\n") for part in parts)


@pytest.mark.parametrize("line", ONE)
def test_one_defect_stays_whole(line: str, index: Index) -> None:
    assert split(index, line) == (line,)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("1.楼道堆放杂物 2.灭火器过期 3.墙面小广告", ("楼道堆放杂物", "灭火器过期", "墙面小广告")),
        ("1、楼道堆放杂物；2、消防栓无水带。", ("楼道堆放杂物", "消防栓无水带")),
        ("①楼道堆物②灭火器过期", ("楼道堆物", "灭火器过期")),
        ("（1）楼道堆放杂物（2）灭火器过期", ("楼道堆放杂物", "灭火器过期")),
        ("3号楼：楼道灯不亮、墙面有小广告", ("3号楼：楼道灯不亮", "3号楼：墙面有小广告")),
        ("3号楼 1、楼道堆物 2、小广告", ("3号楼：楼道堆物", "3号楼：小广告")),
        ("存在问题：1.楼道堆放杂物；2.小广告多", ("楼道堆放杂物", "小广告多")),
    ],
)
def test_numbers_cut_and_a_place_before_them_goes_to_each(line: str, parts: tuple[str, ...], index: Index) -> None:
    assert split(index, line) == parts


PIECE = st.sampled_from(
    [
        *"、，；。\n：（）“”1.2",
        "楼道堆放杂物",
        "灭火器过期",
        "墙面有小广告",
        "纸屑",
        "烟头",
        "等垃圾",
        "3号楼",
        "路灯不亮",
    ]
)


@pytest.mark.law
@given(st.lists(PIECE, max_size=9).map("".join))
@settings(max_examples=examples(80), deadline=None)
def test_no_word_is_lost_or_made_up(ruleset: Ruleset, line: str) -> None:
    parts = split(_index(ruleset), line)
    assert parts and all(parts) == bool(line)
    letters = [re.sub(r"[\W\d]", "", text) for text in (line, "".join(parts))]
    assert set(letters[0]) == set(letters[1]) and len(letters[1]) >= len(letters[0])
    assert len(parts) == 1 or all(split(_index(ruleset), part) == (part,) for part in parts)


_INDEXES: dict[str, Index] = {}


def _index(ruleset: Ruleset) -> Index:
    return _INDEXES.setdefault(ruleset.id, build_index(ruleset))
