"""Samples (抽样): every survey as far as its sample goes, and how many more questionnaires settle a level."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from checklist.engine.scoring.judge import judge
from checklist.model.numbers import Span
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.survey import Settling, SurveyResult
from checklist.model.state import Sample, State
from checklist.model.wilson import wilson

MOST_ASKED: Final = 1_000_000


def sampled(state: State) -> State:
    """The same record, with every survey fact known only as far as its sample goes."""
    spans = {name: wilson(r.sample.agree, r.sample.asked) for name, r in state.readings.items() if r.sample}
    return replace(state, spans=spans)


def surveys(ruleset: Ruleset, state: State, known: Knowledge) -> tuple[SurveyResult, ...]:
    """Each sampled fact in the ruleset's order, with what it decides and what it would take."""
    found = []
    for name in ruleset.facts:
        reading = state.readings.get(name)
        if name in known.spans and reading is not None and (sample := reading.sample):
            readers = [c for c in ruleset.active if name in c.facts]
            settlings = tuple(_settling(ruleset, c, name, sample, state, known) for c in readers)
            found.append(SurveyResult(name, sample, known.spans[name], settlings))
    return tuple(found)


def _settling(
    ruleset: Ruleset, criterion: Criterion, fact: str, sample: Sample, state: State, known: Knowledge
) -> Settling:
    """The engine itself is asked for each imagined sample; the rules are not looked into."""

    def settles(span: Span) -> bool:
        narrower = replace(known, spans={**known.spans, fact: span})
        return judge(ruleset, criterion, state, narrower).decided

    finding = judge(ruleset, criterion, state, known)
    share = Fraction(sample.agree, sample.asked)
    if finding.decided:
        return Settling(criterion, finding.worst, finding.best, "yes")
    if not settles(Span(share, share)):
        return Settling(criterion, finding.worst, finding.best, "other_facts")
    if not settles(wilson(share * MOST_ASKED, MOST_ASKED)):
        return Settling(criterion, finding.worst, finding.best, "on_the_line")
    too_few, enough = sample.asked, MOST_ASKED
    while enough - too_few > 1:  # for one share, a larger sample's interval lies inside a smaller one's
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if settles(wilson(share * middle, middle)) else (middle, enough)
    return Settling(criterion, finding.worst, finding.best, "more", enough - sample.asked)
