"""Gates (``--fail-under``, ``--fail-on``): asked-for conditions that decide the exit code, never the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from checklist.cli.console import Exit, tell, usage

if TYPE_CHECKING:
    from checklist.model.results.assessment import Assessment

ON: Final[dict[str, tuple[str, Callable[[Assessment], bool | None]]]] = {
    "unmet": (
        "有不达标的标准",
        lambda a: a.total.outcomes["unmet"] > 0 or (None if a.total.outcomes["unknown"] else False),
    ),
    "veto": ("触发一票否决", lambda a: bool(a.verdict.open_vetoes) or (None if a.verdict.undecided_vetoes else False)),
    "redline": (
        "有红线未清",
        lambda a: bool(a.verdict.open_redlines) or (None if a.verdict.undecided_redlines else False),
    ),
    "unknown": ("有没核实的标准", lambda a: a.total.outcomes["unknown"] > 0),
}
"""Gate → what it means, and whether it is tripped (None: cannot be told yet)."""


def parse_fail_on(text: str | None) -> tuple[str, ...]:
    names = tuple(part.strip() for part in re.split("[,，、]", text or "") if part.strip())
    if text is not None and not names:
        usage("--fail-on 后面没有写情形", f"可以写：{','.join(ON)}")
    for name in names:
        if name not in ON:
            usage(f"--fail-on 没有 {name}", f"可以写：{','.join(ON)}")
    return names


def check_score(value: float | None) -> Fraction | None:
    if value is None:
        return None
    if not 0 <= value <= 100:
        usage("--fail-under 要在 0 到 100 之间")
    return Fraction(str(value))


def gate(assessments: Sequence[Assessment], under: Fraction | None, on: Sequence[str]) -> Exit:
    """GATE when one is surely tripped, UNDECIDED when unknown facts leave it open, DONE otherwise."""
    from checklist.reports.document.prose import on_one_line

    answers: list[bool | None] = []
    for assessment in assessments:
        name = on_one_line(assessment.state.community.name)
        if under is not None:
            tripped = True if assessment.score.high < under else False if assessment.score.low >= under else None
            answers.append(_say(name, f"得分低于 {float(under):g}", tripped))
        for gate_name in on:
            says, test = ON[gate_name]
            answers.append(_say(name, says, test(assessment)))
    if True in answers:
        return Exit.GATE
    return Exit.UNDECIDED if None in answers else Exit.DONE


def _say(name: str, says: str, tripped: bool | None) -> bool | None:
    if tripped:
        tell(f"没有过关：{name} {says}")
    elif tripped is None:
        tell(f"定不下来：{name} 是否{says}，要等没核实的项核完")
    return tripped
