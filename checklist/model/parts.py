"""Parts and wholes: which facts a ruleset takes as part of another, so that the one can never exceed the other."""

from __future__ import annotations

from .measures import Missing, Share
from .ruleset import Ruleset
from .scales import Deduct

Part = tuple[str, str]
"""A part and the whole it can never exceed."""


def parts_of(ruleset: Ruleset) -> tuple[Part, ...]:
    """Every part and whole that the ruleset's shares and differences name."""
    found: dict[Part, None] = {}
    for criterion in ruleset.criteria:
        scale = criterion.scale
        measures = [part.measure for part in scale.deductions] if isinstance(scale, Deduct) else []
        conditions = [] if isinstance(scale, Deduct) else [rung.condition for rung in scale.rungs]
        while conditions:
            condition = conditions.pop()
            measure = getattr(condition, "measure", None)
            measures += [measure] if measure else []
            conditions += getattr(condition, "of", ())
        for measure in measures:
            if isinstance(measure, Share):
                found[measure.of, measure.to] = None
            elif isinstance(measure, Missing) and ruleset.facts[measure.required].type != "set":
                found[measure.present, measure.required] = None
    return tuple(found)
