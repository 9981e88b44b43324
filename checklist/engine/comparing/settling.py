"""Conflicts settled one by one: each has a number, and somebody says whose answer stands (``2=李强``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checklist.engine.comparing.new_answers import compare, same_value
from checklist.model.as_seen import as_seen
from checklist.model.problems import NotAValue
from checklist.model.refusals import Refusal
from checklist.model.rules.facts import Fact
from checklist.model.state import Reading, Slot
from checklist.values.answer import lenient_value
from checklist.values.look_alikes import folded

RECORD = "记录"


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A fact on which answers disagree, as no rule has decided it. ``given`` are all that came in for it; ``site`` is
    the name of the site, empty for the community."""

    number: int
    fact: Fact
    recorded: Reading | None
    given: tuple[Reading, ...]
    site: str = ""

    @property
    def slot(self) -> Slot:
        return self.given[0].slot

    @property
    def sides(self) -> tuple[Reading, ...]:
        return (*((self.recorded,) if self.recorded else ()), *self.given)

    def choices(self) -> tuple[str, ...]:
        """What may stand behind the sign, the newest answer first: a name where it is one side's alone, 记录."""
        told = [r.by for r in sorted(self.given, key=lambda r: r.on, reverse=True) if r.by and self._meant(r.by)]
        return (*dict.fromkeys(told), *((RECORD,) if self.recorded else ()))

    def chosen(self, word: str) -> Reading:
        """The side that ``word`` names: a person, 记录, or the value itself. Raises Refusal."""
        found = self._meant(word)
        if found is None:
            ways = "，".join(filter(None, ("、".join(self.choices()), "或写值本身")))
            says = f"第 {self.number} 处冲突（{self.site}{self.fact.label}）认不出“{word}”是哪一边"
            raise Refusal(says, f"可以写：{ways}，如 --take {self.number}={(*self.choices(), '值')[0]}")
        return found

    def _meant(self, word: str) -> Reading | None:
        if folded(word) in (RECORD, "原记录") and self.recorded is not None:
            return self.recorded
        named = [r for r in self.sides if r.by and folded(r.by) == folded(word)]
        if not named:
            try:
                answer = lenient_value(self.fact, word)
            except NotAValue:
                return None
            named = [r for r in self.sides if answer and answer.value is not None and r.value == answer.value]
        if not named or not all(same_value(named[0], other) for other in named):
            return None
        return max((r for r in named if r is not self.recorded), key=lambda r: r.on, default=named[0])


def open_conflicts(
    recorded: Mapping[Slot, Reading],
    given: Sequence[Reading],
    facts: Mapping[str, Fact],
    sites: Mapping[str, str],
    first: int = 1,
) -> tuple[OpenConflict, ...]:
    """The conflicts of one community before anything is decided, numbered from ``first``; ``sites`` are the names of
    its sites by id."""
    left = [change.slot for change in compare(recorded, given).of("conflict")]
    return tuple(
        OpenConflict(number, facts[slot[1]], recorded.get(slot), tuple(r for r in given if r.slot == slot),
                     sites.get(slot[0], ""))
        for number, slot in enumerate(left, first)
    )  # fmt: skip


def settled(words: Iterable[str], conflicts: Sequence[OpenConflict]) -> dict[int, Reading]:
    """Number → the answer that stands, from ``2=李强``, each number once. Raises Refusal with the way out."""
    chosen: dict[int, Reading] = {}
    for word in words:
        number, sign, side = as_seen(word).partition("=")
        if not sign or not number.strip().isdecimal() or not side.strip():
            raise Refusal(f"--take 看不懂“{word}”", "写成 序号=姓名，如 --take 2=李强；留着原来的写 2=记录")
        at = int(number) - (conflicts[0].number if conflicts else 1)
        if not 0 <= at < len(conflicts):
            known = f"这次的序号是 1 到 {len(conflicts)}" if conflicts else "这次没有冲突要定"
            raise Refusal(f"没有第 {number.strip()} 处冲突", f"{known}；先不加 --take 看一遍预览")
        if int(number) in chosen:
            raise Refusal(f"第 {number.strip()} 处冲突定了两次", "留一个")
        chosen[int(number)] = conflicts[at].chosen(side.strip())
    return chosen
