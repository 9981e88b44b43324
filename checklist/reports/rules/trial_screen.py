"""Cases that failed, levels and thresholds that no case touches, mutants that survive: as a rule author reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.noun import noun
from checklist.model.problems import Where
from checklist.model.rules.case import CaseSurvey, Failure, Mismatch
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.document.prose import Prose, clean
from checklist.reports.formats.json_parts import contract
from checklist.reports.language.labels import FLAG_STATE, NO_LEVEL, OUTCOME, level_word
from checklist.reports.language.phrases import condition_text, now_text, value_text

WHAT = {"level": "档次", "outcome": "结论", "points": "得分", "flag": "红线否决"}
WHOLE = {"score": "得分", "coverage": "核查率", "verdict": "总判断", "band": "等次"}


@noun
class Trial:
    """What came of the cases of one ruleset."""

    ruleset: Ruleset
    cases: int
    failures: tuple[Failure, ...]
    survey: CaseSurvey
    mutated: bool = False


def trials_screen(trials: Sequence[Trial]) -> RenderableType:
    return Group(*(line for trial in trials for line in _trial(trial)))


def _trial(trial: Trial) -> Iterator[RenderableType]:
    for failure in trial.failures:
        yield from _failure(failure, trial.ruleset.facts)
    if trial.survey.untouched:
        yield Text("没有用例守着的地方", style="bold")
        for untouched in trial.survey.untouched:
            yield _line(untouched.criterion, untouched.what, untouched.where)
        yield Text()
    if trial.survey.survivors:
        yield Text("规则改了这里，用例一个也没发现", style="bold")
        for survivor in trial.survey.survivors:
            yield _line(survivor.criterion, survivor.says, survivor.where)
        yield Text()
    yield Prose(summary(trial))


def _line(criterion: str, text: str, where: Where) -> RenderableType:
    return Prose(f"{text}  {_place(where)}", label=f"{criterion} ", indent=2)


def summary(trial: Trial) -> str:
    """One line: cases, failures, what is untouched, mutants."""
    parts = [f"{trial.ruleset.id}：{trial.cases} 个用例"]
    broken = len({(failure.case.where, failure.case.name) for failure in trial.failures})
    parts.append(f"{broken} 个没通过" if broken else "全部通过")
    untouched = len(trial.survey.untouched)
    parts.append(f"{untouched} 处没有用例守着" if untouched else "每一档、每条门槛都有用例")
    if trial.mutated:
        survey = trial.survey
        caught = survey.made - survey.equal - len(survey.survivors)
        parts.append(
            f"改动 {survey.made} 处，发现 {caught} 处，漏掉 {len(survey.survivors)} 处，"
            f"另有 {survey.equal} 处改了也没有区别（已逐一证明）"
        )
    return "；".join(parts)


def _failure(failure: Failure, facts: Mapping[str, Fact]) -> Iterator[RenderableType]:
    yield Prose(f"{failure.case.name}  {_place(failure.case.where)}", "red", label="× ")
    criterion = failure.criterion
    heading = f"{criterion.id} {criterion.title}" if criterion else "整个社区"
    told = "；".join(told_text(m) for m in failure.mismatches)
    yield Prose(told, label=f"{clean(heading)}：", indent=2)
    because = because_text(failure, facts)
    if because:
        yield Prose(because, label="因为：", indent=2)
    if criterion:
        where = failure.rung.where if failure.rung and failure.rung.where.line else criterion.where
        yield Prose(_place(where), "dim", label="规则：", indent=2)
    yield Text()


def told_text(mismatch: Mismatch) -> str:
    """``应为 B 档，实为 C 档``."""
    name = WHAT.get(mismatch.what) or WHOLE.get(mismatch.what, mismatch.what)
    word = {"level": _level, "outcome": lambda t: OUTCOME.get(t, t), "flag": lambda t: FLAG_STATE.get(t, t)}
    say: Any = word.get(mismatch.what, str)
    return f"{name}应为 {say(mismatch.expected)}，实为 {say(mismatch.got)}"


def _level(text: str) -> str:
    ends = [NO_LEVEL if end == "none" else OUTCOME.get(end) or level_word(end) for end in text.split("～")]
    return " ～ ".join(ends)


def because_text(failure: Failure, facts: Mapping[str, Fact]) -> str:
    """The level that tells why: what it asks and what the case gives."""
    finding, rung, values = failure.finding, failure.rung, failure.values
    if finding is None or failure.criterion is None:
        return ""
    if finding.applies is False:
        return f"这一条不适用：{finding.reason or _given(failure.criterion.applies_when, failure, facts)}"
    if rung is None:
        return "；".join(f"{facts[f].label}：{value_text(facts[f], values.get(f))}" for f in failure.criterion.facts)
    asks = f"{level_word(rung.level)}要 {condition_text(rung.condition, facts)}"
    if failure.step is not None:
        given = "；".join(dict.fromkeys(now_text(block, facts, values) for block in failure.step.blocks))
        return f"{asks}。用例给的是 {given}"
    return f"{asks}，都成立。用例给的是 {_given(rung.condition, failure, facts)}"


def _given(condition: Any, failure: Failure, facts: Mapping[str, Fact]) -> str:
    names = condition.facts if condition else ()
    return "、".join(f"{facts[name].label}：{value_text(facts[name], failure.values.get(name))}" for name in names)


def _place(where: Where) -> str:
    return f"{clean(where.file)} 第 {where.line} 行" if where.line else clean(where.file)


def trials_json(trials: Sequence[Trial]) -> str:
    """Everything on the screen as data: one object for each ruleset."""
    return contract({"rulesets": [_as_data(trial) for trial in trials]})


def _as_data(trial: Trial) -> dict[str, Any]:
    survey = trial.survey
    return {
        "ruleset": trial.ruleset.id,
        "cases": trial.cases,
        "failures": [
            {
                "case": failure.case.name,
                **_at(failure.mismatches[0].where),
                "criterion": failure.criterion.id if failure.criterion else None,
                "differs": [{"what": m.what, "expected": m.expected, "got": m.got} for m in failure.mismatches],
                "because": because_text(failure, trial.ruleset.facts),
            }
            for failure in trial.failures
        ],
        "untouched": [{"criterion": u.criterion, "what": u.what, **_at(u.where)} for u in survey.untouched],
        "mutants": {"made": survey.made, "equal": survey.equal} if trial.mutated else None,
        "survivors": [{"criterion": s.criterion, "says": s.says, **_at(s.where)} for s in survey.survivors],
    }


def _at(where: Where) -> dict[str, Any]:
    return {"file": where.file, "line": where.line}
