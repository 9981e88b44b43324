"""The closed words of rule files in Chinese: what papers print, and what stands in a workbook in place of the word."""

from __future__ import annotations

from typing import Final

METHOD: Final = {
    "materials_review": "材料审核",
    "field_inspection": "实地考察",
    "questionnaire": "问卷调查",
    "hearing": "听取汇报",
    "web": "网络核查",
}
FLAG: Final = {"redline": "红线", "veto": "一票否决"}
CONFIDENCE: Final = {"high": "高", "medium": "中", "low": "低"}
TRACE: Final = {"meeting": "开会", "plate": "挂牌上墙", "photo": "照片", "paper": "材料"}
TIER: Final = {"core": "核心", "full": "完整"}
STATUS: Final = {"active": "现行", "future": "待生效", "obsolete": "已停用"}
SCALE: Final = {
    "at_least": "数值越高越好",
    "at_most": "数值越低越好",
    "met": "按达到的条数",
    "levels": "按条件分档",
    "choice": "按情形分档",
    "survey": "按问卷比例",
    "judged": "由检查人定档",
    "deduct": "逐处扣分",
    "earn": "逐项得分",
    "proportional": "按比例得分",
}
MODULE: Final = {"ordinary": "计入总分", "bonus": "加分", "penalty": "倒扣"}
NOT_APPLICABLE: Final = {"leaves_both_sides": "两边扣除", "full_points": "得满分"}
OVER: Final = {"mean": "取平均", "worst": "看最差的一处", "sum": "加起来评一次"}
TYPE: Final = {
    "bool": "是否",
    "count": "个数",
    "number": "数量",
    "ratio": "比例",
    "choice": "单选",
    "set": "多选",
    "date": "日期",
}
BETTER: Final = {
    "higher": "越多越好",
    "lower": "越少越好",
    "true": "是好",
    "false": "否好",
    "first": "前面的好",
    "more": "越全越好",
    "later": "越近越好",
}
SERVES: Final = {"sites": "各点位都看"}
REPLACED: Final = {"replace": "改", "add": "增"}
