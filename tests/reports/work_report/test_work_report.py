"""What a work report says: the genre's order, recorded facts only, what is unknown said to be unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from checklist.model.rules.ruleset import Ruleset
from checklist.reports.assessment.brief import brief
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import facts_text
from checklist.reports.document.document import CUT, LONGEST, Block, Document, Heading, Table, Text, tidy
from checklist.reports.document.numbering import chinese
from checklist.reports.exchange.assessment_json import assessments_json
from checklist.reports.language.gap_phrases import recorded_text, way_up_text
from checklist.reports.work_report.work_report import work_report
from checklist.reports.work_report.work_report_progress import TOPICS
from tests.conftest import Run
from tests.support.dossiers import HOSTILE, INVISIBLE, LONG

ORDER = ["基本情况", "工作开展情况及成效", "测评得分与存在问题", "整改方案", "需要上级协调的事项", "下一步打算"]


def texts(paper: Document) -> Iterator[str]:
    yield from (paper.title, paper.subtitle, paper.signed, *paper.notes)
    blocks: list[Block] = [*paper.parts, *(b for a in paper.attachments for b in a.parts)]
    for block in blocks:
        match block:
            case Heading(text, _):
                yield text
            case Text(text, lead, _):
                yield lead + text
            case Table(title, _, rows, _):
                yield title
                yield from (cell for row in rows for cell in row if isinstance(cell, str))


def body(paper: Document) -> str:
    return "\n".join(b.lead + b.text for b in paper.parts if isinstance(b, Text))


def test_the_genres_order(taoli: Dossier) -> None:
    heads = [b.text for b in work_report(taoli).parts if isinstance(b, Heading) and b.level == 1]
    assert heads == [f"{chinese(n)}、{title}" for n, title in enumerate(ORDER, 1)]


def test_the_three_lists_are_attached(taoli: Dossier) -> None:
    titles = [a.title for a in work_report(taoli).attachments]
    assert titles[:3] == ["问题清单", "责任清单", "时限清单"]


def test_seed_topics_appear_when_their_facts_do(taoli: Dossier, empty: Dossier) -> None:
    def heads(dossier: Dossier) -> list[str]:
        return [b.text for b in work_report(dossier).parts if isinstance(b, Heading) and b.level == 2]

    for topic in TOPICS.values():
        assert any(topic in head for head in heads(taoli))
        assert not any(topic in head for head in heads(empty))


def test_what_changed_since_the_earlier_record(taoli: Dossier) -> None:
    said = body(work_report(taoli))
    assert "已装的路灯由 2 盏变为 23 盏" in said
    assert "马路市场仍在经营由 是变为 否" in said


def test_unknown_is_said_to_be_unknown(taoli: Dossier, empty: Dossier) -> None:
    said = body(work_report(taoli))
    assert "报告写影响施工的违建要拆，没写拆了几处、剩几处" in said
    nothing = body(work_report(empty))
    assert "还没有记录任何实测项" in nothing
    assert "还没有核实过任何一条标准，问题不明" in nothing
    assert "户数、人口等基本数据没有记录" in nothing


def test_every_gap_is_in_the_problems_list_flags_first(weak: Dossier) -> None:
    table = work_report(weak).attachments[0].parts[0]
    assert isinstance(table, Table)
    ids = [row[2] for row in table.rows]
    assert sorted(map(str, ids)) == sorted(g.finding.criterion.id for g in weak.assessment.gaps)
    opened = [f.criterion.id for f in weak.assessment.verdict.open_redlines]
    assert set(ids[: len(opened)]) == set(opened)


def test_every_task_has_a_unit_and_a_day(weak: Dossier) -> None:
    owners = work_report(weak).attachments[1].parts[0]
    assert isinstance(owners, Table)
    assert len(owners.rows) == len(weak.tasks.steps)
    assert all(row[1] and row[6] for row in owners.rows)


@pytest.mark.parametrize("name", ["taoli", "weak", "empty", "sited"])
def test_no_figure_is_invented(name: str, request: pytest.FixtureRequest, ruleset: Ruleset) -> None:
    """Every number in the report stands in the record, in the rules, or is a count, sum or day derived from them."""
    dossier: Dossier = request.getfixturevalue(name)
    known = {number for text in _sources(dossier, ruleset) for number in _numbers(text)}
    unexplained = {n for n in _numbers(body(work_report(dossier))) if n not in known}
    assert unexplained == set()


def _numbers(text: str) -> set[str]:
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    return {n.replace(",", "").lstrip("0") or "0" for n in found} | {
        n.replace(",", "").rstrip("0").rstrip(".") for n in found if "." in n
    }


def two(points: int) -> str:
    """Ten-thousandths with two decimals, half up."""
    return f"{(points + 50) // 100 / 100:.2f}"


def _sources(dossier: Dossier, ruleset: Ruleset) -> Iterator[str]:
    a, tasks = dossier.assessment, dossier.tasks
    for assessment in (a, dossier.earlier, tasks.after):
        if assessment is not None:
            yield assessments_json([assessment])
    yield from (c.title + c.requirement + f"{two(c.points)} {c.id}" for c in ruleset.criteria)
    yield from (clause.text for c in ruleset.criteria for clause in c.phrases.clauses)
    yield from (f.label + f.unit + "".join(f.options.values()) for f in ruleset.facts.values())
    yield from (f"{x.label} {x.lead_days}" for x in ruleset.actions.values())
    yield ruleset.title + ruleset.edition + "满分 100，3 天，30 天"
    tallies = [*(m.tally for m in a.modules), a.total]
    yield from (f"{two(t.low)} {two(t.high)} {two(t.possible)}" for t in tallies)
    yield from (f"{two(f.low)} {two(f.high)}" for f in a.findings)
    yield from (f"{two(t.within)} {t.due:%Y %m %d}" for t in tasks.steps)
    yield " ".join(f"{r.on:%Y %m %d}" for r in a.state.readings.values()) + f" {a.as_of:%Y %m %d}"
    yield from _phrases(dossier)
    yield from _sums(dossier)
    yield " ".join(map(str, _counts(dossier)))


def _phrases(dossier: Dossier) -> Iterator[str]:
    """Measured numbers as the terminal prints them: shares and ratios of recorded facts."""
    a = dossier.assessment
    yield from (facts_text(a, f) for f in a.findings)
    yield from (recorded_text(g, a.ruleset) for g in a.gaps)
    yield from (way_up_text(g, s, a.ruleset) for g in a.gaps for s in g.steps)


def _sums(dossier: Dossier) -> Iterator[str]:
    a, tasks = dossier.assessment, dossier.tasks
    yield two(sum(g.winnable for g in a.gaps))
    yield two(sum(f.high - f.low for f in a.findings if f.outcome == "unknown"))
    yield str(sum(c.minutes for c in a.to_check))
    yield " ".join(f"{yuan} {two(yuan)}" for yuan in tasks.yuan)
    yield f"{float(sum(t.action.effort_days for t in tasks.steps)):.2f}"
    yield f"{float(a.coverage * 100):.1f}"


def _counts(dossier: Dossier) -> Iterator[int]:
    a, steps = dossier.assessment, dossier.tasks.steps
    yield from range(1, 61)  # ordinals of paragraphs and attachments, and how many a sentence lists
    yield from map(len, (a.findings, a.gaps, a.to_check, steps, a.state.readings))
    yield sum(r.value is not None for r in a.state.readings.values())
    yield from a.total.outcomes.values()
    for horizon in ("immediate", "short", "long"):
        yield sum(t.horizon == horizon for t in steps)
        yield sum(t.horizon == horizon and not t.clears_flag for t in steps)
        yield sum(t.horizon == horizon for t in steps) - 10  # 其余 n 项见附件
    later = a.state.on_day(a.as_of + timedelta(days=30))
    facts = a.ruleset.facts.values()
    yield sum(a.state.why_unknown(f) is None and later.why_unknown(f) == "stale" for f in facts)


@pytest.mark.parametrize("make", [work_report, brief])
def test_hostile_text_is_tamed_before_any_format_sees_it(make: object, hostile: Dossier) -> None:
    assert callable(make)
    for text in texts(make(hostile)):
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]",
            text,
        )
        assert len(text) <= LONGEST * 6 + len(CUT)


def test_a_long_remark_is_cut_and_says_so() -> None:
    assert tidy(LONG).endswith(CUT)
    assert tidy("短") == "短"
    assert tidy(INVISIBLE) == "反转[31m红"
    assert "<script>" in tidy(HOSTILE), "markup stays text; formats escape it"


def test_an_invented_community_says_so_everywhere(ruleset: Ruleset, weak: Dossier) -> None:
    assert "示例数据" in work_report(weak).title
    assert "示例数据" in brief(weak).title


def test_what_lies_at_sites_is_added_up_for_the_opening(cli: Run, tmp_path: Path) -> None:
    assert cli("report", "data/hechi", "--to", "md", "-o", tmp_path / "a.md").code == 0
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "住宅楼栋数 44 栋" in text and "住宅楼栋数没有核实" not in text
