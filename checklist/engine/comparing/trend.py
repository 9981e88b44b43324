"""Assessments of one community on several days → Trend. An unknown criterion keeps the status that it had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from checklist.engine.comparing.lineages import lineages, regrouped
from checklist.engine.comparing.places import seen, settled, site_changes
from checklist.model.results.assessment import Assessment
from checklist.model.results.graded import GradedAt
from checklist.model.results.lineage import Regrouping
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Site


def trend(assessments: Sequence[Assessment]) -> Trend:
    """What became of the score and of every gap, from day to day; under a new edition a criterion that was only renamed
    goes on, what was split or merged begins anew.

    Raises ValueError for no assessment, several communities, one day twice, or rulesets that do not follow one another.
    """
    ordered = sorted(assessments, key=lambda a: a.as_of)
    if not ordered or len({a.as_of for a in ordered}) < len(ordered):
        raise ValueError("a trend needs one assessment a day")
    if len({a.state.community.id for a in ordered}) > 1 or not all(
        follows(one.ruleset, other.ruleset) for one, other in pairwise(ordered)
    ):
        raise ValueError("a trend is of one community under one ruleset, edition by edition")
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
    grouped = _carried_over(earlier, assessment, spells) if earlier and earlier.ruleset != assessment.ruleset else ()
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
    return Moment(assessment, tuple(opened), tuple(closed), tuple(relapsed), still, news, grouped)


def follows(before: Ruleset, after: Ruleset) -> bool:
    """Whether the later ruleset is the earlier one, or an edition that says what became of its criteria."""
    return before == after or bool(lineages(before, after))


def _carried_over(
    earlier: Assessment, assessment: Assessment, spells: dict[str, list[Spell]]
) -> tuple[Regrouping, ...]:
    """The spells under the ids of a new edition: those of renamed criteria go on, those of criteria that were split,
    merged or left out are over, which closes nothing."""
    tied = lineages(earlier.ruleset, assessment.ruleset)
    renamed = {one.before[0].id: one.after[0] for one in tied if one.kind == "renamed"}
    over = {c.id for one in tied if one.kind != "renamed" for c in one.before}
    kept = {c.id for c in assessment.ruleset.active}
    for key in list(spells):
        id, _, site = key.partition("#")
        if new := renamed.get(id):
            moved = [replace(spell, graded=replace(spell.graded, criterion=new)) for spell in spells.pop(key)]
            spells[f"{new.id}#{site}" if site else new.id] = moved
        elif (id in over or id not in kept) and spells[key] and spells[key][-1].until is None:
            spells[key][-1] = replace(spells[key][-1], until=assessment.as_of, gone=True)
    return tuple(regrouped(one, earlier, assessment) for one in tied if one.kind != "renamed")


def _aged(spell: Spell, last: date, names: Mapping[str, Site]) -> Spell:
    """With its age, and the name that its site has today."""
    site = spell.graded.site
    graded = replace(spell.graded, site=names[site.id] if site else None)
    return replace(spell, graded=graded, days=((spell.until or last) - spell.since).days)
