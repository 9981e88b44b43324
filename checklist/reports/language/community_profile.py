"""Who a community is: the facts that a report opens with."""

from __future__ import annotations

from typing import Final

from checklist.model.results.assessment import Assessment
from checklist.model.state import Community
from checklist.reports.document.prose import on_one_line
from checklist.reports.language.labels import INVENTED

PROFILE: Final = (
    *("households", "population", "buildings_total", "grids_total", "resident_units_total", "community_staff"),
    *("property_mode", "estate_built_year", "renewal_stage", "office_area_m2", "premises_tenure", "service_area_m2"),
)
"""What 基本情况 tells, where the ruleset declares it and somebody recorded it."""


def named(community: Community) -> str:
    """``桃李社区（示例数据）``: an invented community always says so."""
    name = on_one_line(community.name)
    return f"{name}（{INVENTED}）" if community.invented and INVENTED not in name else name


def community_name(assessment: Assessment) -> str:
    return named(assessment.state.community)
