"""Problem texts from elsewhere → the criteria they are probably about, by the wording that the ruleset keeps.

No model, no download: pairs of characters, weighed by how few criteria use them, and whole keywords. A proposal is
only ever a proposal; somebody confirms it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from checklist.model.as_seen import as_seen
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion, Ruleset

WEIGHTS: Final = {"keyword": 3.0, "title": 2.0, "label": 1.5, "requirement": 1.0}
"""How much a pair of characters counts by where the ruleset uses it. Ours, chosen on labelled problem texts."""

KEYWORD_SHARE: Final = 0.6
"""How much the best single keyword counts; the rest is how far the criterion's words cover the whole text."""

FLOOR: Final = 0.22
"""Below this there is no proposal. Ours, like the other figures here."""

_ALIKE: Final = (
    ("电动自行车", "电动车"),
    ("电瓶车", "电动车"),
    ("没有", "无"),
    ("缺少", "无"),
    ("未设置", "无"),
    ("缺失", "无"),
    ("未见", "无"),
    ("小汽车", "机动车"),
    ("私家车", "机动车"),
    ("说不出", "答不出"),
    ("坏了", "损坏"),
    ("破碎", "破损"),
    ("堆放", "堆"),
    ("没", "无"),
)
"""Words that inspectors use for one another."""

_STRIP = re.compile(r"[^0-9a-z\u4e00-\u9fff]")
_EMPTY_WORDS = re.compile(r"(存在|发现|现象|问题|较多|严重|部分|一处|多处|个别|情况|小区|社区|内有|有的)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """``because`` are the ruleset's own words found in the text; ``strength`` orders proposals, nothing else."""

    criterion: Criterion
    strength: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Weights of character pairs for each criterion, and how rare each pair is."""

    ruleset: Ruleset
    pairs: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]


def build_index(ruleset: Ruleset) -> Index:
    pairs: dict[str, dict[str, float]] = {}
    used: Counter[str] = Counter()
    for criterion in ruleset.active:
        weights: dict[str, float] = {}
        for kind, texts in _words(criterion, ruleset).items():
            for text in texts:
                for pair in _pairs(text):
                    weights[pair] = max(weights.get(pair, 0.0), WEIGHTS[kind])
        pairs[criterion.id] = weights
        used.update(weights.keys())
    count = len(ruleset.active)
    return Index(ruleset, pairs, {pair: math.log(1 + count / n) for pair, n in used.items()})


def propose(index: Index, text: str, most: int = 3) -> tuple[Proposal, ...]:
    """The likeliest criteria, best first; none when nothing in the ruleset sounds like the text."""
    plain = _plain(text)
    pairs = _pairs(plain)
    if not pairs:
        return ()
    whole = sum(index.rarity.get(pair, 1.0) for pair in pairs) * WEIGHTS["keyword"]
    found = []
    for criterion in index.ruleset.active:
        weights = index.pairs[criterion.id]
        covered = sum(weights[pair] * index.rarity[pair] for pair in pairs if pair in weights) / whole
        best = max((_likeness(index, word, plain, pairs) for word in criterion.keywords), default=0.0)
        strength = KEYWORD_SHARE * best + (1 - KEYWORD_SHARE) * covered
        if strength >= FLOOR:
            because = tuple(word for word in criterion.keywords if _plain(word) in plain)
            found.append(Proposal(criterion, strength, because))
    return tuple(sorted(found, key=lambda p: -p.strength)[:most])


def _likeness(index: Index, keyword: str, plain: str, pairs: set[str]) -> float:
    """How much of a keyword is in the text: by rare pairs, and by characters where the words stand apart."""
    word = _plain(keyword)
    own = _pairs(word)
    if not own:
        return 0.0
    total = sum(index.rarity[pair] for pair in own)
    shared = sum(index.rarity[pair] for pair in own if pair in pairs) / total
    return 0.75 * shared + 0.25 * sum(char in plain for char in set(word)) / len(set(word))


def countable(criterion: Criterion, facts: Mapping[str, Fact], text: str) -> Fact | None:
    """The fact that counts such problems: of the criterion's counts that are better when lower, the one that sounds
    most like the text, the first of equals."""
    counts = [facts[name] for name in criterion.facts]
    counts = [fact for fact in counts if fact.type == "count" and fact.better == "lower"]
    pairs = _pairs(text)
    return max(counts, key=lambda fact: len(pairs & _pairs(fact.label)), default=None)


def _words(criterion: Criterion, ruleset: Ruleset) -> dict[str, list[str]]:
    return {
        "requirement": [criterion.requirement],
        "label": [ruleset.facts[name].label for name in criterion.facts],
        "title": [criterion.title],
        "keyword": list(criterion.keywords),
    }


def _plain(text: str) -> str:
    told = _STRIP.sub("", as_seen(text).lower())
    told = _EMPTY_WORDS.sub("", told) or told
    for other, ours in _ALIKE:
        told = told.replace(other, ours)
    return told


def _pairs(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
