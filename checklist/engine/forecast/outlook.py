"""A law of scores summed up: the chance to pass, the mean, where the middle nine tenths lie, each whole score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Final

from checklist.engine.forecast.drawings import Law
from checklist.model.results.forecast import Outlook

TAILS: Final = (Fraction(5, 100), Fraction(95, 100))


def outlooks(law: Law, target: Fraction) -> tuple[Outlook, Outlook]:
    """At the low and at the high end; exact."""
    ends: tuple[Counter[Fraction], Counter[Fraction]] = (Counter(), Counter())
    for marks, weight in law.items():
        for scores, score in zip(ends, marks.ends, strict=True):
            scores[score] += weight
    low, high = (_outlook(scores, target) for scores in ends)
    return low, high


def _outlook(scores: Mapping[Fraction, int], target: Fraction) -> Outlook:
    total = sum(scores.values())
    whole: Counter[int] = Counter()
    below, tails = 0, list[Fraction]()
    for score in sorted(scores):
        whole[floor(score)] += scores[score]
        below += scores[score]
        while len(tails) < len(TAILS) and below >= TAILS[len(tails)] * total:
            tails.append(score)
    return Outlook(
        passes=Fraction(sum(weight for score, weight in scores.items() if score >= target), total),
        mean=sum((score * weight for score, weight in scores.items()), Fraction(0)) / total,
        fifth=tails[0],
        ninety_fifth=tails[1],
        whole={score: Fraction(weight, total) for score, weight in sorted(whole.items())},
    )


def clean_chance(law: Law) -> tuple[Fraction, Fraction]:
    """The chance that no red line and no veto is open: that all are surely clear, and that none is surely open."""
    total = sum(law.values())
    surely = sum(weight for marks, weight in law.items() if marks.flag == 0)
    possibly = sum(weight for marks, weight in law.items() if marks.flag < 2)
    return Fraction(surely, total), Fraction(possibly, total)
