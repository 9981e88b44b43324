"""Records and a way of drawing → the inspection forecast."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklist.engine.forecast.drawn_community import DrawnCommunity, Ends
from checklist.engine.forecast.outlook import clean_chance, outlooks
from checklist.engine.forecast.site_marks import Marks
from checklist.model.results.forecast import Drawing, Forecast
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State


def forecast(
    ruleset: Ruleset, states: Sequence[State], drawing: Drawing, target: Fraction, *, curve: bool = False
) -> Forecast:
    """The law of the inspected score: of one community exactly, of several by the mean of those drawn.

    Raises Refusal when there are too many different drawings, or a library is missing for a district.
    """
    drawn = [DrawnCommunity(ruleset, state, drawing.sites) for state in states]
    one = drawn[0]

    def passing(marks: Marks) -> Ends:
        low, high = marks.ends
        return Fraction(low >= target), Fraction(high >= target)

    low, high = outlooks(one.law, target)
    return Forecast(
        ruleset=ruleset,
        drawing=drawing,
        communities=(one.state.community,),
        inspected=1,
        places=one.places,
        target=target,
        low=low,
        high=high,
        clean=clean_chance(one.law),
        drawings=one.drawings,
        error=Fraction(0),
        sinks=tuple(sorted(one.sinks(passing), key=lambda sink: (-sink.low, -sink.high))),
        curve={kind: tuple(one.curve(kind, passing)) for kind in one.sheets} if curve else {},
    )
