"""The measure fits the defect, or a person chooses it."""

from __future__ import annotations

import pytest

from checklist.engine.ledger.fitting_actions import ActionFinder
from checklist.model.rules.ruleset import Ruleset

CLEAR = {
    ("FIR-12", "消防车道未划线"): "划线",
    ("FIR-01", "机动车占压消防通道"): "拖走",
    ("VAL-05", "大门公益广告褪色破损"): "修好或更换褪色",
    ("VAL-11", "没有精神文明创建宣传栏"): "新装",
    ("VAL-11", "社区宣传栏内容缺失"): "更换宣传栏内容",
    ("VOL-05", "学雷锋志愿岗上班时间没有人在岗"): "值班表",
    ("VOL-05", "志愿服务制度没有上墙"): "制度",
    ("ENV-14", "绿化带黄土裸露"): "黄土",
    ("INF-01", "地面坑洼积水"): "坑洼",
    ("INF-07", "无障碍车位没有标线"): "无障碍车位",
    ("FIR-05", "灭火器过期"): "充装或换新",
    ("ENV-12", "花园里毁绿种菜"): "逐户谈好",
    ("ENV-02", "烟屁股、纸屑较多，地面脏"): "沿路垃圾",
}
OPEN = (
    ("FIR-01", "消防车道未划线"),
    ("FIR-05", "灭火器长期没有人维护"),
    ("VAL-11", "进大门左边的宣传栏破损"),
    ("FIR-06", "消防栓箱里塞着白色垃圾和杂物"),
    ("GOV-01", "小区没有居民公约"),
    ("INF-07", "没有设置无障碍卫生间"),
)


@pytest.mark.parametrize(("criterion", "text"), CLEAR)
def test_words_that_tell_choose_the_measure(criterion: str, text: str, ruleset: Ruleset) -> None:
    action, choices = ActionFinder(ruleset).fitting(ruleset.criterion(criterion), text)
    assert action is not None and CLEAR[criterion, text] in action.label and not choices


@pytest.mark.parametrize(("criterion", "text"), OPEN)
def test_words_that_do_not_tell_leave_all_choices_open(criterion: str, text: str, ruleset: Ruleset) -> None:
    action, choices = ActionFinder(ruleset).fitting(ruleset.criterion(criterion), text)
    assert action is None and {one.id for one in choices} >= set(ruleset.criterion(criterion).actions)


def test_an_unmarked_fire_lane_is_never_mended_by_towing(ruleset: Ruleset) -> None:
    _, choices = ActionFinder(ruleset).fitting(ruleset.criterion("FIR-01"), "消防车道未划线")
    assert "划线" in choices[0].label


def test_the_fact_that_a_person_names_decides(ruleset: Ruleset) -> None:
    criterion = ruleset.criterion("VAL-05")
    for name in criterion.actions:
        fact = next(iter(ruleset.actions[name].sets))
        action, _ = ActionFinder(ruleset).fitting(criterion, "天气很好", fact)
        assert action is not None and fact in action.sets


def test_likeness_is_all_or_nothing_at_its_ends(ruleset: Ruleset) -> None:
    finder = ActionFinder(ruleset)
    for action in ruleset.actions.values():
        assert finder.likeness(action, action.label) == pytest.approx(1)
        assert finder.likeness(action, "！，") == 0
