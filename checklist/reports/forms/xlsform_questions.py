"""The questions of the XLSForm, row by row: one screen a fact, and all that are asked at a site once for each site."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from checklist.model.field_form import (
    AGREE,
    ASKED,
    ASKED_LABEL,
    BY,
    BY_LABEL,
    COMMUNITY,
    NONE_OF,
    NOT_LISTED,
    NOTE,
    NOTE_LABEL,
    ON,
    ON_LABEL,
    OTHER,
    PHOTO,
    PHOTO_LABEL,
    RULESET,
    SITES,
    UNSURE,
    VISITED,
    WHICH,
    agree_label,
    is_sample,
    other_label,
    plain_label,
    question_label,
    unsure_label,
    which_label,
)  # fmt: skip
from checklist.model.numbers import INF, number_text
from checklist.model.rules.facts import NEVER, Fact
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Site, State
from checklist.reports.forms.questions import QuestionGroup
from checklist.reports.language.phrases import value_text

FormRow = Mapping[str, str]
"""Column → cell."""

Hint: TypeAlias = Callable[[Fact], str]
"""What is said below the question about a fact."""

_HINTED: Final = 8
WHY_LIST, NEVER_OR_WHY_LIST, YES_NO_LIST = "why_unsure", "never_or_why_unsure", "yes_no"


@dataclass(frozen=True, slots=True)
class SiteRounds:
    """What is asked at each site of a kind."""

    kind: SiteKind
    sites: tuple[Site, ...]
    groups: tuple[QuestionGroup, ...]


def survey_rows(state: State, groups: Sequence[QuestionGroup], walks: Sequence[SiteRounds]) -> Iterator[FormRow]:
    """The sheet of questions: the community's, then those of its sites."""
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    yield {"type": "calculate", "name": RULESET, "calculation": f"'{state.ruleset}'"}
    yield {"type": "calculate", "name": COMMUNITY, "calculation": f"'{state.community.id}'"}
    yield {"type": "text", "name": BY, "label": BY_LABEL, "required": "yes"}
    yield {
        "type": "date",
        "name": ON,
        "label": ON_LABEL,
        "required": "yes",
        "default": "today()",
        "constraint": ". <= today()",
        "constraint_message": "日期还没到",
    }
    walked = {fact.id for walk in walks for group in walk.groups for fact in group.facts}
    yield from _parts("part", groups, walked, lambda fact: _hint(state, fact))
    for walk in walks:
        yield from _walk(state, walk)


def _parts(name: str, groups: Sequence[QuestionGroup], without: Container[str], hint: Hint) -> Iterator[FormRow]:
    for number, group in enumerate(groups, 1):
        facts = [fact for fact in group.facts if fact.id not in without]
        if facts:
            yield {"type": "begin_group", "name": f"{name}_{number}", "label": plain_label(group.title)}
            for fact in facts:
                yield from _screen(fact, hint(fact))
            yield {"type": "end_group", "name": f"{name}_{number}"}


def _walk(state: State, walk: SiteRounds) -> Iterator[FormRow]:
    """One round of questions for each site; how many rounds there were tells whether an export has them all."""
    kind, which = walk.kind, f"{WHICH}{walk.kind.id}"
    yield {"type": "begin_repeat", "name": f"{SITES}{kind.id}", "label": plain_label(kind.label)}
    yield {"type": f"select_one {which}", "name": which, "label": which_label(kind), "required": "yes"}
    other = {"relevant": f"${{{which}}} = '{NOT_LISTED}'", "required": "yes"}
    yield {"type": "text", "name": f"{OTHER}{kind.id}", "label": other_label(kind), **other}
    yield from _parts(f"{kind.id}_part", walk.groups, (), lambda fact: _hints(state, walk.sites, fact))
    yield {"type": "end_repeat", "name": f"{SITES}{kind.id}"}
    yield {"type": "calculate", "name": f"{VISITED}{kind.id}", "calculation": f"count(${{{SITES}{kind.id}}})"}


def _screen(fact: Fact, hint: str) -> Iterator[FormRow]:
    """One fact: its question, why it cannot be told, photo and remark."""
    yield {
        "type": "begin_group",
        "name": f"about_{fact.id}",
        "label": plain_label(fact.label),
        "appearance": "field-list",
    }
    told = {"relevant": f"${{{fact.id}{UNSURE}}} = ''"}
    for row in _question(fact, hint):
        yield {**told, **row}
    yield {
        "type": f"select_one {NEVER_OR_WHY_LIST if fact.none_is is NEVER else WHY_LIST}",
        "name": f"{fact.id}{UNSURE}",
        "label": unsure_label(fact),
        "appearance": "minimal",
    }
    if fact.evidence:
        label = f"{PHOTO_LABEL}{plain_label('、'.join(fact.evidence))}"
        yield {"type": "image", "name": f"{fact.id}{PHOTO}", "label": label, "parameters": "max-pixels=2000"}
    yield {"type": "text", "name": f"{fact.id}{NOTE}", "label": NOTE_LABEL}
    yield {"type": "end_group", "name": f"about_{fact.id}"}


def _question(fact: Fact, hint: str) -> Iterator[FormRow]:
    base = {"name": fact.id, "label": question_label(fact), "hint": hint}
    match fact.type:
        case "bool":
            yield {**base, "type": f"select_one {YES_NO_LIST}"}
        case "choice":
            yield {**base, "type": f"select_one {fact.id}"}
        case "set":
            alone = f"not(selected(., '{NONE_OF}')) or count-selected(.) = 1"
            message = "选了“一项都没有”就不能再选别的"
            yield {**base, "type": f"select_multiple {fact.id}", "constraint": alone, "constraint_message": message}
        case "date":
            yield {**base, "type": "date", "constraint": ". <= today()", "constraint_message": "日期还没到"}
        case "ratio" if is_sample(fact):
            yield from _sample(fact, base)
        case "ratio":
            limits = {"constraint": ". >= 0 and . <= 100", "constraint_message": "填 0 到 100 之间的百分数"}
            yield {**base, **limits, "type": "decimal"}
        case _:
            kind = "integer" if fact.type == "count" else "decimal"
            yield {**base, **_limits(fact), "type": kind}


def _sample(fact: Fact, base: FormRow) -> Iterator[FormRow]:
    """A survey's two counts instead of its ratio."""
    agree, asked = f"{fact.id}{AGREE}", f"{fact.id}{ASKED}"
    limits = {"constraint": ". >= 0", "constraint_message": "不能是负数"}
    yield {**base, **limits, "type": "integer", "name": agree, "label": agree_label(fact)}
    limits = {"constraint": f". >= 1 and . >= ${{{agree}}}", "constraint_message": "不能少于前面的份数"}
    yield {**limits, "type": "integer", "name": asked, "label": ASKED_LABEL}


def _limits(fact: Fact) -> FormRow:
    low, high = number_text(fact.low), "" if fact.high == INF else number_text(fact.high)
    says = f"最小 {low}" + (f"，最大 {high}" if high else "")
    return {"constraint": f". >= {low}" + (f" and . <= {high}" if high else ""), "constraint_message": says}


def _hints(state: State, sites: Sequence[Site], fact: Fact) -> str:
    """What was recorded at the first few sites."""
    few = [f"{site.name}{_hint(state.at(site), fact)}" for site in sites[:_HINTED]]
    more = f"；另有 {len(sites) - _HINTED} 处" if len(sites) > _HINTED else ""
    return plain_label("；".join(few) + more)


def _hint(state: State, fact: Fact) -> str:
    reading = state.readings.get(fact.id)
    if reading is None:
        return "还没有人核过"
    value = "说不清" if reading.value is None else value_text(fact, reading.value)
    stale = "，已过期" if state.why_unknown(fact) == "stale" else ""
    return plain_label(f"上次：{value}（{reading.on} {reading.by}".rstrip() + f"{stale}）")
