"""Who a community is: the facts that a report opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Value
from checklist.reports.language.names import named

PROFILE: Final = (
    *("households", "population", "buildings_total", "grids_total", "resident_units_total", "community_staff"),
    *("property_mode", "estate_built_year", "renewal_stage", "office_area_m2", "premises_tenure", "service_area_m2"),
)
"""What 基本情况 tells, where the ruleset declares it and somebody recorded it."""


def profile(assessment: Assessment) -> Mapping[str, Value]:
    """What is known of these facts; a number that lies at sites is their sum, where every site is known."""
    state, ruleset = assessment.state, assessment.ruleset
    values = dict(state.knowledge(ruleset.facts).values)
    for name in PROFILE:
        kind = ruleset.site_facts.get(name, "")
        sites = state.sites_of(kind)
        if sites and kind not in state.unlisted:
            here = [state.at(site).knowledge(ruleset.facts).number(name) for site in sites]
            if None not in here:
                values[name] = sum(number for number in here if number is not None)
    return values


def community_name(assessment: Assessment) -> str:
    return named(assessment.state.community)
