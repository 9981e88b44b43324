"""The names by which field forms (XLSForm, for ODK and Kobo) are written and their submissions read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RULESET: Final = "checklist_ruleset"
"""A hidden field; a submission is known by having it."""
COMMUNITY: Final = "checklist_community"
BY: Final = "checklist_by"
ON: Final = "checklist_on"

UNSURE: Final = "__unsure"
"""Behind a fact's id: why it could not be told. The other endings: its photo, its remark, a survey's two counts."""
PHOTO: Final = "__photo"
NOTE: Final = "__note"
AGREE: Final = "__agree"
ASKED: Final = "__asked"

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
