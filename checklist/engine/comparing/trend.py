"""Assessments of one community on several days → Trend. An unknown criterion keeps the status that it had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from checklist.engine.comparing.diff import settled
from checklist.model.results.assessment import Assessment
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.model.rules.ruleset import Criterion


def trend(assessments: Sequence[Assessment]) -> Trend:
    """What became of the score and of every gap, from day to day.

    Raises ValueError for no assessment, several communities, several rulesets or one day twice.
    """
    ordered = sorted(assessments, key=lambda a: a.as_of)
    if not ordered or len({a.as_of for a in ordered}) < len(ordered):
        raise ValueError("a trend needs one assessment a day")
    if len({a.state.community.id for a in ordered}) > 1 or any(a.ruleset != ordered[0].ruleset for a in ordered):
        raise ValueError("a trend is of one community under one ruleset")
    spells: dict[str, list[Spell]] = {}
    moments = tuple(_moment(assessment, spells) for assessment in ordered)
    last = moments[-1].as_of
    known = [_aged(spell, last) for some in spells.values() for spell in some]
    return Trend(
        community=ordered[-1].state.community,
        ruleset=ordered[-1].ruleset,
        moments=moments,
        spells=tuple(known),
        closures=sum(spell.until is not None and spell.until < last for spell in known),
        relapses=sum(spell.relapse for spell in known),
    )


def _moment(assessment: Assessment, spells: dict[str, list[Spell]]) -> Moment:
    """One day, entered into the spells of each criterion."""
    day = assessment.as_of
    opened: list[Criterion] = []
    closed: list[Criterion] = []
    relapsed: list[Criterion] = []
    for finding in assessment.findings:
        criterion = finding.criterion
        past = spells.setdefault(criterion.id, [])
        running = bool(past) and past[-1].until is None
        if finding.short and not running:
            (relapsed if past else opened).append(criterion)
            past.append(Spell(criterion, day, None, bool(past), 0))
        elif settled(finding) and running:
            closed.append(criterion)
            past[-1] = replace(past[-1], until=day)
    still = sum(bool(past) and past[-1].until is None for past in spells.values())
    return Moment(assessment, tuple(opened), tuple(closed), tuple(relapsed), still)


def _aged(spell: Spell, last: date) -> Spell:
    return replace(spell, days=((spell.until or last) - spell.since).days)
