"""What communities and rulesets are called, wherever a user reads of them."""

from __future__ import annotations

from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.state import Community
from checklist.reports.document.prose import on_one_line
from checklist.reports.language.labels import CUSTOM, INVENTED, OVER


def named(community: Community) -> str:
    """``桃李社区（示例数据）``: an invented community always says so."""
    name = on_one_line(community.name)
    return f"{name}（{INVENTED}）" if community.invented and INVENTED not in name else name


def site_rule(criterion: Criterion, ruleset: Ruleset) -> str:
    """``；按小区逐个评，取平均``; empty for a criterion of the community."""
    if not criterion.per:
        return ""
    each = "的数" if criterion.over == "sum" else "逐个评"
    return f"；按{ruleset.site_kinds[criterion.per].label}{each}，{OVER[criterion.over]}"


def ruleset_name(ruleset: Ruleset) -> str:
    """``标题（年版）``, and how much of it is changed where it is: a tailoring always says so."""
    custom = f"（{CUSTOM}：{len(ruleset.changes)} 处改动）" if ruleset.custom else ""
    return f"{ruleset.title}（{ruleset.edition}）{custom}"
