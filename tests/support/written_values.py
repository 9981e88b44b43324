"""Values as people write them, and what they mean: one list for every door and for the page on filling in.

Each entry is a fact of the shipped ruleset, a text, and the value that it is, written as a report writes it; None where it
is refused.
"""

from __future__ import annotations

from typing import Final

NUMERALS: Final = (
    ("potholes", "三千五", "3500 处"),
    ("potholes", "一百二", "120 处"),
    ("potholes", "二百六处", "260 处"),
    ("potholes", "壹佰贰", "120 处"),
    ("potholes", "三千零五", "3005 处"),
    ("potholes", "一万二", "12000 处"),
    ("potholes", "1万2", "12000 处"),
    ("potholes", "2千5", "2500 处"),
    ("potholes", "一百二十", "120 处"),
    ("households", "两万三千", "23000 户"),
    ("office_area_m2", "三千五平米", "3500 平方米"),
    ("potholes", "一百二万", None),
    ("potholes", "五六处", None),
    ("potholes", "12万3", None),
)
NONE: Final = (
    ("potholes", "没有", "0 处"),
    ("potholes", "从来没有", "0 处"),
    ("bins_total", "无", "0 个"),
    ("covenant_posted", "没有", "否"),
    ("rooms", "都没有", "一项都没有"),
    ("daily_cleaning", "没有", "没人保洁"),
    ("affairs_days_since_post", "没有", "从来没有"),
    ("affairs_days_since_post", "从没贴过", "从来没有"),
    ("implementation_plan_date", "从来没有", "从来没有"),
    ("implementation_plan_date", "never", "从来没有"),
    ("households", "没有", None),
    ("lane_lamps_lit_ratio", "没有", None),
    ("survey_aware_ratio", "没有", None),
    ("complaint_first_response_hours", "没有", None),
    ("renewal_stage", "没有", None),
    ("potholes", "never", None),
)
WORDS: Final = (
    ("daily_cleaning", "每天2次", "每天两次"),
    ("potholes", "5处左右", "5 处"),
    ("potholes", "大约6处", "6 处"),
    ("potholes", "6处（已整改4处）", None),
)
WRITTEN: Final = (*NUMERALS, *NONE, *WORDS)
