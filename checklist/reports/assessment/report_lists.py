"""The tables of a result: modules, criteria, what nobody has checked; and which gaps come first."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from checklist.model.numbers import POINT, Number
from checklist.model.results.assessment import OUTCOMES, Assessment, Finding, Gap, Tally
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.language.gap_phrases import short_sites, sites_text
from checklist.reports.language.labels import FLAG, METHOD, OUTCOME, OUTCOME_SHORT, SEVERITY, UNKNOWN
from checklist.reports.language.phrases import levels_text, value_text

NUMBER: Final = Column("序号", 4, "number")


def points(value: Number) -> Fraction:
    return Fraction(value) / POINT


def points_column(title: str, width: int = 5) -> Column:
    return Column(title, width, "number", 2)


def numbered(title: str, columns: Iterable[Column], rows: Iterable[tuple[Content, ...]], empty: str = "没有") -> Table:
    return Table(title, (NUMBER, *columns), tuple((n, *row) for n, row in enumerate(rows, 1)), empty)


def module_titles(assessment: Assessment) -> dict[str, str]:
    return {m.id: m.title for m in assessment.ruleset.modules}


def modules_table(assessment: Assessment) -> Table:
    """Points by module; two columns for the two ends of the interval."""
    columns = (
        Column("测评模块", 14),
        *(points_column(name) for name in ("分值", "最低得分", "最高得分")),
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
        *(Column("测评方法", 9), points_column("分值"), Column("结论", 5), Column("档次", 6)),
        *(points_column("最低得分"), points_column("最高得分"), Column("现状", 26)),
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
    if finding.sites:
        told = sites_text(finding, assessment.ruleset), short_sites(finding, assessment.ruleset, alone=True)
        return "；".join(part for part in told if part)
    values = assessment.state.knowledge(facts).values
    names = finding.criterion.facts
    said = [f"{facts[n].label} {value_text(facts[n], values[n])}" for n in names if n in values]
    missing = [facts[n].label for n in names if n not in values]
    if missing:
        said.append(f"{'、'.join(missing)}未核实")
    return "；".join(said[:most])


def severity(finding: Finding) -> str:
    flag = finding.criterion.flag
    return SEVERITY[flag.kind if flag and finding.flag == "open" else ""]


def serious_first(assessment: Assessment) -> list[Gap]:
    """Gaps: open vetoes, open red lines, then by points."""
    order = list(SEVERITY.values())
    return sorted(assessment.gaps, key=lambda gap: (order.index(severity(gap.finding)), -gap.winnable))


def unknown_list(assessment: Assessment, most: int | None = None) -> Table:
    """未核实清单: facts to check, most points per minute first; the ``most`` worth checking."""
    ruleset, readings = assessment.ruleset, assessment.state.readings
    columns = (
        *(Column("实测项", 14), Column("怎么核", 22), Column("在哪里核", 8), Column("核查方式", 9)),
        *(Column("约需（分钟）", 6, "number"), points_column("牵动分值"), Column("对应标准", 10)),
        Column("为什么没有数", 14),
    )
    rows = []
    for check in assessment.to_check[:most]:
        fact, reading = ruleset.facts[check.fact], readings.get(check.fact)
        rows.append(
            (
                fact.label + (f"（{check.sites} 个点位）" if check.sites else ""),
                fact.ask,
                ruleset.places.get(fact.place, ""),
                METHOD[fact.method],
                check.minutes,
                check.stake / POINT,
                "、".join(check.criteria),
                reading.unknown if reading and reading.unknown else UNKNOWN[check.because],
            )
        )
    return numbered("未核实清单", columns, rows, "没有，全部核实过")
