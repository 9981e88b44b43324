"""What a newcomer ran into: odd targets, folders, streams and command lines."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import FilesHaveProblems, assess, load_state
from checklist.cli.commands.assess import _code
from checklist.cli.inputs import day, today
from checklist.files.loading import state_files
from checklist.files.writing import CannotWrite, write_atomic
from checklist.model.results.assessment import OUTCOMES, Tally
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, State
from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "管道"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomic(pipe, b"abc")
    reader.join(5)
    assert read == [b"abc"] and stat.S_ISFIFO(pipe.stat().st_mode) and os.listdir(tmp_path) == ["管道"]


def test_a_link_stays_and_the_file_behind_it_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "里").mkdir()
    file, link = tmp_path / "里" / "a.txt", tmp_path / "b.txt"
    file.write_bytes(b"old")
    file.chmod(0o600)
    link.symlink_to(file)
    write_atomic(link, b"new")
    assert link.is_symlink() and file.read_bytes() == b"new" and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_to_nothing_yet_makes_the_file_it_names(tmp_path: Path) -> None:
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    write_atomic(tmp_path / "b.txt", b"new")
    assert (tmp_path / "b.txt").is_symlink() and (tmp_path / "a.txt").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["", "长" * 300])
def test_what_cannot_be_written_is_said_in_chinese(name: str, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"文件夹|太长"):
        write_atomic(tmp_path / name, b"x")
    assert not os.listdir(tmp_path)


HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"
AREA = HEAD + "facts:\n  office_area_m2: 60\n"


def test_two_records_of_one_day_are_told_and_not_dropped_in_silence(cli: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(AREA, encoding="utf-8")
    for command in ("assess", "check"):
        ran = cli(command, tmp_path)
        assert ran.code == 3 and "E332" in ran.out + ran.err
        unwrapped = "".join((ran.out + ran.err).split())
        assert "a.yaml" in unwrapped and "b.yaml" in unwrapped


@pytest.mark.parametrize("name", ["a.yml", "A.YAML", "里/a.Yml"])
def test_every_usual_ending_is_found_in_a_folder(name: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(AREA, encoding="utf-8")
    assert cli("assess", tmp_path).code == 0


def test_what_is_no_state_is_passed_over(cli: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "rules/ruleset.yaml", "rules/facts/ENV.yaml", ".旧/b.yaml", "LEDGER.yml", "community.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(AREA, encoding="utf-8")
    assert state_files(tmp_path) == [tmp_path / "a.yaml"]
    assert state_files(tmp_path / "rules") == []


def test_a_folder_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:  # the tests may run as root, whom no folder refuses
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refuse)
    assert state_files(tmp_path) == [tmp_path]


@pytest.mark.parametrize("format", ["screen", "json"])
def test_nothing_to_check_is_not_nothing_wrong(format: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    ran = cli("check", tmp_path, "--format", format)
    assert ran.code == 5 and "没有发现错误" not in ran.out and "没有现状记录" in ran.err


def test_a_folder_without_states_is_a_problem_for_callers_too(tmp_path: Path) -> None:
    with pytest.raises(FilesHaveProblems, match="没有现状记录"):
        load_state(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--top", "many"), "要填整数，如 80（最小 0）"),
        (("--fail-under", "八十"), "要填数字，如 80"),
        (("--quiet=1",), "--quiet 后面不写值"),
        (("--hlep",), "是不是 --help？"),
        (("--fail-on", ","), "没有写情形"),
        (("--as-of", "26-03-01"), "年份写四位"),
        (("--as-of", "2026年2月30日"), "不存在"),
    ],
)
def test_a_command_line_gone_wrong_is_told_in_chinese(arguments: tuple[str, ...], says: str, cli: Run) -> None:
    ran = cli("assess", TAOLI, *arguments)
    assert ran.code == 2 and says in ran.err
    assert not re.search(r"Invalid|not a valid|Got |Option ", ran.err)


def test_too_many_words_are_told_in_chinese(cli: Run) -> None:
    ran = cli("explain", "FAC-01", TAOLI, "多")
    assert ran.code == 2 and "多写了 多" in ran.err and "unexpected" not in ran.err
    assert "是不是 --help？" in cli("--hlep").err


@pytest.mark.parametrize("written", ["2026年3月1日", "20260301", "2026/3/1", "2026.03.01", " 2026-3-1 "])
def test_a_day_as_people_write_it(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", written)
    assert day(written) == today() == date(2026, 3, 1)


@pytest.mark.parametrize("fixed", ["2026-13-01", "today", "明天"])
def test_a_fixed_day_that_is_none_is_wrong_usage(fixed: str, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", fixed)
    ran = cli("assess", TAOLI)
    assert ran.code == 2 and "CHECKLIST_TODAY" in ran.err


@pytest.mark.parametrize("columns", ["¹", "", "９" * 30, "-1", "x"])
def test_a_strange_terminal_width_is_ignored(columns: str, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert cli("assess", TAOLI).code == 0


def test_a_chinese_comma_parts_gates(cli: Run) -> None:
    assert cli("assess", "data/cuihu", "--fail-on", "unknown，veto、redline").code == 0


def test_quiet_still_writes_the_file(cli: Run, tmp_path: Path) -> None:
    ran = cli("assess", TAOLI, "--quiet", "-o", tmp_path / "a.txt")
    assert ran.out == "" and "桃李" in (tmp_path / "a.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["assess", "check", "explain"])
def test_a_path_that_is_too_long(command: str, cli: Run) -> None:
    before = ("FAC-01",) if command == "explain" else ()
    ran = cli(command, *before, "长" * 200)
    assert ran.code == 3 and "太长" in ran.err


def test_a_folder_that_cannot_be_made(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    ran = cli("schema", "-o", tmp_path / "文件" / "里")
    assert ran.code == 2 and "写不进去" in ran.err


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    script = command.replace("CHECKLIST", f"{sys.executable} -m checklist")
    return subprocess.run(["bash", "-c", script], capture_output=True, env={**os.environ, **environment}, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_a_result_that_cannot_be_written_is_no_bug_of_ours(where: str) -> None:
    for options in ("", " --format json"):
        ran = shell(f"CHECKLIST assess {TAOLI}{options} {where}")
        assert ran.returncode == 2 and "结果写不出去" in ran.stderr.decode() and b"Exception" not in ran.stderr
    assert shell(f"CHECKLIST assess {TAOLI} --quiet {where}").returncode == 0
    assert shell("CHECKLIST >&- 2>&-").returncode == 2


def test_a_reader_that_leaves_changes_nothing() -> None:
    ran = shell(f"CHECKLIST assess {TAOLI} --format json --all --fail-under 97 | head -c 1; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == b"{1\n" and b"Exception" not in ran.stderr
    ran = shell(f"CHECKLIST assess {TAOLI} --all | true; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == b"0\n" and b"Exception" not in ran.stderr


def test_json_is_utf8_whatever_the_console() -> None:
    plain = shell(f"CHECKLIST assess {TAOLI} --format json", PYTHONIOENCODING="ascii").stdout
    assert "桃李" in plain.decode("utf-8") and b"?" not in plain
    assert json.loads(plain) == json.loads(shell(f"CHECKLIST assess {TAOLI} --format json").stdout)


@pytest.mark.parametrize(
    ("facts", "says"), [("", "还没有核实过任何一项"), ("facts:\n  households: 900\n", "还没有一项标准能下结论")]
)
def test_nothing_decided_is_said_as_it_is(facts: str, says: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + facts, encoding="utf-8")
    ran = cli("assess", tmp_path)
    assert ran.code == 5 and says in ran.err


def test_one_decided_veto_without_points_is_something(ruleset: Ruleset) -> None:
    tally = Tally(0, 100, 100, 0, dict.fromkeys(OUTCOMES, 0) | {"met": 1, "unknown": 3})
    state = State(Community("x", "甲"), ruleset.id, date(2026, 3, 1), {})
    some = replace(assess(ruleset, state), total=tally)
    assert _code([some], None, ()) == 0
    none = replace(some, total=Tally(0, 0, 0, 0, dict.fromkeys(OUTCOMES, 0) | {"not_applicable": 4}))
    assert _code([none], Fraction(60), ("unmet",)) == 5
    assert _code([some, none], Fraction(0), ()) == 0


def told(cli: Run, folder: Path, text: str) -> str:
    """All that ``check`` says of a record with this text after its head, without the line breaks."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    ran = cli("check", folder / "a.yaml", "--width", "200")
    assert ran.code == 3, ran
    return ran.out.replace("\n", "")


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        ("社区办公服务用房面积: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("办公服务用房: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("社区办公服务用房的面积: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("ofice_area_m2: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("office_area_m2: 60 平方米", "去掉单位、逗号、引号"),
        ('office_area_m2: "60"', "去掉单位、逗号、引号"),
        ("households: 1,200", "去掉单位、逗号、引号"),
        ("households: 很多", "现在是“很多”"),
        ("households: [1, 2]", "现在是一个列表"),
        ("households: {}", "括号里什么也没有写"),
        ("households: {unknown: }", "unknown 后面没有写原因"),
    ],
)
def test_a_fact_gone_wrong_shows_the_way_out(fact: str, says: str, cli: Run, tmp_path: Path) -> None:
    assert says in told(cli, tmp_path, f"{HEAD}facts:\n  {fact}\n")


def test_words_of_yes_and_no_are_led_to_true_and_false(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    fact = next(f for f in ruleset.facts.values() if f.type == "bool")
    out = told(cli, tmp_path, f"{HEAD}facts:\n  {fact.id}: 是\n")
    assert "只能写 true 或 false" in out and "是写 true，否写 false" in out and "应填是" not in out


@pytest.mark.parametrize(
    ("head", "usable"),
    [
        (HEAD.replace("id: x, ", ""), False),
        (HEAD.replace("2026-03-01", "三月"), False),
        (HEAD + "not_applicable:\n  NBR-02: 没有市场\n", True),
        (HEAD + "not_applicable: 无\n", True),
    ],
)
def test_a_mistake_at_the_top_does_not_hide_those_below(head: str, usable: bool, cli: Run, tmp_path: Path) -> None:
    out = told(cli, tmp_path, head + "facts:\n  ofice_area_m2: 60\n  households: 很多\n  office_area_m2: 60\n")
    assert "E204" in out and "E211" in out and "共 3 处错误" in out
    ran = cli("assess", tmp_path / "a.yaml")
    assert ran.code == 3 and ("FAC-01" in ran.out) is usable


def test_a_reason_alone_is_shown_how_to_be_written(cli: Run, tmp_path: Path) -> None:
    out = told(cli, tmp_path, HEAD + "not_applicable:\n  NBR-02: 没有市场\n")
    assert "写成 NBR-02: {reason: 没有市场}" in out
