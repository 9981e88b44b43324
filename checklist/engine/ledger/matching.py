"""Problem texts from elsewhere → the criteria they are probably about, by the wording that the ruleset keeps.

No model, no download. Each keyword, title, label and requirement is an example of how its criterion is spoken of, and
so is what a person confirmed before. A criterion is as likely as its nearest example is like the text, and as what all
its examples together cover of the text, characters and pairs of them weighed by how few criteria use them. A proposal
is only ever a proposal; somebody confirms it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checklist.engine.ledger.everyday_speech import marks, plain
from checklist.engine.ledger.said_literally import is_grave, literally
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion, Ruleset

WEIGHTS: Final = {"remembered": 1.0, "keyword": 1.0, "title": 0.8, "label": 0.6, "requirement": 0.5}
"""How much an example counts by where it stands. Ours, like the figures below: rates on labelled problem texts hardly
change when one of them is halved (``benchmarks/matching.py``)."""

NEAREST_SHARE: Final = 0.3
"""How much the nearest example counts; the rest is what all of them cover."""

TEXT_SHARE: Final = 0.3
"""Likeness of a text and an example: how much of it is measured on the text; the rest on the example."""

PLACE: Final = 0.8
"""How much a mark counts that stands in the name of the place only."""

ANY_FAULT: Final = 0.5
"""How much a mark counts that says that something is wrong, not what: 不全, 损坏."""

UNHEARD: Final = 4.0
"""The weight of a mark that no criterion uses: what it says is not covered."""

FLOOR: Final = 0.1
"""Below this there is no proposal."""

_FAULTS: Final = frozenset("无不有乱坏损破脏旧差少够足全清规范到位设置处理落实完整")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A problem text that a person put to a criterion."""

    text: str
    criterion: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """``like`` is the nearest example, ``confirmed`` says that a person put just that to this criterion before.
    ``because`` are the words that text and example share, in everyday form; ``strength`` orders proposals, nothing else.
    """

    criterion: Criterion
    strength: float
    because: tuple[str, ...]
    like: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    criterion: str
    text: str
    kind: str
    plain: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Index:
    """All examples; which of them use a mark, how rare it is among criteria, and how much of it each criterion has."""

    ruleset: Ruleset
    examples: Sequence[Example]
    using: Mapping[str, Sequence[int]]
    rarity: Mapping[str, float]
    spoken: Mapping[str, Mapping[str, float]]
    wholes: Sequence[float]


def build_index(ruleset: Ruleset, remembered: Iterable[Remembered] = ()) -> Index:
    examples = [*_examples(ruleset), *_confirmed(ruleset, remembered)]
    using: defaultdict[str, list[int]] = defaultdict(list)
    spoken: dict[str, defaultdict[str, float]] = {criterion.id: defaultdict(float) for criterion in ruleset.active}
    for at, example in enumerate(examples):
        for mark in example.marks:
            using[mark].append(at)
            spoken[example.criterion][mark] += WEIGHTS[example.kind]
    used = Counter(mark for told in spoken.values() for mark in told)
    rarity = {
        mark: math.log(1 + len(spoken) / n) * (ANY_FAULT if _FAULTS.issuperset(mark) else 1) for mark, n in used.items()
    }
    wholes = [sum(rarity[mark] for mark in sorted(example.marks)) for example in examples]
    return Index(ruleset, examples, using, rarity, spoken, wholes)


def propose(index: Index, text: str, most: int = 3, point: str = "") -> tuple[Proposal, ...]:
    """The likeliest criteria, best first; none when nothing in the ruleset sounds like the text. ``point`` is where it
    was found. A veto, and what only raises a flag, is proposed on its literal words alone."""
    told = plain(text)
    weights = dict.fromkeys(sorted(marks(told)), 1.0)
    if not any(mark in index.rarity for mark in weights if len(mark) > 1):
        return ()
    weights |= {mark: PLACE for mark in sorted(marks(plain(point)) - weights.keys())}
    whole = sum(index.rarity.get(mark, UNHEARD) * weight for mark, weight in weights.items())
    weights = {mark: index.rarity[mark] * weight for mark, weight in weights.items() if mark in index.rarity}
    found = []
    for id, (near, at) in _nearest(index, told, weights, whole).items():
        criterion, spoken = index.ruleset.criterion(id), index.spoken[id]
        covered = sum(w * spoken[m] / (spoken[m] + 1) for m, w in weights.items() if m in spoken) / whole
        strength = NEAREST_SHARE * near + (1 - NEAREST_SHARE) * covered
        if strength >= FLOOR and (not is_grave(criterion) or literally(criterion, text)):
            found.append((-strength, at, criterion))
    found.sort(key=lambda one: one[:2])
    return tuple(_proposal(criterion, -lost, told, index.examples[at]) for lost, at, criterion in found[:most])


def _proposal(criterion: Criterion, strength: float, told: str, example: Example) -> Proposal:
    return Proposal(criterion, strength, _shared(told, example.plain), example.text, example.kind == "remembered")


def _nearest(index: Index, told: str, weights: Mapping[str, float], whole: float) -> dict[str, tuple[float, int]]:
    """For each criterion how near its nearest example is, and which that is; the very words confirmed before are nearer
    than anything else, the last time they were counts."""
    shared: defaultdict[int, float] = defaultdict(float)
    for mark, weight in weights.items():
        for at in index.using[mark]:
            shared[at] += weight
    best: dict[str, tuple[float, int]] = {}
    said: int | None = None
    for at, common in shared.items():
        example = index.examples[at]
        near = WEIGHTS[example.kind] * common / (TEXT_SHARE * whole + (1 - TEXT_SHARE) * index.wholes[at])
        if example.kind == "remembered" and example.plain == told:
            said = max(at, said or 0)
        if (near, -at) > best.get(example.criterion, (0.0, 0)):
            best[example.criterion] = (near, -at)
    nearest = {id: (near, -at) for id, (near, at) in best.items()}
    if said is not None:
        nearest[index.examples[said].criterion] = (1 / NEAREST_SHARE, said)
    return nearest


def _shared(told: str, other: str) -> tuple[str, ...]:
    """The pieces of one text, of two characters at least, that stand in the other; without such the characters."""
    found, at = [], 0
    while at < len(told):
        size = 1
        while at + size <= len(told) and told[at : at + size] in other:
            size += 1
        if size > 2:
            found.append(told[at : at + size - 1])
        at += max(size - 1, 1)
    return tuple(dict.fromkeys(found)) or tuple(dict.fromkeys(char for char in told if char in marks(other)))


def countable(criterion: Criterion, facts: Mapping[str, Fact], text: str) -> Fact | None:
    """The fact that counts such problems: of the criterion's counts that are better when lower, the one that sounds
    most like the text, the first of equals."""
    counts = [facts[name] for name in criterion.facts]
    counts = [fact for fact in counts if fact.type == "count" and fact.better == "lower"]
    said = marks(plain(text))
    return max(counts, key=lambda fact: len(said & marks(plain(fact.label))), default=None)


def _examples(ruleset: Ruleset) -> Iterator[Example]:
    for criterion in ruleset.active:
        texts = [(word, "keyword") for word in criterion.keywords]
        texts += [(criterion.title, "title"), (criterion.requirement, "requirement")]
        texts += [(ruleset.facts[name].label, "label") for name in criterion.facts]
        yield from (_example(criterion.id, text, kind) for text, kind in texts)


def _confirmed(ruleset: Ruleset, remembered: Iterable[Remembered]) -> Iterator[Example]:
    active = {criterion.id for criterion in ruleset.active}
    yield from (_example(one.criterion, one.text, "remembered") for one in remembered if one.criterion in active)


def _example(criterion: str, text: str, kind: str) -> Example:
    said = plain(text)
    return Example(criterion, text, kind, said, marks(said))
