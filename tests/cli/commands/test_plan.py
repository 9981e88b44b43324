"""``checklist plan`` and ``checklist next`` as users run them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from checklist.engine.planning import highs
from tests.conftest import ROOT, Run

pytest.importorskip("highspy")
TAOLI = "data/taoli/2023-04-15.yaml"
DONGHU = "data/donghu/2026-10-15.yaml"

WRONG = [
    (["--budget", "-5"], "预算不能是负数"),
    (["--budget", "很多"], "预算 很多 看不懂"),
    (["--days", "-1"], "工日不能是负数"),
    (["--by", "2020-01-01"], "之前"),
    (["--by", "明天"], "日期 明天 看不懂"),
    (["--target", "101"], "目标要在 0 到 100 分之间"),
    (["--target", "特优"], "目标 特优 看不懂"),
    (["--target", "nan"], "目标 nan 看不懂"),
    (["--must", "repair_lamp"], "是不是 repair_lamps"),
    (["--exclude", "没有的"], "没有 没有的 这项措施"),
    (["--must", "repair_lamps", "--exclude", "repair_lamps"], "又要做又不要做"),
    (["--owner", "路灯管理处"], "没有 路灯管理处 这个责任单位"),
    (["--must", "hand_cleaning_to_sanitation", "--budget", "1000"], "预算只有 1000 元"),
    (["--must", "hand_cleaning_to_sanitation", "--days", "1"], "限了 1 工日"),
    (["--must", "hand_cleaning_to_sanitation", "--by", "2026-10-20"], "到期限做不完"),
    (["--fewest"], "--fewest 要配 --to"),
    (["--shared"], "--shared 要写一共多少预算"),
    (["--each", "5"], "只配 --shared 用"),
    (["--shared", "--budget", "1万", "--each-cap", "1万"], "--each-cap 只配"),
    (["--format", "ppt"], "没有 ppt 这种形式"),
    (["--format", "pdf"], "pdf 要存成文件"),
    (["--format", "xlsx"], "xlsx 要存成文件"),
    (["--list", "红黑榜"], "没有 红黑榜 这种清单"),
    (["--shared", "--budget", "1万", "--target", "80"], "--shared 不和 --target"),
]


@pytest.mark.parametrize(("options", "says"), WRONG)
def test_wrong_use_is_answered_with_a_way_out(cli: Run, options: list[str], says: str) -> None:
    ran = cli("plan", DONGHU, *options)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_plan_to_a_grade(cli: Run, golden: object) -> None:
    ran = cli("plan", DONGHU, "--to", "良好")
    assert ran.code == 0
    golden("plan-donghu-good.txt", ran.out)  # type: ignore[operator]


def test_next_walk(cli: Run, golden: object) -> None:
    ran = cli("next", TAOLI, "--minutes", "40")
    assert ran.code == 0
    golden("next-taoli-40.txt", ran.out)  # type: ignore[operator]


def test_fewest_and_impossible(cli: Run, golden: object) -> None:
    ran = cli("plan", DONGHU, "--to", "76", "--fewest")
    assert ran.code == 0
    golden("plan-donghu-fewest.txt", ran.out)  # type: ignore[operator]
    ran = cli("plan", DONGHU, "--to", "优秀", "--fewest", "--by", "2026-10-20")
    assert ran.code == 0
    assert "到不了" in ran.out and "到期限做不完" in ran.out


def test_unreachable_target_is_an_answer_and_a_gate(cli: Run) -> None:
    ran = cli("plan", DONGHU, "--to", "优秀", "--by", "2026-10-20")
    assert ran.code == 0
    assert "到不了 90 分" in ran.out
    assert cli("plan", DONGHU, "--to", "优秀", "--by", "2026-10-20", "--fail-under", "90").code == 1
    assert cli("plan", DONGHU, "--to", "80", "--fail-under", "80").code == 0


def test_nothing_recorded(cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "empty.yaml"
    head = "community: {id: e, name: 空社区}\nruleset: civilized-city-community\nas_of: 2026-10-15\nfacts: {}\n"
    state.write_text(head, encoding="utf-8")
    ran = cli("plan", state)
    assert (ran.code, ran.out) == (5, "")
    assert "checklist next" in ran.err


def test_json_promise_is_exact_and_stdout_is_only_json() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from checklist.cli.app import main; main()", "plan", DONGHU, "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    data = json.loads(ran.stdout.decode("utf-8"))["plan"]
    assert data["proof"]["optimal"] and data["proof"]["solver"] == "highs"
    assert data["proof"]["value"] == data["score_after"]["exact_low"]
    assert {step["action"] for step in data["steps"]} and data["left_out"] == []


def test_same_question_same_bytes(cli: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        assert cli("plan", DONGHU, "--budget", "10万", "--format", "xlsx", "-o", path).code == 0
    assert first.read_bytes() == second.read_bytes()
    texts = [cli("plan", DONGHU, "--budget", "10万", "--format", "json").out for _ in range(2)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", ["问题清单", "责任清单", "时限清单", "任务分解表"])
def test_lists_on_screen_and_as_csv(cli: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    assert cli("plan", DONGHU, "--to", "76", "--list", name, "--format", "csv", "-o", path).code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0][0] == "序号" and len(rows) > 2
    assert all(len(row) == len(rows[0]) for row in rows)
    screen = cli("plan", DONGHU, "--to", "76", "--list", name)
    assert screen.code == 0 and screen.out.startswith(f"{name}（{len(rows) - 1} 行）")


def test_workbook_has_every_list(cli: Run, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    path = tmp_path / "plan.xlsx"
    assert cli("plan", DONGHU, "--to", "76", "--format", "xlsx", "-o", path).code == 0
    book = calamine.CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["方案概况", "问题清单", "责任清单", "时限清单", "任务分解表"]
    tasks = book.get_sheet_by_name("任务分解表").to_python()
    assert tasks[0][:5] == ["序号", "测评类别", "测评项目", "测评内容", "测评方法"]


def test_without_the_solver_it_says_so(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    ran = cli("plan", DONGHU, "--to", "良好")
    assert ran.code == 0
    assert 'pip install "civic-checklist[plan]"' in ran.err
    assert "没有用求解器" in ran.out
    ran = cli("plan", DONGHU, "--to", "良好", "--fewest")
    assert ran.code == 2 and "highspy" in ran.err


def test_narrow_and_gbk(cli: Run) -> None:
    for options in (["plan", DONGHU, "--all"], ["next", TAOLI], ["plan", "data", "--shared", "--budget", "10万"]):
        ran = cli(*options, "--width", "60")
        assert ran.code == 0
        ran.out.encode("gbk")


def test_known_only_leaves_unchecked_criteria_alone(cli: Run) -> None:
    plan = json.loads(cli("plan", TAOLI, "--known", "--format", "json").out)["plan"]
    whole = json.loads(cli("plan", TAOLI, "--format", "json").out)["plan"]
    assert 0 < len(plan["steps"]) < 30 < len(whole["steps"])
    assert sum(item["because"] == "unknown_only" for item in plan["left_out"]) > 200


def test_shared_budget(cli: Run) -> None:
    ran = cli("plan", "data", "--shared", "--budget", "10万", "--format", "json")
    shared = json.loads(ran.out)["shared"]
    assert 0 <= Fraction(shared["gap"]) < Fraction(1, 1000), "the bound proves all but a thousandth"
    assert sum(share["yuan"][1] for share in shared["shares"]) <= 100_000
    for share in shared["shares"]:
        assert [step["action"] for step in share["steps"]] == [id.partition("@")[0] for id in share["actions"]]


def test_a_shared_budget_is_tasks_that_can_be_handed_on(cli: Run, tmp_path: Path) -> None:
    """Every measure of every community with unit, day and price; what is bought adds up to what is spent."""
    asked = ("plan", "data", "--shared", "--budget", "20万", "--known")
    shares = json.loads(cli(*asked, "--format", "json").out)["shared"]["shares"]
    told = list(csv.DictReader(StringIO(cli(*asked, "--format", "csv").out.removeprefix("\ufeff"))))
    assert len(told) == sum(len(share["actions"]) for share in shares)
    assert sum(int(row["费用上限"]) for row in told) == sum(share["yuan"][1] for share in shares)
    assert all(row["社区"] and row["牵头单位"] and row["时限"] for row in told)
    assert cli(*asked, "-o", tmp_path / "任务.xlsx").code == 0
    book = CalamineWorkbook.from_path(str(tmp_path / "任务.xlsx"))
    assert book.sheet_names == ["任务表", "采购汇总", "各社区", "责任单位汇总"]
    rows = book.get_sheet_by_name("采购汇总").to_python()
    assert sum(int(str(row[rows[0].index("合计上限")]).removesuffix(".0")) for row in rows[1:]) == sum(
        share["yuan"][1] for share in shares
    )
    for title in ("问题清单", "责任清单", "时限清单", "任务分解表"):
        listed = cli(*asked, "--list", title, "--format", "csv")
        assert listed.code == 0 and "社区" in listed.out.splitlines()[0] and listed.out.count("\n") > 20, title


def test_what_follows_a_shared_budget_keeps_what_was_asked(cli: Run) -> None:
    asked = (
        "plan",
        "data",
        "--shared",
        "--budget",
        "20万",
        "--known",
        "--by",
        "2027-06-30",
        "--exclude",
        "repair_lamps",
    )
    out = "".join(cli(*asked, "--width", "400").out.split("\n")[-3:])
    command = out[out.index("checklist plan") :].strip().split()
    assert {"--known", "--by", "--exclude", "--start"} <= set(command)
    alone = json.loads(cli(*command[1:], "--format", "json").out)["plan"]["limits"]
    assert alone["known_only"] and alone["by"] == "2027-06-30" and alone["exclude"] == ["repair_lamps"]


def test_a_record_that_cannot_be_read_is_not_done(cli: Run, tmp_path: Path) -> None:
    for name in ("beimen", "cuihu"):
        shutil.copytree(ROOT / "data" / name, tmp_path / name)
    (tmp_path / "beimen" / "2026-11-15.yaml").write_text("facts: [\n", encoding="utf-8")
    ran = cli("plan", tmp_path, "--shared", "--budget", "1万", "--width", "200")
    assert ran.code == 3 and "读不进来，看的是 2026-10-15 的" in ran.out


def test_one_unit_in_a_row(cli: Run) -> None:
    """现在 + 多得 = 做完, as printed; and a rise is promised of that score."""
    out = cli("plan", "data", "--shared", "--budget", "10万", "--each", "2", "--all", "--width", "200").out
    rows = re.findall(r"^ *([\d.]+)(?:～[\d.]+)? +([\d.]+)(?:～[\d.]+)? +\+([\d.]+) ", out, re.MULTILINE)
    assert len(rows) == 6
    for was, now, more in rows:
        assert Decimal(was) + Decimal(more) == Decimal(now)


@pytest.mark.slow
def test_prior_can_be_changed(cli: Run) -> None:
    even = json.loads(cli("next", TAOLI, "--format", "json").out)["walk"]
    sure = json.loads(cli("next", TAOLI, "--prior", "1", "--prior", "potholes=0.2", "--format", "json").out)["walk"]
    assert sure["prior"] == {"good": "1", "facts": {"potholes": "1/5"}, "flag_points": "1.0000"}
    assert even["minutes"] <= 120 and float(even["expected_width"]) < float(even["width"])
    assert cli("next", TAOLI, "--prior", "2").code == 2
    assert cli("next", TAOLI, "--prior", "pothole=0.5").code == 2


def test_solver_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with highs.quiet_stdout():
        subprocess.run([sys.executable, "-c", "print('noise')"], check=True)
    assert capfd.readouterr().out == ""


def test_an_action_at_several_sites_names_a_criterion_once(cli: Run) -> None:
    ran = cli("plan", "data/hechi", "--to", "优秀", "--all", "--width", "200")
    line = next(line for line in ran.out.splitlines() if "ENV-02" in line and "→" in line)
    assert ran.code == 0 and line.count("ENV-02") == 1 and "无档 → A 档、B 档 → A 档" in line
