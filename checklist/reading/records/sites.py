"""The sites of a record, and what was seen wrong anywhere: from their shapes to nouns, with every mistake in them.

A mistake costs the site, the fact or the defect that it stands in; the rest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from checklist.model.problems import Problem
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect, SiteTotal, open_defects
from checklist.model.state import Reading, Site, State
from checklist.reading.records.placement import belongs
from checklist.reading.records.record_mistakes import no_such_fact
from checklist.reading.records.site_shapes import SiteShape, TotalShape
from checklist.reading.records.state_shapes import DefectShape, StateShape
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.near import suggest
from checklist.values.site_names import strays

ReadSite: TypeAlias = Callable[[SiteShape, Loc, State], State]
"""Reads the facts, declarations and defects of one site, given the state that all sites share."""


def with_sites(document: YamlFile, shape: StateShape, ruleset: Ruleset, state: State, read: ReadSite) -> State:
    """``state`` with its sites and totals. What lies at a site and stands in the community counts nowhere."""
    wrong = document.problems.append
    served = [name for name, fact in ruleset.facts.items() if fact.serves]
    shared = replace(state.at(None, served), not_applicable={})
    sites: list[Site] = []
    for i, raw in enumerate(shape.sites):
        one = validate(SiteShape, raw, document, ("sites", i))
        if one is not None and (site := _site(document, one, i, ruleset, sites, lambda s, at: read(s, at, shared))):
            sites.append(site)
    written = {str(raw["kind"]) for raw in shape.sites if isinstance(raw, dict) and raw.get("kind") is not None}
    totals = dict(_totals(document, shape, ruleset, sites, written))
    kinds = {site.kind for site in sites} | totals.keys()
    misplaced = [f for f in (*state.readings, *state.unusable, *state.defects) if ruleset.site_facts.get(f) in kinds]
    for fact in dict.fromkeys(misplaced):
        key = "facts" if fact in shape.facts else "defects"
        label = ruleset.site_kinds[ruleset.site_facts[fact]].label
        listed = any(site.kind == ruleset.site_facts[fact] for site in sites)
        told = strays([ruleset.facts[fact].label], label, "", f" {key} ", listed=listed)
        wrong(document.problem((key, fact), told.code, told.says, told.hint))
    return replace(
        state,
        readings={name: reading for name, reading in state.readings.items() if name not in misplaced},
        unusable=state.unusable.difference(misplaced),
        defects={name: some for name, some in state.defects.items() if name not in misplaced},
        sites=tuple(sites),
        totals=totals,
    )


def _site(
    document: YamlFile, shape: SiteShape, i: int, ruleset: Ruleset, before: Sequence[Site],
    read: Callable[[SiteShape, Loc], State],
) -> Site | None:  # fmt: skip
    """One site, or None when it cannot be told which one it is."""
    at: Loc = ("sites", i)
    mistakes = list(_site_mistakes(document, shape, at, ruleset, before))
    document.problems += mistakes
    if mistakes:
        return None
    here = read(shape, at)
    elsewhere = [f for f in (*here.readings, *here.unusable, *here.defects) if ruleset.site_facts.get(f) != shape.kind]
    for fact in dict.fromkeys(elsewhere):
        key = "facts" if fact in shape.facts else "defects"
        told = belongs(ruleset, fact, shape.kind, shape.name)
        document.wrong((*at, key, fact), "E244", *told)
    return Site(
        id=shape.id,
        kind=shape.kind,
        name=shape.name,
        readings={name: reading for name, reading in here.readings.items() if name not in elsewhere},
        opened=shape.opened,
        closed=shape.closed,
        not_applicable=here.not_applicable,
        unusable=here.unusable.difference(elsewhere),
        defects={name: some for name, some in here.defects.items() if name not in elsewhere},
        where=document.where(at),
    )


def _site_mistakes(
    document: YamlFile, shape: SiteShape, at: Loc, ruleset: Ruleset, before: Sequence[Site]
) -> Iterator[Problem]:
    if shape.kind not in ruleset.site_kinds:
        yield _no_kind(document, (*at, "kind"), shape.kind, ruleset, value=True)
    if any(site.id == shape.id for site in before):
        hint = "改一个编号；只算前一个"
        yield document.problem((*at, "id"), "E241", f"点位编号 {shape.id} 用了两次", hint, value=True)
    if shape.opened and shape.closed and shape.closed <= shape.opened:
        says = f"{shape.name}从 {shape.opened} 起算，{shape.closed} 就不算了"
        yield document.problem((*at, "closed"), "E245", says, "对调或改对；一天也没有算过的就删掉")


def _no_kind(document: YamlFile, loc: Loc, kind: str, ruleset: Ruleset, *, value: bool = False) -> Problem:
    labels = {key: item.label for key, item in ruleset.site_kinds.items()}
    near = suggest(kind, labels, labels) if labels else f"《{ruleset.title}》没有点位，去掉它"
    return document.problem(loc, "E340", f"没有 {kind} 这一类点位", near, value=value)


def _totals(
    document: YamlFile, shape: StateShape, ruleset: Ruleset, sites: Sequence[Site], written: set[str]
) -> Iterator[tuple[str, SiteTotal]]:
    """The totals that can be relied on; ``written`` are the kinds of all sites in the file, usable or not."""
    for kind, raw in shape.total.items():
        loc: Loc = ("total", kind)
        if kind not in ruleset.site_kinds:
            document.problems.append(_no_kind(document, loc, kind, ruleset))
            continue
        total = validate(TotalShape, raw if isinstance(raw, dict) else {"count": raw}, document, loc)
        if total is None:
            continue
        label = ruleset.site_kinds[kind].label
        counting = [s for s in sites if s.kind == kind and s.counts_on(shape.as_of)]
        if not total.count and not total.reason:
            hint = f"写成 {kind}: {{count: 0, reason: 辖区没有{label}}}"
            document.wrong(loc, "E243", f"写了没有{label}，没有写为什么", hint)
        elif total.count and kind not in written:
            hint = f"在 sites 里把{label}列出来，没核过的只写 id、kind、name；或去掉这一行"
            document.wrong(loc, "E243", f"写了 {total.count} 个{label}，一个也没有列", hint)
        elif len(counting) > total.count:
            says = f"列了 {len(counting)} 个{label}，总数写的是 {total.count}"
            document.wrong(loc, "E242", says, "改总数，或给多出来的写 closed")
        else:
            yield kind, SiteTotal(total.count, total.reason, document.where(loc))
    for kind in dict.fromkeys(site.kind for site in sites):
        if kind not in shape.total:
            label, count = ruleset.site_kinds[kind].label, sum(site.kind == kind for site in sites)
            hint = f"加一行 total: {{{kind}: {count}}}；没列出来的也要数进去"
            document.wrong(("sites",), "E243", f"列了{label}，没有写一共几个", hint)


def read_defects(
    document: YamlFile, shapes: Mapping[str, Sequence[DefectShape]], ruleset: Ruleset, as_of: date, at: Loc
) -> dict[str, tuple[RecordedDefect, ...]]:
    """The defects that can be relied on, by fact."""
    found: dict[str, list[RecordedDefect]] = {}
    taken: set[str] = set()
    for name, some in shapes.items():
        fact, loc = ruleset.facts.get(name), (*at, name)
        if fact is None:
            document.wrong(loc, *no_such_fact(ruleset, name))
        elif not _counts_wrongs(fact):
            says = f"“{fact.label}”不是数问题的个数，下面不能记问题点"
            document.wrong(loc, "E246", says, "换成数这种问题有几处的实测项")
        else:
            for i, shape in enumerate(some):
                mistake = _defect_mistake(shape, taken, as_of)
                taken.add(shape.id)
                if mistake:
                    document.wrong((*loc, i), *mistake)
                else:
                    found.setdefault(name, []).append(_defect(shape, document, (*loc, i)))
    return {name: tuple(some) for name, some in found.items()}


def _counts_wrongs(fact: Fact) -> bool:
    return fact.type == "count" and fact.better == "lower"


def _defect_mistake(shape: DefectShape, taken: set[str], as_of: date) -> tuple[str, str, str] | None:
    if shape.id in taken:
        return "E241", f"问题点编号 {shape.id} 用了两次", "改一个编号；只算前一个"
    if shape.found > as_of:
        return (
            "E245",
            f"问题点 {shape.id} 是 {shape.found} 发现的，晚于现状日期 {as_of}",
            "改日期，或另存一份较晚的现状记录",
        )
    if shape.closed and shape.closed < shape.found:
        return "E245", f"问题点 {shape.id} {shape.found} 发现，{shape.closed} 就销号了", "对调或改对"
    return None


def _defect(shape: DefectShape, document: YamlFile, loc: Loc) -> RecordedDefect:
    return RecordedDefect(
        shape.id, shape.found, shape.where, shape.what, shape.photo, shape.closed, document.where(loc)
    )


def below_its_defects(
    ruleset: Ruleset, reading: Reading | None, defects: Sequence[RecordedDefect], as_of: date
) -> tuple[str, str] | None:
    """What is wrong with a written number that is smaller than the number of open defects, and the way out."""
    seen, value = open_defects(defects, as_of), reading.value if reading else None
    if isinstance(value, int) and value < seen and reading is not None:
        label = ruleset.facts[reading.fact].label
        return f"“{label}”写的是 {value}，没销的问题点有 {seen} 处", "改数，或给已经整改的写 closed"
    return None
