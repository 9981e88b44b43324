"""The tables of a report: modules, criteria, the three lists, the task table, what nobody has checked.

Columns are those that practitioners use; the first unit named is the lead (牵头单位).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from checklist.model.numbers import POINT
from checklist.model.results.assessment import OUTCOMES, Assessment, Finding, Gap, Tally
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.tasks import Task
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.language.labels import FLAG, HORIZON, METHOD, OUTCOME, OUTCOME_SHORT, UNKNOWN
from checklist.reports.language.phrases import lead_text, levels_text, recorded_text, step_text, value_text, yuan_text

SERIOUS: Final = {"veto": "一票否决", "redline": "红线", "": "一般"}
NUMBER: Final = Column("序号", 4, "number")


def points(value: int) -> Fraction:
    return Fraction(value, POINT)


def _points_column(title: str, width: int = 5) -> Column:
    return Column(title, width, "number", 2)


def _numbered(title: str, columns: Iterable[Column], rows: Iterable[tuple[Content, ...]], empty: str = "没有") -> Table:
    return Table(title, (NUMBER, *columns), tuple((n, *row) for n, row in enumerate(rows, 1)), empty)


def module_titles(assessment: Assessment) -> dict[str, str]:
    return {m.id: m.title for m in assessment.ruleset.modules}


def modules_table(assessment: Assessment) -> Table:
    """Points by module; two columns for the two ends of the interval."""
    columns = (
        Column("测评模块", 14),
        *(_points_column(name) for name in ("分值", "最低得分", "最高得分")),
        Column("核查率（%）", 6, "number", 1),
        *(Column(OUTCOME_SHORT[o], 4, "number") for o in OUTCOMES),
    )
    rows = [_tally_row(m.module.title, m.tally) for m in assessment.modules]
    return Table("各模块得分", columns, (*rows, _tally_row("合计", assessment.total)))


def _tally_row(title: str, tally: Tally) -> tuple[Content, ...]:
    coverage = tally.coverage * 100 if tally.possible else None
    return (
        title,
        points(tally.possible),
        points(tally.low),
        points(tally.high),
        coverage,
        *(tally.outcomes[outcome] for outcome in OUTCOMES),
    )


def criteria_table(assessment: Assessment) -> Table:
    """Every criterion: requirement, what is recorded, outcome, level, points."""
    titles = module_titles(assessment)
    columns = (
        *(Column("测评模块", 10), Column("编号", 8), Column("测评标准", 12), Column("测评要求", 22)),
        *(Column("测评方法", 9), _points_column("分值"), Column("结论", 5), Column("档次", 6)),
        *(_points_column("最低得分"), _points_column("最高得分"), Column("现状", 26)),
        *(Column("红线", 5), Column("责任单位", 9)),
    )
    rows = []
    for finding in assessment.findings:
        criterion = finding.criterion
        graded = finding.outcome != "not_applicable"
        rows.append(
            (
                titles[criterion.module],
                criterion.id,
                criterion.title,
                criterion.requirement,
                "、".join(METHOD[m] for m in criterion.methods),
                points(criterion.points),
                OUTCOME[finding.outcome],
                levels_text(finding.worst, finding.best) if graded else "",
                points(finding.low) if graded else None,
                points(finding.high) if graded else None,
                facts_text(assessment, finding) if graded else finding.reason,
                FLAG[criterion.flag.kind] if criterion.flag else "",
                "、".join(criterion.owner),
            )
        )
    return Table("测评标准逐项结果", columns, tuple(rows))


def facts_text(assessment: Assessment, finding: Finding, most: int | None = None) -> str:
    """``户数 2130 户；办公面积 60 平方米``: the facts it reads that are known, then those that are not."""
    facts = assessment.ruleset.facts
    values = assessment.state.knowledge(facts).values
    names = finding.criterion.facts
    said = [f"{facts[n].label} {value_text(facts[n], values[n])}" for n in names if n in values]
    missing = [facts[n].label for n in names if n not in values]
    if missing:
        said.append(f"{'、'.join(missing)}未核实")
    return "；".join(said[:most])


def severity(finding: Finding) -> str:
    flag = finding.criterion.flag
    return SERIOUS[flag.kind if flag and finding.flag == "open" else ""]


def serious_first(assessment: Assessment) -> list[Gap]:
    """Gaps: open vetoes, open red lines, then by points."""
    order = list(SERIOUS.values())
    return sorted(assessment.gaps, key=lambda gap: (order.index(severity(gap.finding)), -gap.winnable))


def problems_list(dossier: Dossier) -> Table:
    """附件 1 问题清单: every gap, what it lacks, what the tasks do about it."""
    assessment = dossier.assessment
    facts = assessment.ruleset.facts
    values = assessment.state.knowledge(facts).values
    titles = module_titles(assessment)
    columns = (
        *(Column("测评类别", 10), Column("标准编号", 8), Column("测评项目", 10), Column("存在问题", 18)),
        *(Column("严重程度", 6), Column("现档次", 7), _points_column("失分"), Column("整改要求", 18)),
        *(Column("责任单位", 9), Column("整改措施", 18)),
    )
    rows = []
    for gap in serious_first(assessment):
        criterion = gap.finding.criterion
        tasks = dossier.tasks.for_criterion(criterion.id)
        lead = tasks[0].action.owner if tasks else criterion.owner
        what = "；".join(task.action.label for task in tasks)
        rows.append(
            (
                titles[criterion.module],
                criterion.id,
                criterion.title,
                recorded_text(gap, facts, values) or criterion.requirement,
                severity(gap.finding),
                levels_text(gap.finding.worst, gap.finding.best),
                points(gap.winnable),
                "；".join(f"到 {s.level} 档：{step_text(s, facts, values)}" for s in gap.steps[-1:]),
                "、".join(lead),
                what or dossier.tasks.remains.get(criterion.id, "本轮没有安排措施"),
            )
        )
    return _numbered("问题清单", columns, rows, "没有查出差距")


def owners_list(dossier: Dossier) -> Table:
    """附件 2 责任清单, grouped by lead unit in the order of their first task."""
    first = list(dict.fromkeys(task.lead for task in dossier.tasks.steps))
    columns = (
        *(Column("责任单位", 7), Column("配合单位", 9), Column("责任人", 6), Column("整改任务", 26)),
        *(Column("对应标准", 12), Column("完成时间", 9, "date"), Column("费用", 10), Column("工日", 5, "number")),
    )
    rows = [
        (
            task.lead,
            "、".join(task.others),
            "",
            task.action.label,
            ids_text(task),
            task.due,
            yuan_text(task.action.yuan),
            Fraction(task.action.effort_days),
        )
        for task in sorted(dossier.tasks.steps, key=lambda t: first.index(t.lead))
    ]
    return _numbered("责任清单", columns, rows)


def days_list(dossier: Dossier) -> Table:
    """附件 3 时限清单, by due day."""
    labels = {task.action.id: task.action.label for task in dossier.tasks.steps}
    columns = (
        *(Column("时限类别", 6), Column("开始时间", 9, "date"), Column("完成时间", 9, "date")),
        *(Column("需要", 5), Column("整改任务", 26), Column("责任单位", 9), Column("要先做完", 12)),
        *(_points_column("得分"), Column("备注", 9)),
    )
    rows = [
        (
            HORIZON[task.horizon],
            task.starts,
            task.due,
            lead_text(task.action.lead_days),
            task.action.label,
            "、".join(task.action.owner),
            "、".join(labels.get(id, id) for id in task.after),
            points(task.points),
            "先核实，可能不用做" if task.check_first else "",
        )
        for task in sorted(dossier.tasks.steps, key=lambda t: (t.due, t.starts))
    ]
    return _numbered("时限清单", columns, rows)


def tasks_table(dossier: Dossier) -> Table:
    """任务分解表: every criterion that a task moves, in the ruleset's order."""
    titles = module_titles(dossier.assessment)
    place = {f.criterion.id: n for n, f in enumerate(dossier.assessment.findings)}
    pairs = [(place[f.criterion.id], task, f) for task in dossier.tasks.steps for f in task.findings]
    columns = (
        *(Column("测评类别", 10), Column("测评项目", 12), Column("测评内容", 20), Column("测评方法", 9)),
        *(Column("整改措施", 22), Column("责任单位", 9), Column("责任人", 6), Column("完成时间", 9, "date")),
    )
    rows = [
        (
            titles[finding.criterion.module],
            f"{finding.criterion.id} {finding.criterion.title}",
            finding.criterion.requirement,
            "、".join(METHOD[m] for m in finding.criterion.methods),
            task.action.label,
            "、".join(task.action.owner),
            "",
            task.due,
        )
        for _, task, finding in sorted(pairs, key=lambda pair: pair[0])
    ]
    return _numbered("任务分解表", columns, rows)


def unknown_list(assessment: Assessment, most: int | None = None) -> Table:
    """未核实清单: facts to check, most points per minute first; the ``most`` worth checking."""
    ruleset, readings = assessment.ruleset, assessment.state.readings
    columns = (
        *(Column("实测项", 14), Column("怎么核", 22), Column("在哪里核", 8), Column("核查方式", 9)),
        *(Column("约需（分钟）", 6, "number"), _points_column("牵动分值"), Column("对应标准", 10)),
        Column("为什么没有数", 14),
    )
    rows = []
    for check in assessment.to_check[:most]:
        fact, reading = ruleset.facts[check.fact], readings.get(check.fact)
        rows.append(
            (
                fact.label,
                fact.ask,
                ruleset.places.get(fact.place, ""),
                METHOD[fact.method],
                check.minutes,
                check.stake / POINT,
                "、".join(check.criteria),
                reading.unknown if reading and reading.unknown else UNKNOWN[check.because],
            )
        )
    return _numbered("未核实清单", columns, rows, "没有，全部核实过")


def ids_text(task: Task) -> str:
    return "、".join(finding.criterion.id for finding in task.findings)
