"""Records and a way of drawing → the inspection forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final, TypeAlias

from checklist.engine.forecast.drawn_community import DrawnCommunity, Passing
from checklist.engine.forecast.outlook import clean_chance, outlooks
from checklist.engine.forecast.reach import reach
from checklist.engine.forecast.site_marks import Marks
from checklist.model.numbers import Number
from checklist.model.results.forecast import Drawing, Forecast, Outlook, Sink
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

MOST_FOR_SINKS: Final = 40_000
"""Drawings gone through to say what each site costs; where there are more it is not said."""

SeenCommunity: TypeAlias = tuple[DrawnCommunity, Fraction, Passing]
"""A community, how likely it is inspected, and what then decides about passing."""


def forecast(
    ruleset: Ruleset,
    states: Sequence[State],
    drawing: Drawing,
    target: Fraction,
    *,
    curve: bool = False,
    wanted: Fraction | None = None,
) -> Forecast:
    """The law of the inspected score: of one community exactly, of several that of the mean of those drawn, for which
    numpy is needed. ``curve`` asks for the operating characteristic of one community.

    Raises Refusal when there are too many different drawings.
    """
    drawn = [DrawnCommunity(ruleset, state, drawing.sites) for state in states]
    law = _one(drawn[0], target) if len(drawn) == 1 else _district(drawn, drawing, target)
    told = sum(one.drawings * place.drawn for one in drawn for place in one.places) <= MOST_FOR_SINKS
    return Forecast(
        ruleset=ruleset,
        drawing=drawing,
        communities=tuple(state.community for state in states),
        inspected=law.inspected,
        places=tuple(place for one in drawn for place in one.places),
        none=frozenset[str]().union(*(one.none for one in drawn)),
        target=target,
        low=law.low,
        high=law.high,
        clean=law.clean,
        drawings=law.drawings,
        error=law.error,
        sinks=_sinks(law.seen) if told else None,
        curve={kind: tuple(drawn[0].curve(kind, partial(_alone, target))) for kind in drawn[0].sheets if curve},
        reach=None if wanted is None else reach(drawn[0], target, wanted),
    )


@dataclass(frozen=True, slots=True)
class _Law:
    low: Outlook
    high: Outlook
    clean: tuple[Fraction, Fraction]
    inspected: int
    seen: Iterator[SeenCommunity]
    drawings: int | None = None
    error: Fraction = Fraction(0)


def _alone(target: Fraction, marks: Marks) -> tuple[Number, Number]:
    return marks.reaches(target)


def _one(one: DrawnCommunity, target: Fraction) -> _Law:
    low, high = outlooks(one.law, target)
    seen = iter(((one, Fraction(1), partial(_alone, target)),))
    return _Law(low, high, clean_chance(one.law), 1, seen, one.drawings)


def _district(drawn: Sequence[DrawnCommunity], drawing: Drawing, target: Fraction) -> _Law:
    from checklist.engine.forecast.district import Stratum, all_clean, district_outlooks, others, passing_with

    streets: defaultdict[str, list[DrawnCommunity]] = defaultdict(list)
    for one in drawn:
        streets[one.state.community.street if drawing.by_street else ""].append(one)
    strata = [
        Stratum(tuple(one.law for one in some), min(drawing.communities or len(some), len(some)))
        for some in streets.values()
    ]
    inspected = sum(stratum.drawn for stratum in strata)

    def seen() -> Iterator[SeenCommunity]:
        ordered = (one for some in streets.values() for one in some)
        for one, (share, rest) in zip(ordered, others(strata), strict=True):
            alone = partial(_alone, target)
            yield one, share, partial(passing_with, rest, target, inspected) if rest else alone

    low, high, error = district_outlooks(strata, target)
    return _Law(low, high, all_clean(strata), inspected, seen(), None, error)


def _sinks(seen: Iterator[SeenCommunity]) -> tuple[Sink, ...]:
    """What each site costs, the dearest first."""
    found = [sink for one, share, passing in seen for sink in one.sinks(share, passing)]
    return tuple(sorted(found, key=lambda sink: (-sink.low, -sink.high)))
