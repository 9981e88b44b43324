"""Who a community is: the facts that a report opens with."""

from __future__ import annotations

from typing import Final

from checklist.model.results.assessment import Assessment
from checklist.reports.language.names import named

PROFILE: Final = (
    *("households", "population", "buildings_total", "grids_total", "resident_units_total", "community_staff"),
    *("property_mode", "estate_built_year", "renewal_stage", "office_area_m2", "premises_tenure", "service_area_m2"),
)
"""What 基本情况 tells, where the ruleset declares it and somebody recorded it."""


def community_name(assessment: Assessment) -> str:
    return named(assessment.state.community)
