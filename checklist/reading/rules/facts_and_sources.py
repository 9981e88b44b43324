"""What a ruleset declares beside its criteria: facts and sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from checklist.model.numbers import INF
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import NEVER, POLARITIES, Fact, Polarity, Trace, usual_none
from checklist.model.rules.sources import Source
from checklist.reading.rules.rule_files import RulesetFolder, used_twice
from checklist.reading.rules.ruleset_shapes import FactShape, SourceShape
from checklist.reading.yaml.shape_mistakes import validate
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.fact_value import fact_value, quantity
from checklist.values.near import suggest


def read_facts(
    folder: RulesetFolder, places: Mapping[str, str], base: Mapping[str, Fact] | None = None
) -> Mapping[str, Fact]:
    """``facts.yaml`` and ``facts/*.yaml``; ``places`` are those that the head declares.

    What one is ``part_of`` may stand in a later file, or in the ``base`` that a tailoring extends.
    """
    facts: dict[str, Fact] = {}
    written: dict[str, YamlFile] = {}
    for document in folder.parts("facts"):
        for name, raw in document.data.items():
            shape = validate(FactShape, raw, document, (name,))
            if shape is None:
                folder.broken.add(name)
            elif name in facts:
                used_twice(document, (name,), f"实测项 {name}", facts[name].where)
            else:
                facts[name] = _fact(name, shape, document, places)
                written[name] = document
    every = {**(base or {}), **facts}
    for name, document in written.items():
        if facts[name].part_of and (mistake := _not_a_part(every, name, folder.broken)):
            document.wrong((name, "part_of"), *mistake)
            facts[name] = every[name] = replace(facts[name], part_of="")
    return facts


def _not_a_part(facts: Mapping[str, Fact], name: str, broken: Collection[str]) -> tuple[str, str, str] | None:
    """Why a fact cannot be counted among what it says: code, what is wrong, the way out."""
    part, whole = facts[name], facts.get(facts[name].part_of)
    if whole is None:
        labels = {} if part.part_of in broken else {key: fact.label for key, fact in facts.items()}
        return "E301", f"没有这个实测项 {part.part_of}", suggest(part.part_of, labels, labels) if labels else ""
    if part.type not in ("count", "number") or part.type != whole.type or NEVER in (part.none_is, whole.none_is):
        says = f"{name}（{part.type}）不能是 {whole.id}（{whole.type}）的一部分"
        return "E302", says, "part_of 只用于两个 count 或两个 number，能填“从来没有”的不行"
    seen = [name]
    while whole is not None:
        if whole.id in seen:
            return "E309", f"part_of 绕成了圈：{' → '.join([*seen, whole.id])}", "部分写 part_of，总数不写"
        seen.append(whole.id)
        whole = facts.get(whole.part_of)
    whole = facts[part.part_of]
    if part.low > whole.low or part.high > whole.high:
        says = f"{name} 的范围超出了总数 {whole.id} 的范围"
        return "E309", says, "总数的 min 不小于部分的 min，部分的 max 不大于总数的 max"
    return None


def _fact(name: str, shape: FactShape, document: YamlFile, places: Mapping[str, str]) -> Fact:
    better = str(shape.better).lower() if isinstance(shape.better, bool) else shape.better
    if better is not None and better not in POLARITIES[shape.type]:
        allowed = "、".join(POLARITIES[shape.type])
        document.wrong((name, "better"), "E309", f"{shape.type} 类型的 better 只能填 {allowed}")
    if (shape.type in ("choice", "set")) != bool(shape.options):
        document.wrong((name,), "E309", "choice 和 set 类型要写 options，其他类型不写")
    if shape.place and shape.place not in places:
        hint = suggest(shape.place, places, places)
        document.wrong((name, "place"), "E309", f"没有 {shape.place} 这个地点", hint)
    polarity: Polarity | None = better  # type: ignore[assignment]
    low, high = _range(name, shape, document)
    fact = Fact(
        id=name,
        label=shape.label,
        type=shape.type,
        method=shape.method,
        ask=shape.ask,
        minutes=shape.minutes,
        valid_for_days=shape.valid_for_days,
        unit=shape.unit,
        better=polarity,
        place=shape.place,
        low=low,
        high=high,
        options=shape.options,
        evidence=tuple(shape.evidence),
        serves=shape.serves or "",
        part_of=shape.part_of or "",
        where=document.where((name,)),
        none_is=usual_none(shape.type, polarity, shape.unit, low, shape.options),
        trace=Trace(shape.trace.kind, shape.trace.over_days) if shape.trace else None,
    )
    return fact if shape.none_is is None else _with_none(fact, shape.none_is, document)


def _with_none(fact: Fact, written: Any, document: YamlFile) -> Fact:
    """The fact with its own meaning of 没有: one of its values, or never where time is counted."""
    if written == str(NEVER) and fact.type not in ("choice", "set"):
        if fact.type == "date" or (fact.type in ("count", "number") and fact.better == "lower"):
            return replace(fact, none_is=NEVER)
        says = "none_is: never 只用于日期，和 better: lower 的天数"
        document.wrong((fact.id, "none_is"), "E309", says)
        return fact
    try:
        return replace(fact, none_is=fact_value(fact, written))
    except NotAValue as reason:
        document.wrong((fact.id, "none_is"), reason.code, reason.says, reason.hint)
        return fact


def _range(name: str, shape: FactShape, document: YamlFile) -> tuple[Any, Any]:
    written = shape.range
    low = quantity(written.min) if written and written.min is not None else 0
    high = quantity(written.max) if written and written.max is not None else (1 if shape.type == "ratio" else INF)
    if low > high:
        document.wrong((name, "range"), "E309", "范围的最小值大于最大值")
    return low, high


def read_sources(folder: RulesetFolder, base: Mapping[str, Source] | None = None) -> Mapping[str, Source]:
    """``sources.yaml``; a ruleset without one cites nothing. What took the place of one may stand in the ``base`` that
    a tailoring extends."""
    sources: dict[str, Source] = {}
    document = folder.open("sources.yaml", dict)
    if document is None:
        return sources
    for name, raw in document.data.items():
        shape = validate(SourceShape, raw, document, (name,))
        if shape is not None:
            sources[name] = Source(
                id=name,
                title=shape.title,
                tag=shape.tag,
                trust=shape.trust,
                found_at=shape.where,
                year=shape.year,
                read=shape.read,
                where=document.where((name,)),
                published=shape.published,
                checked_on=shape.checked_on,
                in_force_until=shape.in_force_until,
                superseded_by=shape.superseded_by,
                note=shape.note,
            )
    titles = {id: source.title for id, source in {**(base or {}), **sources}.items()}
    for name, source in sources.items():
        new = source.superseded_by
        if new and (new not in titles or new == name):
            others = {id: title for id, title in titles.items() if id != name}
            says = f"没有这个来源 {new}" if new != name else f"{name} 不能被自己替代"
            document.wrong((name, "superseded_by"), "E316", says, suggest(new, others, others))
    return sources
