"""An inspector's words find their criterion: rates on labelled texts, what is never proposed, what is remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.matching import labelled, rates
from checklist.engine.ledger.matching import Index, Remembered, build_index, propose
from checklist.model.rules.ruleset import Ruleset

HARMLESS = (
    # the four that proposed a veto once
    *("志愿服务岗药品箱内混装日用品", "没有未成年人思想道德教育宣传牌", "材料是2022年的", "多份签到表日期写得不清楚"),
    # papers and talk about what did not happen
    *(
        "食物中毒应急预案没有上墙",
        "没有安全生产事故应急预案",
        "安全生产事故警示教育没开展",
        "没有防范电信诈骗和黄赌毒宣传",
    ),
    *(
        "没有反邪教宣传栏",
        "没有禁毒宣传资料",
        "群体性事件处置预案没更新",
        "未建立负面舆情处置机制",
        "抵制邪教宣传画褪色",
    ),
    *("近一年没有发生食物中毒", "未发生重大火灾", "没有发现弄虚作假", "重大火灾隐患没有挂牌督办", "楼道堆物有伤亡风险"),
    *("材料里没有安全生产事故情况说明的制度", "消防安全责任书没签", "举报弄虚作假的电话没公布"),
    # small things that share characters with great ones
    *("便民药箱里存在问题药品过期", "饭店后厨卫生差", "食品摊点没有健康证", "药店没有公示药师信息", "校门口卖三无食品"),
    *(
        "小区路面污染严重",
        "餐馆油烟污染环境",
        "洗车店污水偷排到下水道",
        "居民集体反映停车难",
        "居民聚众打牌",
        "干部上班迟到",
    ),
    *(
        "社区干部不在岗",
        "未成年人活动室没开放",
        "未成年人思想道德建设资料缺失",
        "网上有人发帖说小区脏",
        "媒体宣传报道资料少",
    ),
    *("小区有人吵架报警", "照片重复使用", "照片模糊", "假山喷泉坏了", "灭火器过期存在火灾隐患", "代收快递签收混乱"),
)
WRONG_VALUES = (
    *(
        "核心价值观展板有错别字",
        "核心价值观展板错字",
        "核心价值观展板内容错误",
        "二十四字顺序颠倒",
        "核心价值观漏了一个词",
    ),
    *("核心价值观宣传牌写错字", "社会主义核心价值观少了诚信二字", "核心价值观标语写成富强民主文明和协"),
    *("宣传栏把核心价值观写错了", "核心价值观内容排版错误", "核心价值观公益广告内容有误"),
)


@pytest.fixture(scope="module")
def index(ruleset: Ruleset) -> Index:
    return build_index(ruleset)


@pytest.mark.parametrize(
    ("part", "first", "three"),
    [
        ("first", 0.95, 0.98),
        ("defects", 0.90, 0.98),
        ("office", 0.94, 0.98),
        ("bulletins", 0.92, 0.97),
        ("everyday", 0.94, 0.98),
        ("unseen", 0.87, 0.96),
        ("public", 0.84, 0.95),
    ],
)
def test_an_inspectors_words_find_their_criterion(index: Index, part: str, first: float, three: float) -> None:
    """Labelled by hand; a proposal is shown, never taken by itself. No keyword was written for ``unseen`` and ``public``."""
    found = rates(index, labelled()[part])
    assert found[0] >= first and found[1] >= three


def grave(index: Index, text: str) -> list[str]:
    """What is proposed, however far behind, that is a veto or only raises a flag."""
    found = (proposal.criterion for proposal in propose(index, text, most=len(index.ruleset.criteria)))
    return [c.id for c in found if c.flag and (c.flag.kind == "veto" or not c.points)]


def test_no_veto_is_proposed_for_what_is_none(index: Index, ruleset: Ruleset) -> None:
    assert {text: found for text in HARMLESS if (found := grave(index, text))} == {}
    said = [row["text"] for rows in labelled().values() for row in rows]
    assert {text: found for text in said if (found := grave(index, text))} == {"志愿者签到由一人代签名": ["DOC-10"]}
    assert ruleset.criterion("DOC-10").flag is not None


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("聚餐后食物中毒两人", "NEG-02"),
        ("上月发生重大火灾一起", "NEG-01"),
        ("会议记录弄虚作假", "DOC-10"),
        ("棋牌室聚众赌博", "NEG-08"),
        ("拆迁引发群体性事件", "NEG-04"),
    ],
)
def test_a_veto_is_proposed_on_its_literal_words(index: Index, text: str, criterion: str) -> None:
    assert propose(index, text)[0].criterion.id == criterion


@pytest.mark.parametrize("text", WRONG_VALUES)
def test_a_mistake_in_the_core_values_goes_to_the_red_line(index: Index, text: str) -> None:
    assert propose(index, text)[0].criterion.id == "VAL-05"


@pytest.mark.parametrize("text", ["大门口没有核心价值观", "主干道看不到社会主义核心价值观公益广告"])
def test_core_values_that_are_not_there_do_not(index: Index, text: str) -> None:
    assert propose(index, text)[0].criterion.id == "VAL-01"


def test_nothing_is_proposed_where_nothing_is_said(index: Index) -> None:
    assert all(propose(index, text) == () for text in ("天气很好", "", "x", "无", "同上", "详见附件", "、。！"))


def test_a_proposal_says_which_words_decided(index: Index) -> None:
    (first, *_) = propose(index, "消防栓的门打不开")
    assert (first.criterion.id, first.confirmed) == ("FIR-06", False) and "消火栓" in "".join(first.because)
    assert first.like in first.criterion.keywords
    assert propose(index, "路面 有坑！")[0].because == propose(index, "路面有坑")[0].because


@pytest.mark.parametrize(
    ("text", "point", "criterion"),
    [
        ("灯不亮", "3单元楼道", "INF-06"),
        ("灯不亮", "主干道", "INF-05"),
        ("地面脏", "6栋楼道", "ENV-18"),
        ("地面脏乱", "服务大厅", "FAC-20"),
        ("电动车停放", "单元门厅", "FIR-04"),
        ("堆放杂物", "楼道", "ORD-05"),
        ("堆放杂物", "消防通道", "FIR-01"),
        ("堆放杂物", "绿化带", "ENV-15"),
        ("墙皮脱落", "楼道", "ENV-19"),
        ("墙皮脱落", "外墙", "FIR-14"),
        ("没人值守", "监控室", "FIR-11"),
        ("没人值守", "门岗", "FIR-09"),
        ("内容没更新", "宣传栏", "VAL-11"),
        ("内容没更新", "居务公开栏", "GOV-04"),
        ("破损", "井盖", "INF-03"),
    ],
)
def test_where_it_was_found_takes_part(index: Index, text: str, point: str, criterion: str) -> None:
    assert propose(index, text, point=point)[0].criterion.id == criterion


def test_what_a_person_confirmed_comes_first_and_the_last_word_counts(ruleset: Ruleset) -> None:
    said = "烟道串味，物业一直没解决"
    told = [Remembered(said, "GOV-13"), Remembered("狗屎没人捡", "BHV-04"), Remembered(said, "GOV-09")]
    index = build_index(ruleset, [*told, Remembered("没有这条", "XXX-99")])
    first, *_ = propose(index, "烟道串味,物业一直没解决。")
    assert (first.criterion.id, first.like, first.confirmed) == ("GOV-09", said, True)
    assert propose(index, "狗屎没人捡")[0].criterion.id == "BHV-04"
    near = propose(index, "厨房烟道串味")[0]
    assert near.confirmed and near.criterion.id in ("GOV-09", "GOV-13")
    assert grave(build_index(ruleset, [Remembered(HARMLESS[0], "NEG-02")]), HARMLESS[0]) == []


@given(st.text(st.sampled_from("楼道路面灯井盖不亮堆物无没有脏乱、，。 食物中毒Ａ1"), max_size=24), st.integers(1, 5))
def test_whatever_is_written_proposals_are_few_different_and_in_order(index: Index, text: str, most: int) -> None:
    found = propose(index, text, most)
    ids, strengths = [p.criterion.id for p in found], [p.strength for p in found]
    assert len(ids) == len(set(ids)) <= most and strengths == sorted(strengths, reverse=True)
    assert [p.criterion.id for p in propose(index, f"“{text}” ！", most)] == ids
