"""A quotient with its part moved by a constant: what a threshold shifted by one unit of the part compares."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checklist.model.numbers import Number, Span
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.measures import Ratio, Share


@dataclass(frozen=True, slots=True)
class Nudged:
    """``base`` measured as if its part were ``by`` more; a denominator of zero is left to ``base``."""

    base: Ratio | Share
    by: Number

    @property
    def facts(self) -> tuple[str, ...]:
        return self.base.facts

    def span(self, known: Knowledge) -> Span:
        now = known.span(self.base.of)
        if known.span(self.base.to).low <= 0:
            return self.base.span(known)
        moved = Span(now.low + self.by, now.high + self.by)
        return self.base.span(replace(known, spans={**known.spans, self.base.of: moved}))


def nudged(limit: Limit, by: Number) -> Limit:
    """The same limit, reached with ``by`` less of the part."""
    assert isinstance(limit.measure, Ratio | Share)
    measure: object = Nudged(limit.measure, by)
    return replace(limit, measure=measure)  # type: ignore[arg-type]
