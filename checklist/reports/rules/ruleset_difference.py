"""Two rulesets compared, on the terminal and as JSON: an edition change that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import exact_points, percent_text, points_text
from checklist.model.results.ruleset_difference import DIRECTIONS, CriterionChange, LevelChange, RulesDiff
from checklist.model.rules.conditions import Condition
from checklist.model.rules.ruleset import Criterion, Module, Ruleset
from checklist.model.rules.scales import Deduct
from checklist.reports.document.prose import Prose, clean
from checklist.reports.formats.json_parts import contract
from checklist.reports.language.deduction_phrases import scale_lines
from checklist.reports.language.labels import DIRECTION, KEY, SCOPE, level_word
from checklist.reports.language.lineage_phrases import lineage_data, lineage_text
from checklist.reports.language.phrases import condition_text


def rules_diff_screen(diff: RulesDiff) -> RenderableType:
    """Tightened, loosened, mixed, rewritten, points moved, added, dropped, other; then the counts in a line."""
    before, after = diff.before, diff.after
    lines: list[RenderableType] = [Prose(f"{_name(before)} → {_name(after)}", "bold", label="对照  "), Text()]
    lines += _frame(diff)
    for direction in DIRECTIONS:
        lines += _section(DIRECTION[direction], (_graded(c, diff) for c in diff.of(direction)))
    scoped = [c for c in diff.changed if c.scope != "same"]
    lines += _section("适用范围变了", (_scoped(c, diff) for c in scoped))
    moved = [c for c in diff.changed if c.points_moved]
    lines += _section("分值变动", ([Prose(_moved(c), label=_id(c), indent=2)] for c in moved))
    lines += _section("改编号、拆分、合并", ([Prose(lineage_text(one), indent=2)] for one in diff.lineages), "组")
    lines += _section("新增", ([_listed(c)] for c in diff.added))
    lines += _section("删去", ([_listed(c, _why(after, c.id))] for c in diff.dropped))
    lines += _section("文字和其他", ([_other(c)] for c in diff.changed if c.other or _only_marks(c)))
    lines.append(Prose(summary(diff), "bold"))
    if diff.changed:
        lines.append(Text(f"看一条：checklist rules show {diff.changed[0].after.id} --rules {after.id}", "dim"))
    return Group(*lines)


def summary(diff: RulesDiff) -> str:
    """All the counts in one sentence."""
    if diff.same:
        return "两套的标准、分值、档次线和等次线都一样"
    counts = [("新增", len(diff.added)), ("删去", len(diff.dropped))]
    counts += [(DIRECTION[d], len(diff.of(d))) for d in DIRECTIONS]
    counts.append(("分值变动", sum(1 for c in diff.changed if c.points_moved)))
    total = f"总分 {points_text(diff.before.total_points)} → {points_text(diff.after.total_points)}"
    tied = f"，改编号、拆分、合并 {len(diff.lineages)} 组" if diff.lineages else ""
    return f"{'，'.join(f'{word} {n} 条' for word, n in counts)}{tied}；{total}"


def _name(ruleset: Ruleset) -> str:
    return f"{ruleset.id}（{clean(ruleset.edition)}）"


def _section(title: str, entries: Iterable[list[RenderableType]], unit: str = "条") -> Iterator[RenderableType]:
    listed = list(entries)
    if listed:
        yield Text(f"{title} {len(listed)} {unit}", style="bold")
        for entry in listed:
            yield from entry
        yield Text()


def _frame(diff: RulesDiff) -> Iterator[RenderableType]:
    """What is around the criteria: level coefficients, bands, modules."""
    before, after = diff.before, diff.after
    if before.levels != after.levels:
        yield Prose(f"{_levels(before)} → {_levels(after)}", label="档次系数  ")
    if before.bands != after.bands:
        yield Prose(f"{_bands(before)} → {_bands(after)}", label="等次线  ")
    for old, new in diff.modules:
        yield Prose(_module(old, new), label="模块  ")
    if before.levels != after.levels or before.bands != after.bands or diff.modules:
        yield Text()


def _levels(ruleset: Ruleset) -> str:
    return "、".join(f"{name} {percent_text(value, 2)}" for name, value in ruleset.levels.items())


def _bands(ruleset: Ruleset) -> str:
    return "、".join(f"{band.name} {band.at_least} 分起" for band in ruleset.bands)


def _module(old: Module | None, new: Module | None) -> str:
    if old is None or new is None:
        module = new or old
        assert module is not None
        return f"{module.id} {module.title} {points_text(module.points)} 分，{'新增' if old is None else '没有了'}"
    title = f"{old.title} → {new.title}" if old.title != new.title else new.title
    return f"{new.id} {title} {points_text(old.points)} → {points_text(new.points)} 分"


def _graded(change: CriterionChange, diff: RulesDiff) -> list[RenderableType]:
    lines: list[RenderableType] = [Prose(change.after.title, label=_id(change), indent=2)]
    if isinstance(change.before.scale, Deduct) or isinstance(change.after.scale, Deduct):
        lines.append(Prose(_whole(change.before, diff.before), label="原：", indent=4))
        lines.append(Prose(_whole(change.after, diff.after), label="现：", indent=4))
    else:
        for level in change.levels:
            lines.append(Prose(_side(level.before, diff.before), label=_label(level, "原"), indent=4))
            lines.append(Prose(_side(level.after, diff.after), label=_label(level, "现"), indent=4))
    if change.why:
        lines.append(Prose(change.why, "dim", label="理由：", indent=4))
    return lines


def _label(level: LevelChange, side: str) -> str:
    return f"{level_word(level.level)}{side}："


def _side(condition: Condition | None, ruleset: Ruleset) -> str:
    return "没有这一档" if condition is None else condition_text(condition, ruleset.facts)


def _whole(criterion: Criterion, ruleset: Ruleset) -> str:
    if isinstance(criterion.scale, Deduct):
        return "；".join(text for text, _ in scale_lines(criterion.scale, ruleset.facts))
    rungs = criterion.scale.rungs
    return "；".join(f"{level_word(r.level)} {condition_text(r.condition, ruleset.facts)}" for r in rungs)


def _scoped(change: CriterionChange, diff: RulesDiff) -> list[RenderableType]:
    old, new = change.before.applies_when, change.after.applies_when
    return [
        Prose(f"{change.after.title}：{SCOPE[change.scope]}", label=_id(change), indent=2),
        Prose(condition_text(old, diff.before.facts) if old else "都适用", label="原：", indent=4),
        Prose(condition_text(new, diff.after.facts) if new else "都适用", label="现：", indent=4),
    ]


def _moved(change: CriterionChange) -> str:
    sign = "多" if change.points_moved > 0 else "少"
    before, after = points_text(change.before.points), points_text(change.after.points)
    return f"{change.after.title} {before} → {after}（{sign} {points_text(abs(change.points_moved))} 分）"


def _id(change: CriterionChange) -> str:
    old, new = change.before.id, change.after.id
    return f"{new} " if old == new else f"{new}（原 {old}） "


def _listed(criterion: Criterion, why: str = "") -> RenderableType:
    text = f"{criterion.title}（{points_text(criterion.points)} 分）" + (f"，{why}" if why else "")
    return Prose(text, label=f"{criterion.id} ", indent=2)


def _why(ruleset: Ruleset, id: str) -> str:
    return next((change.why for change in ruleset.changes if change.criterion == id), "")


def _only_marks(change: CriterionChange) -> bool:
    """Written differently, though every record is graded as before (a 本库自定 mark, another order)."""
    written = change.before.scale != change.after.scale or change.before.applies_when != change.after.applies_when
    return written and (change.direction, change.scope) == ("same", "same")


def _other(change: CriterionChange) -> RenderableType:
    words = [KEY[name] for name in change.other] + (["写法（评出来一样）"] if _only_marks(change) else [])
    return Prose(f"{change.after.title}：{'、'.join(words)}", label=_id(change), indent=2)


def rules_diff_json(diff: RulesDiff) -> str:
    """The same, for programs; points are decimal strings."""
    document = {
        "before": _head(diff.before),
        "after": _head(diff.after),
        "same": diff.same,
        "added": [_brief(c) for c in diff.added],
        "dropped": [{**_brief(c), "why": _why(diff.after, c.id)} for c in diff.dropped],
        "changed": [_change_data(c, diff) for c in diff.changed],
        "modules": [{"before": _module_data(a), "after": _module_data(b)} for a, b in diff.modules],
        **({"lineages": [lineage_data(one) for one in diff.lineages]} if diff.lineages else {}),
    }
    return contract(document)


def _head(ruleset: Ruleset) -> dict[str, Any]:
    return {
        "id": ruleset.id,
        "edition": ruleset.edition,
        "points": exact_points(ruleset.total_points),
        "levels": {name: str(value) for name, value in ruleset.levels.items()},
        "bands": [{"name": band.name, "at_least": str(band.at_least)} for band in ruleset.bands],
    }


def _brief(criterion: Criterion) -> dict[str, Any]:
    return {"id": criterion.id, "title": criterion.title, "points": exact_points(criterion.points)}


def _module_data(module: Module | None) -> dict[str, Any] | None:
    if module is None:
        return None
    return {"id": module.id, "title": module.title, "points": exact_points(module.points)}


def _change_data(change: CriterionChange, diff: RulesDiff) -> dict[str, Any]:
    facts = (diff.before.facts, diff.after.facts)
    return {
        "id": change.after.id,
        **({"was": change.before.id} if change.before.id != change.after.id else {}),
        "title": change.after.title,
        "grading": change.direction,
        "scope": change.scope,
        "levels": [
            {
                "level": level.level,
                "before": None if level.before is None else condition_text(level.before, facts[0]),
                "after": None if level.after is None else condition_text(level.after, facts[1]),
            }
            for level in change.levels
        ],
        "points": {"before": exact_points(change.before.points), "after": exact_points(change.after.points)},
        "other": list(change.other),
        "why": change.why,
    }
