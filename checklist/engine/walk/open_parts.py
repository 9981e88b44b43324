"""A criterion, or its part at one site, that is undecided; and which of many sites alike are worth a look at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from checklist.model.results.assessment import Finding
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Site, Slot

Told: TypeAlias = Mapping[Slot, Value]


@dataclass(frozen=True, slots=True, eq=False)
class OpenPart:
    """One criterion at one site, or as a whole: what it comes to today, the slots that keep it undecided and can be
    looked at, and how to judge it once they are known.

    ``weight`` is its part of the criterion's points, ``flag`` its part of deciding the flag. ``settled``: knowing all of
    them settles it. ``like`` is equal for parts that are alike in everything but the site. ``among``: there are so many
    unknown facts that each counts for an equal share; 0 where every combination is judged.
    """

    criterion: Criterion
    finding: Finding
    unknown: tuple[Slot, ...]
    judged: Callable[[Told], Finding]
    weight: Fraction = Fraction(1)
    flag: Fraction = Fraction(1)
    settled: bool = True
    like: Hashable = None
    among: int = 0

    @property
    def width(self) -> Fraction:
        return self.weight * (self.finding.high - self.finding.low)


def spare_sites(sites: Iterable[Site], most: int) -> Mapping[str, str]:
    """The sites that are more than ``most`` alike, each with one that stands for it."""
    seen: dict[Hashable, list[str]] = {}
    spare: dict[str, str] = {}
    for site in sites:
        readings = frozenset((name, reading.value, reading.on) for name, reading in site.readings.items())
        declared = frozenset((id, told.until) for id, told in site.not_applicable.items())
        defects = frozenset((name, told) for name, told in site.defects.items())
        like = seen.setdefault((site.kind, site.opened, site.closed, site.unusable, readings, declared, defects), [])
        if len(like) < most:
            like.append(site.id)
        else:
            spare[site.id] = like[0]
    return spare
