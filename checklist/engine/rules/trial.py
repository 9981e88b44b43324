"""Cases against a ruleset: what did not come out as its author expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.gaps import ways_up
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number, exact_points, percent_text, rounded
from checklist.model.results.assessment import Finding
from checklist.model.rules.case import Case, Expectation, Failure, Mismatch
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct, Rung

NO_LEVEL_WORD = "none"


def run(ruleset: Ruleset, cases: Iterable[Case]) -> tuple[Mismatch, ...]:
    """Every expectation that does not hold, in order."""
    return tuple(mismatch for case in cases for mismatch in run_one(ruleset, case))


def failures(ruleset: Ruleset, cases: Iterable[Case]) -> Iterator[Failure]:
    """The mismatches of each case, those of one criterion together and with the reason for what it came to."""
    for case in cases:
        together: dict[str, list[Mismatch]] = {}
        for mismatch in run_one(ruleset, case):
            together.setdefault(mismatch.criterion, []).append(mismatch)
        for criterion, mismatches in together.items():
            yield _explained(ruleset, case, criterion, tuple(mismatches))


def _explained(ruleset: Ruleset, case: Case, id: str, mismatches: tuple[Mismatch, ...]) -> Failure:
    if not id:
        return Failure(case, mismatches)
    criterion, bench = ruleset.criterion(id), Bench(ruleset, case.state)
    finding = bench.finding(criterion)
    expected = next(e for e in case.expects if e.criterion == id)
    rung = _telling(criterion, finding, expected)
    at, view = bench.worst(finding)
    steps = ways_up(bench, finding, at, view) if finding.applies is not False else ()
    step = next((s for s in steps if rung is not None and s.level == rung.level), None)
    return Failure(case, mismatches, criterion, finding, rung, step, view.known.values)


def _telling(criterion: Criterion, finding: Finding, expected: Expectation) -> Rung | None:
    """The expected level when it was not surely reached, else the level that was; the best one where neither is."""
    if isinstance(criterion.scale, Deduct):
        return None
    rungs = {rung.level: rung for rung in criterion.scale.rungs}
    order = [*rungs, None]
    wanted = expected.levels[0] if expected.levels else None
    if wanted in rungs and order.index(wanted) < order.index(finding.worst):
        return rungs[wanted]
    return rungs[finding.worst] if finding.worst is not None else criterion.scale.rungs[0]


def run_one(ruleset: Ruleset, case: Case) -> Iterator[Mismatch]:
    bench = Bench(ruleset, case.state)
    for expected in case.expects:
        finding = bench.finding(ruleset.criterion(expected.criterion))
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
        yield "points", _points(expected.points), _points(finding.extra or (finding.low, finding.high))
    if expected.flag is not None:
        yield "flag", expected.flag, str(finding.flag)


def _levels(ends: tuple[str | None, str | None]) -> str:
    worst, best = (NO_LEVEL_WORD if end is None else end for end in ends)
    return worst if worst == best else f"{worst}～{best}"


def _points(ends: tuple[Number, Number]) -> str:
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
