"""The names by which field forms (XLSForm, for ODK and Kobo) are written and their submissions read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checklist.model.rules.facts import NEVER, Fact
from checklist.model.rules.site_kinds import SiteKind

RULESET: Final = "checklist_ruleset"
"""A hidden field; a submission is known by having it."""
COMMUNITY: Final = "checklist_community"
BY: Final = "checklist_by"
ON: Final = "checklist_on"

SITES: Final = "checklist_sites_"
"""Before a kind of site: what is asked again for each one. The others: which one it is, its name where the list has it
not, and how many were visited."""
WHICH: Final = "checklist_which_"
OTHER: Final = "checklist_other_"
VISITED: Final = "checklist_visited_"
NOT_LISTED: Final = "_other"
"""The answer that none of the list is it; no site has such an id."""

UNSURE: Final = "__unsure"
"""Behind a fact's id: why it could not be told. The other endings: its photo, its remark, a survey's two counts."""
PHOTO: Final = "__photo"
NOTE: Final = "__note"
AGREE: Final = "__agree"
ASKED: Final = "__asked"

BY_LABEL: Final = "谁在填（姓名或网格）"
ON_LABEL: Final = "哪天看的"
UNSURE_LABEL: Final = "说不清／未看到（能答就不选）"
NEVER_OR_UNSURE_LABEL: Final = "从来没有，或者说不清／未看到（能答就不选）"
"""Where 没有 is an answer of its own, it stands first among the reasons."""
PHOTO_LABEL: Final = "照片："
NOTE_LABEL: Final = "备注"
ASKED_LABEL: Final = "收回的问卷一共几份？"
NOT_LISTED_LABEL: Final = "单子上没有，下一格写名称"
NONE_LABEL: Final = "一项都没有"

NONE_OF: Final = "none_"
"""The option of a set that says that none of the others is there."""

YES_NO: Final[Mapping[str, str]] = {"yes": "是", "no": "否"}
REASONS: Final[Mapping[str, str]] = {
    "not_seen": "没看到",
    "not_sure": "说不清",
    "no_entry": "进不去",
    "nobody_there": "没人在",
    "no_papers": "没找到材料",
}
NEVER_REASON: Final[Mapping[str, str]] = {str(NEVER): "从来没有"}


def unsure_label(fact: Fact) -> str:
    return NEVER_OR_UNSURE_LABEL if fact.none_is is NEVER else UNSURE_LABEL


def is_sample(fact: Fact) -> bool:
    """Asked as two counts: how many agree, of how many asked."""
    return fact.type == "ratio" and fact.method == "questionnaire"


def question_label(fact: Fact) -> str:
    """The question as the form asks it; Kobo may head the column with it."""
    if fact.type == "ratio":
        return plain_label(f"{fact.ask}（填百分数，如 95）")
    unit = f"（{fact.unit}）" if fact.unit and fact.type in ("count", "number") else ""
    return plain_label(fact.ask + unit)


def which_label(kind: SiteKind) -> str:
    return plain_label(f"现在看的是哪一处{kind.label}？")


def other_label(kind: SiteKind) -> str:
    return plain_label(f"这一处{kind.label}叫什么？")


def agree_label(fact: Fact) -> str:
    return plain_label(f"{fact.ask} 答“是”或满意的几份？")


def plain_label(text: str) -> str:
    """Words that the form's own language leaves alone: no references, no line breaks."""
    return " ".join(text.replace("${", "＄{").split())
