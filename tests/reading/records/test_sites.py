"""Records with sites: what is read, what it comes to, and every mistake at its place with the way out."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from checklist import assess
from checklist.files.loading import load_ruleset, load_states
from checklist.keeping.records.record_text import state_text
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reading.records.state_file import read_state
from checklist.reading.yaml.yaml_file import parse_yaml
from tests.conftest import Run
from tests.support.places import ROOT

HEAD = "community: {id: x, name: 测试社区}\nruleset: small\nas_of: 2026-03-01\n"
A, B = "{id: a, kind: estate, name: A区, facts: {todo: 0}}", "{id: b, kind: estate, name: B区, facts: {todo: 4}}"
C = "{id: c, kind: estate, name: C区, facts: {todo: 1}}"


def sites(*some: str, total: str = "{estate: 3}") -> str:
    return f"{HEAD}total: {total}\nsites:\n" + "".join(f"  - {one}\n" for one in some)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ruleset:
    """The small ruleset with M-01 graded per estate."""
    folder = tmp_path / "rules" / "small"
    shutil.copytree(ROOT / "tests" / "bad" / "rules" / "clean", folder)
    shutil.copy(ROOT / "tests" / "bad" / "rules" / "E340-no-such-kind" / "small" / "ruleset.yaml", folder)
    text = (folder / "M.yaml").read_text(encoding="utf-8").replace("  points: 1\n", "  points: 1\n  per: estate\n")
    (folder / "M.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return load_ruleset(folder)


def read(rules: Ruleset, text: str) -> tuple[State, list[tuple[str, str]]]:
    state, problems = read_state(parse_yaml(text, "a.yaml"), rules, date(2026, 6, 1))
    assert state is not None, problems
    return state, [(p.code, p.says) for p in problems]


def test_one_pile_in_one_of_three_estates_costs_its_third(rules: Ruleset) -> None:
    state, problems = read(rules, sites(A, B, C))
    assert problems == []
    finding = assess(rules, state).finding("M-01")
    assert (finding.low, finding.high, finding.outcome) == (5533, 5533, "partly")  # (1 + 0 + 0.66) / 3
    assert finding.levels == {"A": 1, None: 1, "B": 1}
    assert (finding.best, finding.worst) == (None, None)


def test_sites_in_the_total_that_are_not_listed_are_unknown_not_clean(rules: Ruleset) -> None:
    state, problems = read(rules, sites(A, total="{estate: 4}"))
    finding = assess(rules, state).finding("M-01")
    assert problems == []
    assert (finding.low, finding.high, finding.outcome, finding.settled) == (2500, 10_000, "unknown", 2500)


def test_without_sites_the_community_is_the_one_site(rules: Ruleset) -> None:
    state, problems = read(rules, f"{HEAD}facts: {{todo: 1}}\n")
    finding = assess(rules, state).finding("M-01")
    assert (problems, finding.low, finding.sites) == ([], 6600, ())


def test_none_with_a_reason_leaves_both_sides(rules: Ruleset) -> None:
    state, problems = read(rules, f"{HEAD}total: {{estate: {{count: 0, reason: 辖区没有小区}}}}\n")
    finding = assess(rules, state).finding("M-01")
    assert (problems, finding.outcome, finding.reason) == ([], "not_applicable", "辖区没有小区")


def test_a_site_counts_from_the_day_it_opens_until_before_it_closes(rules: Ruleset) -> None:
    closed = B.replace("name: B区", "name: B区, closed: 2026-03-01")
    later = C.replace("name: C区", "name: C区, opened: 2026-03-02")
    state, problems = read(rules, sites(A, closed, later, total="{estate: 1}"))
    assert problems == []
    assert [s.id for s in state.sites_of("estate")] == ["a"]
    assert [s.id for s in state.on_day(date(2026, 2, 28)).sites_of("estate")] == ["a", "b"]
    assert assess(rules, state).finding("M-01").low == 10_000


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (sites(A, B.replace("estate", "estat")), "E340", "没有 estat 这一类点位"),
        (sites(A, B.replace("id: b", "id: a")), "E241", "点位编号 a 用了两次"),
        (sites(A, B, total="{estate: 1}"), "E242", "列了 2 个小区，总数写的是 1"),
        (f"{HEAD}total: {{estate: 3}}\nfacts: {{todo: 0}}\n", "E243", "写了 3 个小区，一个也没有列"),
        (sites(A, total="{}"), "E243", "列了小区，没有写一共几个"),
        (f"{HEAD}total: {{estate: 0}}\n", "E243", "写了没有小区，没有写为什么"),
        (sites(A) + "facts: {todo: 9}\n", "E244", "“还差几处”是小区的实测项，列了小区就不写在社区"),
        (sites(A, B.replace("todo: 4", "done: true")), "E244", "“已经做了”不是小区的实测项，写在B区不算"),
        (sites(A, B.replace("name: B区", "name: B区, opened: 2026-02-01, closed: 2026-01-01")), "E245", "就不算了"),
        (sites(A, B.replace("todo: 4", "todoo: 4")), "E204", "没有这个实测项 todoo"),
        (sites(A, B.replace("todo: 4", "todo: 很多")), "E211", ""),
        (sites(A, B.replace(", name: B区", "")), "E202", "缺少 name"),
        (sites(A).replace("{estate: 3}", "{estate: 三}"), "E201", ""),
        (sites(A, B[:-1] + ", defects: {done: [{id: d, found: 2026-02-01}]}}"), "E246", "不是数问题的个数"),
        (sites(A, B[:-1] + ", defects: {todo: [{id: d, found: 2026-04-01}]}}"), "E245", "晚于现状日期"),
    ],
)
def test_a_mistake_costs_what_it_stands_in_and_nothing_else(text: str, code: str, says: str, rules: Ruleset) -> None:
    state, problems = read(rules, text)
    assert [c for c, _ in problems] == [code] and says in problems[0][1]
    finding = assess(rules, state).finding("M-01")
    assert any(at.site is not None and at.site.id == "a" for at in finding.sites) is ("sites:" in text)


def test_a_site_fact_in_the_community_counts_nowhere(rules: Ruleset) -> None:
    state, _ = read(rules, sites(A, total="{estate: 1}") + "facts: {todo: 9}\n")
    assert "todo" not in state.readings and assess(rules, state).finding("M-01").low == 10_000


DEFECTS = "[{id: p1, where: 3号楼, what: 纸箱, found: 2026-02-01}, {id: p2, found: 2026-02-01, closed: 2026-02-20}]"


@pytest.mark.parametrize(
    ("written", "codes", "ends"),
    [("todo: 3", [], (0, 0)), ("todo: 1", [], (6600, 6600)), ("todo: 0", ["E247"], (0, 6600)), ("", [], (0, 6600))],
)
def test_a_number_is_at_least_its_open_defects(
    written: str, codes: list[str], ends: tuple[int, int], rules: Ruleset
) -> None:
    """One is open, one closed: a written number below one is refused, none written leaves at least one."""
    site = f"{{id: a, kind: estate, name: A区, facts: {{{written}}}, defects: {{todo: {DEFECTS}}}}}"
    state, problems = read(rules, sites(site, total="{estate: 1}"))
    assert [code for code, _ in problems] == codes
    assert all("写的是 0，没销的问题点有 1 处" in says for _, says in problems)
    finding = assess(rules, state).finding("M-01")
    assert (finding.low, finding.high) == ends


def test_a_record_written_anew_keeps_its_sites(rules: Ruleset) -> None:
    state, _ = read(rules, sites(A, B[:-1] + f", opened: 2026-01-01, defects: {{todo: {DEFECTS}}}}}"))
    again, problems = read(rules, state_text(state, rules))
    assert problems == []
    before, after = (assess(rules, one).finding("M-01") for one in (state, again))
    assert (after.low, after.high, after.levels) == (before.low, before.high, before.levels)
    assert [s.id for s in again.sites] == ["a", "b"] and again.sites[1].defects["todo"][0].place == "3号楼"


def test_screens_and_json_name_the_sites(rules: Ruleset, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(sites(A, B, C, total="{estate: 5}"), encoding="utf-8")
    loaded = load_states(["a.yaml"], ruleset=rules)
    assert not loaded.problems
    seen = cli("assess", "a.yaml", "--rules", "rules/small", "--width", "160")
    assert "另有 2 个没列出来，按未核实评" in seen.out
    why = cli("explain", "M-01", "a.yaml", "--rules", "rules/small", "--width", "160").out
    assert "5 个小区：A 档 1 个，B 档 1 个，无档 1 个，未定 2 个" in why and "最差的一处：B区" in why
    (tmp_path / "b.yaml").write_text(sites(A, B, C), encoding="utf-8")
    gaps = cli("assess", "b.yaml", "--rules", "rules/small", "--width", "160").out
    assert "3 个小区里 2 个没有全达标（B区、C区）：B区还差几处 4 处" in gaps
    found = json.loads(cli("assess", "b.yaml", "--rules", "rules/small", "--format", "json").out)
    finding = found["assessments"][0]["findings"][0]
    assert finding["sites"]["levels"] == {"A": 1, "none": 1, "B": 1}
    assert [one["id"] for one in finding["sites"]["findings"]] == ["a", "b", "c"]


def test_stale_readings_are_told_with_their_site(rules: Ruleset, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(sites(A, B, C), encoding="utf-8")
    seen = cli("fresh", "a.yaml", "--rules", "rules/small", "--as-of", "2026-05-01", "--width", "160").out
    assert "B区还差几处" in seen and "已过期 3 项" in seen


def test_a_case_may_have_sites(rules: Ruleset, cli: Run, tmp_path: Path) -> None:
    case = (
        "- name: 三个小区一个有\n  total: {estate: 3}\n  sites:\n"
        "    - {id: a, kind: estate, name: 甲, facts: {todo: 1}}\n"
        "    - {id: b, kind: estate, name: 乙, facts: {todo: 0}}\n"
        "    - {id: c, kind: estate, name: 丙, facts: {todo: 0}}\n"
        "  expect: {M-01: {points: 0.8867, outcome: partly}}\n"
    )
    (tmp_path / "rules" / "small" / "cases" / "sites.yaml").write_text(case, encoding="utf-8")
    ran = cli("check", "rules/small")
    assert (ran.code, ran.out.strip()) == (0, "没有发现错误")
    tried = cli("test", "rules/small")
    assert tried.code == 0, tried


def test_the_new_keys_survive_the_workbook(rules: Ruleset, cli: Run, tmp_path: Path) -> None:
    assert cli("rules", "export", "--rules", "rules/small", "-o", "规则.xlsx").code == 0
    shutil.move(tmp_path / "rules" / "small", tmp_path / "before")
    assert cli("rules", "import", "规则.xlsx", "-o", "rules/small").code == 0
    again = load_ruleset(tmp_path / "rules" / "small")
    assert again.site_kinds == rules.site_kinds and again.criterion("M-01").per == "estate"


def test_a_kind_that_the_shipped_rules_do_not_have(cli: Run, tmp_path: Path) -> None:
    text = sites(A.replace("kind: estate", "kind: school")).replace(
        "ruleset: small", "ruleset: civilized-city-community"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    ran = cli("check", tmp_path / "a.yaml")
    assert ran.code == 3 and "E340" in ran.out
