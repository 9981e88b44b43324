"""The words by which spreadsheets are written and found again: headings, the hidden stamp, words of not knowing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

STAMP: Final = "标识"
"""The hidden sheet that says which community, ruleset and record a form was made from."""

STAMP_HEAD: Final = "civic-checklist"
Column: TypeAlias = Literal[
    "community", "community_id", "fact", "label", "value", "same", "on", "by", "evidence", "note",
    "criterion", "reason", "until", "as_of", "group", "street", "city", "district", "invented", "ruleset",
    "not_applicable",
]  # fmt: skip

HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    "community": ("社区", "社区名称", "社区名", "小区", "单位名称"),
    "community_id": ("社区编号", "社区代码"),
    "fact": ("编号", "实测项编号", "实测项代码", "fact", "id"),
    "label": ("实测项", "实测项目", "项目", "名称", "label"),
    "value": ("实测值", "填报值", "结果", "值", "本次填报", "value"),
    "same": ("仍然如此", "与上次相同", "同上次"),
    "on": ("核实日期", "检查日期", "日期", "on", "date"),
    "by": ("核实人", "填报人", "检查人", "姓名", "by"),
    "evidence": ("佐证材料", "佐证", "照片", "evidence"),
    "note": ("备注", "说明", "note"),
    "criterion": ("标准编号",),
    "reason": ("不适用的理由", "不适用理由"),
    "until": ("到哪天为止", "截止日期"),
    "as_of": ("现状日期", "as_of"),
    "group": ("类型", "分组", "group"),
    "street": ("街道",),
    "district": ("区县", "区"),
    "city": ("城市", "市"),
    "invented": ("示例数据",),
    "ruleset": ("测评体系",),
    "not_applicable": ("不适用", "不适用的标准"),
}
"""Column → its headings; the first is the one that we write."""

FORMULA: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
"""How text begins that a spreadsheet would take for a formula. Writing puts an apostrophe before it, reading takes it off."""

UNSURE_WORD: Final = "说不清"
NOT_APPLICABLE: Final = "不适用"
"""Stands for a value in a row that names a criterion."""
