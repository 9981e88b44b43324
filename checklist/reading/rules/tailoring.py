"""A tailoring (本地细则): a base ruleset with whole criteria replaced, added or dropped, each with its reason.

What its criteria need beyond the base (a local document, a local action, a fact nobody asked for before) stands in its
own ``sources.yaml``, ``actions.yaml`` and ``facts.yaml``, written as in any ruleset, under ids that the base does not use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from checklist.model.rules.facts import Fact, linked
from checklist.model.rules.ruleset import Action, Criterion, Ruleset, TailoredChange
from checklist.model.rules.sources import Source
from checklist.reading.rules.actions import read_actions
from checklist.reading.rules.criteria import CriterionBuilder, extra_modules
from checklist.reading.rules.facts_and_sources import read_facts, read_sources
from checklist.reading.rules.rule_files import RulesetFolder, used_twice
from checklist.reading.rules.ruleset_shapes import ChangesShape, TailoringShape
from checklist.reading.yaml.shape_mistakes import validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.near import suggest

Declared = TypeVar("Declared", Fact, Action, Source)


def tailored(
    base: Ruleset, shape: TailoringShape, head: YamlFile, folder: Path, shown: str
) -> tuple[Ruleset | None, YamlFile]:
    """The base as ``changes.yaml`` changes it, and that file with its problems; points follow the criteria left."""
    document = read_yaml(folder / "changes.yaml", f"{shown}/changes.yaml")
    own = RulesetFolder(folder, shown, head, tuple(m.id for m in base.modules))
    base = _with_own(base, own)
    document.problems += [problem for part in own.documents for problem in part.problems]
    changes = validate(ChangesShape, document.data, document) if document.data is not None else None
    if changes is None or not own.complete:
        return None, document
    criteria, made = _apply(base, changes, document)
    modules = tuple(
        m
        if m.kind != "ordinary"
        else replace(m, points=sum(c.points for c in criteria if c.module == m.id and c.status == "active"))
        for m in base.modules
        if any(c.module == m.id for c in criteria)
    )
    ruleset = replace(
        base,
        id=shape.id,
        title=shape.title,
        edition=shape.edition,
        disclaimer=shape.disclaimer or base.disclaimer,
        total_points=sum(m.points for m in modules if m.kind == "ordinary"),
        modules=modules,
        criteria=criteria,
        extends=shape.extends,
        changes=(*base.changes, *made),
        where=head.where(()),
    )
    return ruleset, document


def _with_own(base: Ruleset, own: RulesetFolder) -> Ruleset:
    """The base with the facts, actions and sources that the tailoring declares itself."""
    facts = linked(_joined(base.facts, read_facts(own, base.places, base.facts), own, "实测项"))
    actions = _joined(base.actions, read_actions(own, facts, base.costs, base.actions), own, "措施")
    sources = _joined(base.sources, read_sources(own, base.sources), own, "来源")
    return replace(base, facts=facts, actions=actions, sources=sources)


def _joined(
    base: Mapping[str, Declared], new: Mapping[str, Declared], own: RulesetFolder, what: str
) -> Mapping[str, Declared]:
    for name in base.keys() & new.keys():
        document = next(d for d in own.documents if d.path == new[name].where.file)
        used_twice(document, (name,), f"{what} {name}", base[name].where)
    return {**base, **new}


def _apply(
    base: Ruleset, changes: ChangesShape, document: YamlFile
) -> tuple[tuple[Criterion, ...], tuple[TailoredChange, ...]]:
    builder = CriterionBuilder(
        base.facts,
        base.actions,
        base.sources,
        tuple(base.levels),
        kinds=base.site_kinds,
        extras=extra_modules(base.modules),
    )
    criteria = dict(base.by_id)
    made: list[TailoredChange] = []
    raw = document.data

    def known(id: str, loc: tuple[str | int, ...]) -> bool:
        if id in criteria:
            return True
        titles = {c.id: c.title for c in base.criteria}
        document.problems.append(document.problem(loc, "E319", f"没有这条测评标准 {id}", suggest(id, titles, titles)))
        return False

    for i, drop in enumerate(changes.drop):
        for j, id in enumerate(drop.ids):
            loc: tuple[str | int, ...] = ("drop", i, "ids", j)
            if known(id, loc):
                del criteria[id]
                made.append(TailoredChange("drop", id, drop.why, document.where(loc)))
    for i, part in enumerate(changes.replace):
        loc = ("replace", i, "criterion")
        criterion = builder.build(raw["replace"][i]["criterion"], document, loc, None)
        if criterion and known(criterion.id, (*loc, "id")):
            criteria[criterion.id] = criterion
            made.append(TailoredChange("replace", criterion.id, part.why, document.where(loc)))
    for i, part in enumerate(changes.add):
        loc = ("add", i, "criterion")
        criterion = builder.build(raw["add"][i]["criterion"], document, loc, None)
        if criterion is None:
            continue
        if criterion.id in base.by_id or criterion.id in criteria:
            document.problems.append(
                document.problem((*loc, "id"), "E310", f"编号 {criterion.id} 已经有了", "用 replace，或换一个新编号")
            )
        elif criterion.module not in {m.id for m in base.modules}:
            document.problems.append(document.problem((*loc, "id"), "E315", f"没有 {criterion.module} 这个模块"))
        else:
            criteria[criterion.id] = criterion
            made.append(TailoredChange("add", criterion.id, part.why, document.where(loc)))
    order = {m.id: i for i, m in enumerate(base.modules)}
    return tuple(sorted(criteria.values(), key=lambda c: order[c.module])), tuple(made)
