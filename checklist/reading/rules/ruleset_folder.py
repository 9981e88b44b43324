"""A ruleset folder → Ruleset, with every mistake of every file in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from checklist.model.numbers import trimmed_points
from checklist.model.problems import Problem, in_order
from checklist.model.rules.facts import linked
from checklist.model.rules.ruleset import CostBand, Criterion, Module, Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.rules.sources import RenamedBody
from checklist.reading.rules.actions import read_actions
from checklist.reading.rules.building import Forms, Unusable
from checklist.reading.rules.criteria import CriterionBuilder, extra_modules
from checklist.reading.rules.criterion_shapes import Amount
from checklist.reading.rules.facts_and_sources import read_facts, read_sources
from checklist.reading.rules.head import check_bodies, check_head, read_bands
from checklist.reading.rules.rule_files import HEAD, RulesetFolder, used_twice
from checklist.reading.rules.ruleset_shapes import RulesetShape, TailoringShape
from checklist.reading.rules.tailoring import AsWritten, tailored
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.fact_value import coefficient

__all__ = ["HEAD", "Locate", "read_ruleset"]

Locate = Callable[[str], Path | None]
"""From a ruleset id to its folder, or None when there is no such ruleset."""

ReadRuleset = tuple[Ruleset | None, tuple[Problem, ...]]
_Read = tuple[Ruleset | None, tuple[Problem, ...], AsWritten]

MAX_EXTENDS = 5


def read_ruleset(folder: Path, locate: Locate, shown: Callable[[Path], str] = str) -> ReadRuleset:
    """The ruleset in ``folder`` (None when it cannot be used) and every problem found in its files.

    ``locate`` finds the ruleset that a tailoring extends; ``shown`` is how people know a folder.
    """
    ruleset, problems, _ = _read(folder, locate, shown, ())
    return ruleset, problems


def _read(folder: Path, locate: Locate, shown: Callable[[Path], str], seen: tuple[str, ...]) -> _Read:
    head = read_yaml(folder / HEAD, f"{shown(folder)}/{HEAD}")
    if not isinstance(head.data, dict):
        if not head.problems:
            head.wrong((), "E201", "文件要由“名称: 值”组成")
        return None, head.told(), {}
    if "extends" in head.data:
        return _extended(head, folder, locate, shown, seen)
    shape = validate(RulesetShape, head.data, head)
    if shape is None:
        return None, head.told(), {}
    _check_folder_name(head, folder, shape.id)
    return _built(RulesetFolder(folder, shown(folder), head, tuple(m.id for m in shape.modules)), shape)


def _check_folder_name(head: YamlFile, folder: Path, id: str) -> None:
    if folder.resolve().name != id:
        name = folder.resolve().name
        head.wrong(("id",), "E308", f"编号 {id} 和文件夹名 {name} 不一致", "两个改成一样")


def _extended(
    head: YamlFile, folder: Path, locate: Locate, shown: Callable[[Path], str], seen: tuple[str, ...]
) -> _Read:
    """A tailoring: the ruleset that it extends is read first, its problems are shown too."""
    shape = validate(TailoringShape, head.data, head)
    if shape is None:
        return None, head.told(), {}
    _check_folder_name(head, folder, shape.id)
    if shape.id in seen or len(seen) >= MAX_EXTENDS:
        chain = " → ".join([*seen, shape.id])
        head.wrong(("extends",), "E317", f"extends 绕成了圈：{chain}", "去掉其中一个 extends")
        return None, head.told(), {}
    base_folder = locate(shape.extends)
    if base_folder is None:
        head.wrong(("extends",), "E318", f"没有这个测评体系 {shape.extends}", "用 checklist rules 看有哪些")
        return None, head.told(), {}
    base, problems, written = _read(base_folder, locate, shown, (*seen, shape.id))
    if base is None:
        return None, in_order([*head.told(), *problems]), {}
    ruleset, changes, written = tailored(base, written, shape, head, folder, shown(folder))
    found = in_order([*head.told(), *changes.told(), *problems])
    return (None if any(not p.is_advice for p in found) else ruleset), found, written


def _built(folder: RulesetFolder, shape: RulesetShape) -> _Read:
    """A base ruleset from all its files."""
    head = folder.head
    check_head(shape, head)
    modules = tuple(
        Module(
            m.id,
            m.title,
            _points(folder, m.points, ("modules", i, "points")),
            head.where(("modules", i)),
            m.kind,
            m.counts,
        )
        for i, m in enumerate(shape.modules)
    )
    facts = linked(read_facts(folder, shape.places))
    sources = read_sources(folder)
    check_bodies(shape, head, sources)
    costs = {k: CostBand(k, c.label, (c.yuan[0], c.yuan[1])) for k, c in shape.costs.items()}
    actions = read_actions(folder, facts, costs)
    kinds = {k: SiteKind(k, kind.label, tuple(kind.places)) for k, kind in shape.site_kinds.items()}
    builder = CriterionBuilder(
        facts, actions, sources, tuple(shape.levels), frozenset(folder.broken), kinds, extra_modules(modules)
    )
    criteria, written = _criteria(folder, modules, builder)
    ruleset = Ruleset(
        id=shape.id,
        title=shape.title,
        edition=shape.edition,
        disclaimer=shape.disclaimer,
        total_points=_points(folder, shape.total_points, ("total_points",)),
        levels={name: coefficient(value) for name, value in shape.levels.items()},
        bands=read_bands(shape.bands),
        modules=modules,
        places=shape.places,
        costs=costs,
        facts=facts,
        criteria=criteria,
        actions=actions,
        sources=sources,
        effective=(shape.effective.from_, shape.effective.to),
        site_kinds=kinds,
        bodies={
            name: RenamedBody(name, body.now, body.since, tuple(body.about), body.source)
            for name, body in shape.bodies.items()
        },
        notes=tuple(shape.notes),
        effective_where=head.where(("effective",)),
        where=head.where(()),
    )
    if folder.complete:
        _add_up(ruleset, head)
    problems = folder.problems
    usable = folder.complete and not any(not p.is_advice for p in problems)
    return (ruleset if usable else None), problems, written


def _points(folder: RulesetFolder, raw: Amount, loc: Loc) -> int:
    try:
        return Forms(folder.head, {}, ()).points(raw, loc)
    except Unusable:
        folder.complete = False
        return 0


def _criteria(
    folder: RulesetFolder, modules: tuple[Module, ...], builder: CriterionBuilder
) -> tuple[tuple[Criterion, ...], AsWritten]:
    """One file a module, in module order."""
    criteria: dict[str, Criterion] = {}
    written: dict[str, Mapping[str, Any]] = {}
    for module in modules:
        document = folder.open(f"{module.id}.yaml", list)
        if document is None:
            if not (folder.path / f"{module.id}.yaml").exists():
                hint = f"在 {folder.shown} 里建这个文件"
                folder.head.problems.append(Problem(module.where, "E311", f"缺少模块文件 {module.id}.yaml", hint))
            folder.complete = False
            continue
        for i, raw in enumerate(document.data):
            criterion = builder.build(raw, document, (i,), module.id)
            if criterion is None:
                folder.complete = False
            elif criterion.id in criteria:
                used_twice(document, (i, "id"), f"编号 {criterion.id}", criteria[criterion.id].where)
            else:
                criteria[criterion.id], written[criterion.id] = criterion, raw
    return tuple(criteria.values()), written


def _add_up(ruleset: Ruleset, head: YamlFile) -> None:
    """Points are explicit and must add up exactly: criteria to modules, modules to the total."""
    sums = dict.fromkeys((m.id for m in ruleset.modules), 0)
    for criterion in ruleset.criteria:
        if criterion.status == "active":
            sums[criterion.module] += criterion.points
    for module in ruleset.modules:
        if sums[module.id] != module.points and module.kind == "ordinary":
            says = f"{module.id} 各项分值合计 {trimmed_points(sums[module.id])}，模块写的是 {trimmed_points(module.points)}"
            head.problems.append(Problem(module.where, "E314", says, "改到两边相等"))
    total = sum(m.points for m in ruleset.modules if m.kind == "ordinary")
    if total != ruleset.total_points:
        says = f"各模块分值合计 {trimmed_points(total)}，总分写的是 {trimmed_points(ruleset.total_points)}"
        head.wrong(("total_points",), "E314", says, "改到两边相等")
