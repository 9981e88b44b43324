"""Survey facts under sampling: counts, interval, what is settled and how many more questionnaires would settle it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from checklist.model.numbers import Bound
from checklist.model.results.assessment import Assessment
from checklist.model.rules.survey import Settling
from checklist.reports.document.prose import Prose, clean
from checklist.reports.language.phrases import levels_text, quantity_text


def survey_lines(assessment: Assessment) -> Iterator[RenderableType]:
    """Nothing unless sampling was asked for."""
    if not assessment.surveys:
        return
    yield Text(f"问卷按抽样区间计分（95% 置信，Wilson 法），共 {len(assessment.surveys)} 项", style="bold")
    for survey in assessment.surveys:
        sample, span = survey.sample, survey.span
        share = f"{sample.agree}/{sample.asked}，全体居民里 {_percent(span.low)} ～ {_percent(span.high)}"
        label = clean(assessment.ruleset.facts[survey.fact].label)
        settled = "；".join(settling_text(settling) for settling in survey.settlings)
        yield Prose(f"{share}。{settled}", label=f"{label}  ", indent=2)
    yield Text()


def _percent(end: Bound) -> str:
    return quantity_text(end, "%")


def settling_text(settling: Settling) -> str:
    """``SAT-01 已定：A 档``, or how many more are needed."""
    levels, id = levels_text(settling.worst, settling.best), settling.criterion.id
    match settling.settled:
        case "yes":
            return f"{id} 已定：{levels}"
        case "more":
            return f"{id} {levels}，照现在的比例再问约 {settling.more} 份能定档"
        case "on_the_line":
            return f"{id} {levels}，正好压在线上，问多少份都定不了"
    return f"{id} {levels}，还有别的实测项没核，光靠问卷定不了"
