"""What the page shows, as JSON data: the score interval, the questions in walking order and what is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from checklist.engine.scoring.assess import assess
from checklist.keeping.folder import CommunityFolder
from checklist.model.numbers import INF, number_text, rounded
from checklist.model.refusals import Refusal
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import NEVER, Fact, Never
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, Slot, State
from checklist.reports.forms.questions import groups_of, selection_text, sites_asked, wanted
from checklist.reports.language.labels import METHOD, UNKNOWN, VERDICT
from checklist.reports.language.phrases import value_text
from checklist.values.none import NEVER_WORD


@dataclass(frozen=True, slots=True)
class PhoneWalk:
    """A short list: the words that chose it, as they are read out, and the facts and sites that they meant when it began.
    Facts stay on it when they are answered, so that they can be put right."""

    words: tuple[str, ...] = ()
    facts: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()


EVERYTHING: Final = PhoneWalk()
MOST_SITES: Final = 200


def key_of(slot: Slot) -> str:
    """A slot as the page names a question: the fact, and the site behind a sign that neither holds."""
    return f"{slot[1]}@{slot[0]}" if slot[0] else slot[1]


def slot_of(key: str) -> Slot:
    fact, _, site = key.partition("@")
    return site, fact


def version_of(folder: CommunityFolder, day: date, walk: PhoneWalk = EVERYTHING) -> str:
    """Changes whenever the board may: with the newest file's content, with the day (readings grow stale) and with
    what is walked."""
    data = folder.latest.path.read_bytes() if folder.latest else b""
    asked = f"{day}{walk.words}{sorted(walk.facts)}{sorted(walk.sites)}"
    return hashlib.sha256(data + asked.encode("utf-8")).hexdigest()[:16]


def state_of(folder: CommunityFolder, day: date) -> State:
    """The newest state seen from ``day``; an empty one in a folder that has none."""
    if folder.state is None:
        return State(folder.community, folder.ruleset.id, day, {})
    return folder.state.on_day(max(day, folder.state.as_of))


def begin_walk(folder: CommunityFolder, day: date, only: Iterable[str]) -> PhoneWalk:
    """The facts that the words of ``--only`` choose today. Raises Refusal."""
    words = tuple(only)
    assessment = assess(folder.ruleset, state_of(folder, day))
    groups, sites = groups_of(assessment, folder.tier, words), sites_asked(assessment, words)
    if len(sites) > MOST_SITES:
        hint = f"--only 写其中几个的名称，如 --only {sites[0].name}"
        raise Refusal(f"有 {len(sites)} 个点位，手机一次最多走 {MOST_SITES} 个", hint)
    told = tuple(selection_text(word, folder.ruleset) for word in words)
    facts = frozenset(fact.id for group in groups for fact in group.facts)
    return PhoneWalk(told, facts, frozenset(site.id for site in sites))


def board(folder: CommunityFolder, day: date, walk: PhoneWalk = EVERYTHING) -> dict[str, Any]:
    """Everything that a phone needs to go on without a network."""
    assessment = assess(folder.ruleset, state_of(folder, day))
    names = wanted(assessment, folder.tier).keys()
    facts = in_walking_order(folder.ruleset, names & walk.facts if walk.words else names)
    places, readings, stakes = folder.ruleset.places, folder.readings(), stakes_of(assessment)
    state, kinds = assessment.state, folder.ruleset.site_facts
    listed = {site.kind for site in state.sites} | state.totals.keys()
    sites = [s for s in state.sites if s.counts_on(state.as_of) and (not walk.words or s.id in walk.sites)]
    return {
        "version": version_of(folder, day, walk),
        "only": "、".join(walk.words),
        "community": folder.community.name,
        "invented": folder.community.invented,
        "ruleset": folder.ruleset.title,
        "today": str(day),
        "score": overview(assessment),
        "places": [{"id": id, "label": label} for id, label in places.items()] + [{"id": "", "label": "其他"}],
        "facts": [
            {**question(fact), **recorded(("", fact.id), fact, readings, state, stakes)}
            for fact in facts
            if kinds.get(fact.id) not in listed
        ],
        "sites": [{"id": s.id, "name": s.name, "kind": folder.ruleset.site_kinds[s.kind].label} for s in sites],
        "site_facts": [
            {**question(fact), "kind": folder.ruleset.site_kinds[kinds[fact.id]].label}
            for fact in facts
            if kinds.get(fact.id) in {site.kind for site in sites}
        ],
        "at": {
            site.id: {
                fact.id: recorded((site.id, fact.id), fact, readings, state.at(site), stakes)
                for fact in facts
                if kinds.get(fact.id) == site.kind
            }
            for site in sites
        },
    }


def overview(assessment: Assessment) -> dict[str, Any]:
    """The interval with one decimal, how much of it is checked, and what the red lines say."""
    score = assessment.score
    low, high = rounded(score.low), rounded(score.high)
    return {
        "low": str(low),
        "high": str(high),
        "width": str(rounded(score.high - score.low)),
        "exact": [str(rounded(score.low, 4)), str(rounded(score.high, 4))],
        "coverage": f"{rounded(assessment.coverage * 100, 0)}%",
        "verdict": VERDICT[assessment.verdict.kind],
        "disclaimer": assessment.ruleset.disclaimer,
    }


def in_walking_order(ruleset: Ruleset, names: Iterable[str]) -> tuple[Fact, ...]:
    """By place as one walks, within a place as the ruleset lists them."""
    places = {place: i for i, place in enumerate(ruleset.places)}
    kept = set(names)
    facts = [fact for fact in ruleset.facts.values() if fact.id in kept]
    return tuple(sorted(facts, key=lambda fact: places.get(fact.place, len(places))))


def question(fact: Fact) -> dict[str, Any]:
    """What is asked, and within which bounds the page may already refuse an answer."""
    return {
        "id": fact.id,
        "label": fact.label,
        "ask": fact.ask,
        "type": fact.type,
        "unit": fact.unit,
        "method": METHOD[fact.method],
        "survey": fact.type == "ratio" and fact.method == "questionnaire",
        "place": fact.place,
        "minutes": fact.minutes,
        "never": NEVER_WORD if fact.none_is is NEVER else "",
        "options": [{"id": id, "label": label} for id, label in fact.options.items()],
        "low": number_text(fact.low),
        "high": "" if fact.high == INF else number_text(fact.high),
        "evidence": list(fact.evidence),
    }


def stakes_of(assessment: Assessment) -> dict[str, Fraction]:
    """Unknown fact → the points of the score (0 to 100) that hang on it, at one of the sites where it is unknown."""
    possible = assessment.total.possible
    checks = assessment.to_check if possible else ()
    return {check.fact: check.stake * 100 / possible / max(check.sites, 1) for check in checks}


def recorded(
    slot: Slot, fact: Fact, readings: Mapping[Slot, Reading], state: State, stakes: Mapping[str, Fraction]
) -> dict[str, Any]:
    """What the record says of one fact at ``slot``, whose ``state`` it is, why that does not count (empty: it does), and what hangs on it."""
    reading, because = readings.get(slot), state.why_unknown(fact)
    return {
        "now": told(fact, reading) if reading else None,
        "because": because or "",
        "why": UNKNOWN[because] if because else "",
        "stake": str(rounded(stakes[fact.id], 2)) if fact.id in stakes and (because or not slot[0]) else "",
    }


def told(fact: Fact, reading: Reading) -> dict[str, Any]:
    """A reading in words, and as the page writes answers so that it can be confirmed."""
    if reading.value is None:
        text = f"说不清（{reading.unknown}）" if reading.unknown else "说不清"
    else:
        text = value_text(fact, reading.value)
    if reading.sample:
        text += f"（{reading.sample.agree}/{reading.sample.asked}）"
    return {
        "text": text,
        "answer": written(fact, reading),
        "on": str(reading.on),
        "by": reading.by,
        "note": reading.note,
        "photos": len(reading.evidence),
    }


def written(fact: Fact, reading: Reading) -> str:
    """The answer that would record this value again; empty when there is none."""
    value = reading.value
    if reading.sample:
        return f"{reading.sample.agree}/{reading.sample.asked}"
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case frozenset():
            return ",".join(id for id in fact.options if id in value) or "无"
        case str() | date():
            return str(value)
        case Never():
            return NEVER_WORD
    return value_text(fact, value) if fact.type == "ratio" else number_text(value)


def facts_after(
    folder: CommunityFolder, day: date, keys: Iterable[str], walk: PhoneWalk = EVERYTHING
) -> dict[str, Any]:
    """The part of the board that a few answers changed: the score, and those facts as now recorded."""
    assessment = assess(folder.ruleset, state_of(folder, day))
    facts, readings, stakes = folder.ruleset.facts, folder.readings(), stakes_of(assessment)
    seen = {site.id: assessment.state.at(site) for site in assessment.state.sites} | {"": assessment.state}
    asked = {key: slot for key in keys if (slot := slot_of(key))[1] in facts and slot[0] in seen}
    kept = {key: recorded((at, id), facts[id], readings, seen[at], stakes) for key, (at, id) in asked.items()}
    return {"version": version_of(folder, day, walk), "score": overview(assessment), "facts": kept}
