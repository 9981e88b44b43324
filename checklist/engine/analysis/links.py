"""What a ruleset names and does not use, lacks, or ties into a knot: facts, actions, sources, cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from checklist.engine.analysis.ladders import name
from checklist.model.problems import Problem
from checklist.model.rules.case import Case
from checklist.model.rules.ruleset import Action, Criterion, Ruleset
from checklist.values.near import suggest


def link_problems(ruleset: Ruleset, cases: Collection[Case] | None) -> Iterator[Problem]:
    """``cases`` None leaves them out of account. A tailoring answers only for the criteria that it changes: what its
    base declares is not its own."""
    changed = {change.criterion for change in ruleset.changes}
    own = [c for c in ruleset.criteria if c.status != "obsolete" and (not ruleset.extends or c.id in changed)]
    for criterion in own:
        yield from _lacks(criterion, ruleset)
        for old in criterion.supersedes:
            if (still := ruleset.by_id.get(old)) is not None and still.status != "obsolete":
                says = f"{name(criterion)}替代的 {old}（{still.title}）还在用"
                hint = "拆开的各条都用新编号，旧的删去，或写 status: obsolete"
                yield Problem(criterion.where, "E417", says, hint)
    if cases is not None:
        tried = {expected.criterion for case in cases for expected in case.expects}
        for criterion in own:
            if criterion.id not in tried:
                hint = "在 cases/ 里给每一档和每条门槛写一个用例"
                yield Problem(criterion.where, "W404", f"{name(criterion)}没有用例", hint)
    if ruleset.extends:
        yield from _moved(ruleset)
    else:
        yield from _unused(ruleset)
        yield from knots(ruleset)
        yield from _alike(ruleset)


def _moved(ruleset: Ruleset) -> Iterator[Problem]:
    """Criteria that a tailoring copied whole and changed: whether what they were copied from is still what it was."""
    own = Path(ruleset.where.file).parent
    for change in ruleset.changes:
        if change.kind != "replace" or Path(change.where.file).parent != own or change.of == change.now:
            continue
        if not change.of:
            says, hint = (
                f"整条替换 {change.criterion}，没有记下照的是哪一版原文",
                f"加一行 of: {change.now}，原文以后改了会提醒",
            )
            yield Problem(change.where, "W415", says, hint)
        else:
            says = f"{change.criterion} 的原文在整条替换以后改过"
            yield Problem(change.where, "W417", says, f"对照原文看要不要跟着改，再写 of: {change.now}")


def _lacks(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    where = criterion.where
    if not criterion.sources:
        hint = "写明依据；没有文件依据的写 G00 之类的通用来源"
        yield Problem(where, "W401", f"{name(criterion)}没有写来源 sources", hint)
    if not criterion.actions:
        hint = "写上能补上差距的整改措施，否则方案里排不进它"
        yield Problem(where, "W402", f"{name(criterion)}没有写整改措施 actions", hint)
    if not criterion.owner:
        yield Problem(where, "W403", f"{name(criterion)}没有写责任单位 owner", "写上谁负责，如 [社区, 物业]")
    yield from _said(criterion)
    reads = set(criterion.facts)
    for id in criterion.actions:
        action = ruleset.actions[id]
        if not reads & action.sets.keys():
            says = f"{name(criterion)}的措施 {id}（{action.label}）不改变它的任何实测项"
            yield Problem(where, "E413", says, f"它看的是 {'、'.join(criterion.facts)}；换一个措施，或补上 sets")


def _said(criterion: Criterion) -> Iterator[Problem]:
    """What its phrases lack, and what they would print that is no business of its own."""
    phrases, own = criterion.phrases, dict.fromkeys((*criterion.facts, *criterion.records))
    missing = [key for key, clauses in (("met", phrases.met), ("unmet", phrases.unmet)) if not clauses]
    if missing and criterion.status == "active":
        says = f"{name(criterion)}没有写说法 phrases 里的 {'、'.join(missing)}"
        yield Problem(criterion.where, "W416", says, "写上达标时、不达标时汇报里怎么说")
    for fact in phrases.facts:
        if fact not in own:
            says = f"{name(criterion)}的说法用了 {fact}，不是它的实测项"
            hint = f"{suggest(fact, own)}；只在说法里用的，加进 records"
            yield Problem(criterion.where, "E436", says, hint)


def _unused(ruleset: Ruleset) -> Iterator[Problem]:
    facts = {fact for c in ruleset.criteria for fact in (*c.facts, *c.records)}
    facts |= {fact for action in ruleset.actions.values() for effect in action.sets.values() for fact in effect.reads}
    for id, fact in ruleset.facts.items():
        if id not in facts:
            hint = "删掉它，或在记录它的标准里写 records"
            yield Problem(fact.where, "W405", f"实测项 {id}（{fact.label}）没有任何标准用到", hint)
    actions = {id for c in ruleset.criteria for id in c.actions}
    actions |= {need for action in ruleset.actions.values() for need in action.needs}
    for id, action in ruleset.actions.items():
        if id not in actions:
            yield Problem(
                action.where, "W406", f"措施 {id}（{action.label}）没有任何标准用到", "写进标准的 actions，或删掉"
            )


def knots(ruleset: Ruleset) -> Iterator[Problem]:
    """Each circle of ``needs`` once, at the action where it was first met."""
    done: set[str] = set()
    for start in ruleset.actions:
        path: list[str] = []
        yield from _walk(start, path, done, ruleset)


def _walk(start: str, path: list[str], done: set[str], ruleset: Ruleset) -> Iterator[Problem]:
    """Depth first without recursion, so that a chain of thousands is no trouble."""
    waiting: list[tuple[str, Iterator[str]]] = []

    def enter(id: str) -> None:
        path.append(id)
        waiting.append((id, iter(ruleset.actions[id].needs)))

    if start not in done:
        enter(start)
    while waiting:
        id, needs = waiting[-1]
        need = next(needs, None)
        if need is None:
            done.add(id)
            waiting.pop()
            path.pop()
        elif need in path:
            circle = path[path.index(need) :]
            yield _knot(ruleset.actions[circle[0]], [*circle, need])
        elif need not in done:
            enter(need)


def _knot(action: Action, circle: list[str]) -> Problem:
    says = f"措施的 needs 绕成了圈：{' → '.join(circle)}"
    return Problem(action.where, "E408", says, "去掉其中一个 needs，否则哪一个都开不了头")


def _alike(ruleset: Ruleset) -> Iterator[Problem]:
    """FAC-1 and FAC-01 are two ids for a program and one for a reader."""
    seen: dict[tuple[str, int], Criterion] = {}
    for criterion in ruleset.criteria:
        module, number = criterion.id.rsplit("-", 1)
        first = seen.setdefault((module, int(number)), criterion)
        if first is not criterion:
            says = f"编号 {criterion.id} 和 {first.id} 只差前面的 0"
            yield Problem(criterion.where, "E414", says, "换一个没用过的编号")
