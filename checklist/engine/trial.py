"""Cases against a ruleset: what did not come out as its author expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.assessment import Finding
from ..model.case import Case, Expectation, Mismatch
from ..model.numbers import exact_points, percent_text, rounded
from ..model.ruleset import Ruleset
from .assess import assess
from .judge import judge

NO_LEVEL_WORD = "none"


def run(ruleset: Ruleset, cases: Iterable[Case]) -> tuple[Mismatch, ...]:
    """Every expectation that does not hold, in order."""
    return tuple(mismatch for case in cases for mismatch in run_one(ruleset, case))


def run_one(ruleset: Ruleset, case: Case) -> Iterator[Mismatch]:
    known = case.state.knowledge(ruleset.facts)
    for expected in case.expects:
        finding = judge(ruleset, ruleset.criterion(expected.criterion), case.state, known)
        for what, wanted, got in compared(expected, finding):
            if wanted != got:
                yield Mismatch(case, expected.criterion, what, wanted, got, expected.where)
    yield from _whole(ruleset, case)


def compared(expected: Expectation, finding: Finding) -> Iterator[tuple[str, str, str]]:
    """What is expected of one criterion, word by word: the thing compared, expected, got."""
    if expected.levels is not None:
        got = finding.outcome if finding.applies is False else _levels((finding.worst, finding.best))
        yield "level", _levels(expected.levels), got
    if expected.outcome is not None:
        yield "outcome", expected.outcome, finding.outcome
    if expected.points is not None:
        yield "points", _points(expected.points), _points((finding.low, finding.high))
    if expected.flag is not None:
        yield "flag", expected.flag, str(finding.flag)


def _levels(ends: tuple[str | None, str | None]) -> str:
    worst, best = (NO_LEVEL_WORD if end is None else end for end in ends)
    return worst if worst == best else f"{worst}～{best}"


def _points(ends: tuple[int, int]) -> str:
    low, high = map(exact_points, ends)
    return low if low == high else f"{low}～{high}"


def _whole(ruleset: Ruleset, case: Case) -> Iterator[Mismatch]:
    if case.whole is None:
        return
    result, whole = assess(ruleset, case.state), case.whole
    score = (str(rounded(result.score.low)), str(rounded(result.score.high)))
    pairs = (
        ("score", whole.score, score),
        ("coverage", whole.coverage, percent_text(result.coverage)),
        ("verdict", whole.verdict, result.verdict.kind),
        ("band", whole.bands, result.bands),
    )
    for what, wanted, got in pairs:
        if wanted is not None and wanted != got:
            yield Mismatch(case, "", what, str(wanted), str(got), whole.where)
