"""What is wrong with how one criterion is graded: proved over every record that its facts allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from checklist.engine.analysis.worlds import Answers, Bond, worlds
from checklist.model.numbers import Bound, number_text, percent_text
from checklist.model.problems import Problem, Where
from checklist.model.rules.conditions import Condition, Limit, OneOf
from checklist.model.rules.facts import ANY_DAY, Fact, Knowledge
from checklist.model.rules.leaves import conditions, leaves, measures
from checklist.model.rules.measures import Ratio, Share
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Deduct, Rung


@dataclass(frozen=True, slots=True)
class Graded:
    """What one record makes of a criterion: applicable, best and worst level (as rung numbers), flag condition."""

    applies: bool | None
    best: int
    worst: int
    opens: bool | None

    @property
    def decided(self) -> bool:
        return self.applies is not None and self.best == self.worst and self.opens is not None


def questions(criterion: Criterion) -> list[Condition | None]:
    """The conditions that decide a criterion, in the order ``graded`` reads: applicability, flag, rungs."""
    rungs = () if isinstance(criterion.scale, Deduct) else criterion.scale.rungs
    opens = criterion.flag.opens_when if criterion.flag else None
    return [criterion.applies_when, opens, *(rung.condition for rung in rungs)]


def graded(answers: Sequence[bool | None]) -> Graded:
    """Answers to ``questions`` as a result; the number after the last rung stands for no level."""
    applies, opens, *rungs = answers
    best, none = len(rungs), len(rungs)
    for i, answer in enumerate(rungs):
        if answer is None:
            best = min(best, i)
        elif answer:
            return Graded(applies, min(best, i), i, opens)
    return Graded(applies, best, none, opens)


def grading_problems(criterion: Criterion, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> Iterator[Problem]:
    """Everything wrong with the levels, thresholds and flag of one criterion."""
    found = list(_thresholds(criterion, facts))
    rungs = () if isinstance(criterion.scale, Deduct) else criterion.scale.rungs
    found += _order(criterion, rungs)
    found += _options(criterion, rungs, facts)
    yield from found
    answers = worlds(questions(criterion), facts, bonds)
    if not found:
        yield from _nesting(criterion, rungs, answers)
    yield from _flag(criterion, answers)
    yield from _zero(criterion, facts, bonds, answers)


def name(criterion: Criterion) -> str:
    return f"{criterion.id}（{criterion.title}）"


def place(criterion: Criterion, part: object = None) -> Where:
    """Where a rung or flag stands, or the criterion when that is not known."""
    where = getattr(part, "where", criterion.where)
    return where if isinstance(where, Where) and where.line else criterion.where


def _thresholds(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    nothing = Knowledge(facts, {}, ANY_DAY)
    rungs = () if isinstance(criterion.scale, Deduct) else criterion.scale.rungs
    at = {id(rung.condition): rung for rung in rungs}
    seen: set[int] = set()
    for condition in conditions(criterion):
        for leaf in leaves(condition):
            if not isinstance(leaf, Limit) or id(leaf) in seen:
                continue
            seen.add(id(leaf))
            span = leaf.measure.span(nothing)
            if not span.low <= leaf.limit <= span.high:
                show = _percent if (share := is_share(leaf, facts)) else number_text
                says = f"{name(criterion)}的门槛 {show(leaf.limit)} 在范围之外"
                percent = f"百分数要写成 {number_text(leaf.limit)}%；" if share and 1 < leaf.limit <= 100 else ""
                hint = f"{percent}这个测量值只会在 {show(span.low)} 到 {show(span.high)} 之间"
                yield Problem(place(criterion, at.get(id(condition))), "E404", says, hint)


def is_share(limit: Limit, facts: Mapping[str, Fact]) -> bool:
    """Whether its threshold is said in percent."""
    return isinstance(limit.measure, Share) or all(facts[fact].type == "ratio" for fact in limit.facts)


def _percent(value: Bound) -> str:
    return number_text(value) if isinstance(value, float) else percent_text(value, 2)


def _order(criterion: Criterion, rungs: Sequence[Rung]) -> Iterator[Problem]:
    """One measure against one threshold a level: each must ask less than the one above."""
    for above, rung in pairwise(rungs):
        more, less = above.condition, rung.condition
        if not (isinstance(more, Limit) and isinstance(less, Limit)):
            continue
        if more.measure != less.measure or more.kind != less.kind:
            continue
        if (less.limit >= more.limit) if more.kind == "at_least" else (less.limit <= more.limit):
            says = f"{name(criterion)}的 {rung.level} 档门槛不比 {above.level} 档低"
            word = "从大到小" if more.kind == "at_least" else "从小到大"
            yield Problem(place(criterion, rung), "E401", says, f"{more.kind} 的门槛从好到差要{word}")


def _options(criterion: Criterion, rungs: Sequence[Rung], facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """A choice scale lists each option once; a rung also holds for the options of the better ones."""
    if getattr(criterion.scale, "kind", "") != "choice":
        return
    before: tuple[object, ...] = ()
    for rung in rungs:
        if isinstance(rung.condition, OneOf):
            own = rung.condition.values[len(before) :]
            for value in dict.fromkeys(v for v in own if v in before or own.count(v) > 1):
                label = facts[rung.condition.fact].options.get(str(value), value)
                says = f"{name(criterion)}的选项“{label}”写进了两档"
                yield Problem(place(criterion, rung), "E406", says, "一个选项只写在一档里")
            before = rung.condition.values


def _nesting(criterion: Criterion, rungs: Sequence[Rung], answers: frozenset[Answers]) -> Iterator[Problem]:
    for i, (above, rung) in enumerate(pairwise(rungs)):
        if any(a[0] is not False and a[i + 2] and a[i + 3] is False for a in answers):
            says = f"{name(criterion)}的 {rung.level} 档比 {above.level} 档还严：有的情况够 {above.level} 却不够 {rung.level}"
            yield Problem(place(criterion, rung), "E403", says, f"凡是够 {above.level} 的，{rung.level} 也要成立")
    reached = {result.best for result in map(graded, answers) if result.applies is not False}
    for i, rung in enumerate(rungs):
        if i not in reached:
            says = f"{name(criterion)}的 {rung.level} 档谁也得不到"
            hint = "够这一档的情况不是都已经够更好的一档，就是根本不会出现"
            yield Problem(place(criterion, rung), "E402", says, hint)


def _flag(criterion: Criterion, answers: frozenset[Answers]) -> Iterator[Problem]:
    """Without ``opens_when`` a flag opens when no level is reached; deductions never leave it so by themselves."""
    if criterion.flag is None or (isinstance(criterion.scale, Deduct) and criterion.flag.opens_when is None):
        return
    rungs = len(next(iter(answers))) - 2
    results = [result for result in map(graded, answers) if result.applies is not False]
    stated = criterion.flag.opens_when is not None
    if not any(result.opens is True if stated else result.best == rungs for result in results):
        word = "一票否决" if criterion.flag.kind == "veto" else "红线"
        hint = "看看 opens_when 的条件" if stated else "最低一档总是成立，红线要么加 opens_when，要么改门槛"
        yield Problem(place(criterion, criterion.flag), "E409", f"{name(criterion)}的{word}永远不会触发", hint)


def _zero(
    criterion: Criterion, facts: Mapping[str, Fact], bonds: Sequence[Bond], answers: frozenset[Answers]
) -> Iterator[Problem]:
    """A denominator that can be zero while the criterion applies and nothing else decides it."""
    under = list(dict.fromkeys(m.to for m in measures(criterion) if isinstance(m, Ratio | Share)))
    if isinstance(criterion.scale, Deduct):
        empty: list[Condition | None] = [criterion.applies_when]
        for part in criterion.scale.deductions:
            if isinstance(part.measure, Ratio | Share):
                empty.append(Limit(Share(part.measure.to, part.measure.to), "at_least", 1))
        open_end = any(a[0] is not False and None in a[1:] for a in worlds(empty, facts, bonds))
    else:
        open_end = any(not r.decided for r in map(graded, answers) if r.applies is not False)
    if under and open_end:
        labels = "、".join(f"{fact}（{facts[fact].label}）" for fact in under)
        hint = "给实测项写 range: {min: 1}，或用 applies_when 排除 0 的情况"
        yield Problem(criterion.where, "E412", f"{name(criterion)}的分母 {labels} 可能是 0，那时定不了档", hint)
