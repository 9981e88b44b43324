"""What a community achieved (成效), each met criterion as a sentence in the words of its ruleset."""

from __future__ import annotations

from collections.abc import Mapping

from checklist.model.results.assessment import Assessment, Finding
from checklist.model.rules.facts import Knowledge
from checklist.reports.language.clauses import achieved_text
from checklist.reports.language.gap_phrases import site_name

AT_SITES = 3
"""At how many sites one criterion is told."""


def achievements(assessment: Assessment) -> Mapping[str, str]:
    """The sentence of each met criterion that has something to say, by its id.

    What holds at all its sites alike is said once, what was recorded there site by site: nothing is added up over them.
    """
    facts, state = assessment.ruleset.facts, assessment.state
    served = [name for name, fact in facts.items() if fact.serves]
    here = state.knowledge(facts)
    there = {site.id if site else "": state.at(site, served).knowledge(facts) for site in (None, *state.sites)}
    met = [finding for finding in assessment.findings if finding.outcome == "met"]
    said = {
        f.criterion.id: _site_by_site(f, assessment, there) if f.sites else achieved_text(f.criterion, here)
        for f in met
    }
    return {id: sentence for id, sentence in said.items() if sentence}


def _site_by_site(finding: Finding, assessment: Assessment, there: Mapping[str, Knowledge]) -> str:
    criterion, sites = finding.criterion, finding.applicable
    told = [achieved_text(criterion, there[at.site.id if at.site else ""]) for at in sites]
    counted = any(clause.places for first in criterion.phrases.met for clause in first.all)
    if len(sites) == 1 or (len(set(told)) == 1 and not counted):
        return told[0]
    label = assessment.ruleset.site_kinds[criterion.per].label
    each = [f"{site_name(at, label)}{text}" for at, text in zip(sites, told, strict=True) if text]
    more = f"，另有 {len(each) - AT_SITES} 处" if len(each) > AT_SITES else ""
    return "；".join(each[:AT_SITES]) + more
