"""Assessments of one community on several days → Trend. An unknown criterion keeps the status that it had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from checklist.engine.comparing.places import seen, settled, site_changes
from checklist.model.results.assessment import Assessment
from checklist.model.results.graded import GradedAt
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.model.state import Site


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
    moments = []
    for assessment, earlier in zip(ordered, [None, *ordered], strict=False):
        moments.append(_moment(assessment, earlier, spells))
    names = {site.id: site for assessment in ordered for site in assessment.state.sites}
    last = moments[-1].as_of
    known = [_aged(spell, last, names) for some in spells.values() for spell in some]
    return Trend(
        community=ordered[-1].state.community,
        ruleset=ordered[-1].ruleset,
        moments=tuple(moments),
        spells=tuple(known),
        closures=sum(spell.until is not None and not spell.gone and spell.until < last for spell in known),
        relapses=sum(spell.relapse for spell in known),
    )


def _moment(assessment: Assessment, earlier: Assessment | None, spells: dict[str, list[Spell]]) -> Moment:
    """One day, entered into the spells of each criterion wherever it is graded."""
    day = assessment.as_of
    opened: list[GradedAt] = []
    closed: list[GradedAt] = []
    relapsed: list[GradedAt] = []
    for one in seen(assessment):
        graded, finding = one.graded, one.finding
        past = spells.setdefault(graded.key, [])
        running = bool(past) and past[-1].until is None
        if finding is None:
            past[-1:] = [replace(spell, until=day, gone=True) if running else spell for spell in past[-1:]]
        elif finding.short and one.opens and not running:
            back = bool(past) and not past[-1].gone
            (relapsed if back else opened).append(graded)
            past.append(Spell(graded, day, None, back, 0))
        elif settled(finding) and running:
            closed.append(graded)
            past[-1] = replace(past[-1], until=day)
    still = sum(bool(past) and past[-1].until is None for past in spells.values())
    news = site_changes(assessment.ruleset, earlier.state, assessment.state) if earlier else ()
    return Moment(assessment, tuple(opened), tuple(closed), tuple(relapsed), still, news)


def _aged(spell: Spell, last: date, names: Mapping[str, Site]) -> Spell:
    """With its age, and the name that its site has today."""
    site = spell.graded.site
    graded = replace(spell.graded, site=names[site.id] if site else None)
    return replace(spell, graded=graded, days=((spell.until or last) - spell.since).days)
