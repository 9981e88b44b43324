"""Commands as users call them: streams, exit codes, options, mistakes in the command line."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"
HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"


def test_no_argument_shows_what_there_is(cli: Run) -> None:
    ran = cli()
    assert ran.code == 0 and "assess" in ran.out and "checklist assess --example" in ran.out


@pytest.mark.parametrize("command", ["assess", "explain", "check", "test", "schema", "rules"])
def test_every_command_has_help_in_chinese(command: str, cli: Run) -> None:
    ran = cli(command, "--help")
    assert ran.code == 0 and ran.out.startswith(f"用法：checklist {command}") and "Show this" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("asess", "x"), "是不是 assess？"),
        (("assess", TAOLI, "--tpo", "3"), "是不是 --top？"),
        (("assess", TAOLI, "--top", "many"), "--top 的值不对"),
        (("assess", TAOLI, "--top"), "--top 后面要写值"),
        (("assess",), "还要写现状记录"),
        (("assess", TAOLI, "--format", "pdf"), "没有 pdf 这种形式"),
        (("assess", TAOLI, "--module", "XYZ"), "没有 XYZ 这个模块"),
        (("assess", TAOLI, "--as-of", "昨天"), "日期 昨天 看不懂"),
        (("assess", TAOLI, "--fail-under", "120"), "0 到 100"),
        (("assess", TAOLI, "--fail-on", "rain"), "没有 rain"),
        (("assess", TAOLI, "--width", "10"), "--width 最少"),
        (("assess", TAOLI, "--rules", "civilised-city"), "是不是 civilized-city-community"),
        (("assess", TAOLI, "-o", "no/such/folder/x.txt"), "没有 no/such/folder 这个文件夹"),
        (("explain",), "还要写 标准编号"),
        (("explain", "FAC-99", TAOLI), "FAC-"),
        (("explain", "办公", TAOLI), "FAC-01"),
        (("explain", "FAC-01", "data"), "一次看一个"),
        (("rules", "shwo"), "show"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_way_out(arguments: tuple[str, ...], says: str, cli: Run) -> None:
    ran = cli(*arguments)
    assert ran.code == 2 and says in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("state", "options", "code"),
    [
        ("data/cuihu", ("--fail-under", "90"), 0),
        ("data/cuihu", ("--fail-under", "99"), 1),
        (TAOLI, ("--fail-under", "90"), 4),
        (TAOLI, ("--fail-under", "97"), 1),
        (TAOLI, ("--fail-under", "0"), 0),
        ("data/beimen", ("--fail-on", "redline"), 1),
        ("data/beimen", ("--fail-on", "veto"), 0),
        (TAOLI, ("--fail-on", "veto"), 4),
        (TAOLI, ("--fail-on", "unknown"), 1),
        ("data/cuihu", ("--fail-on", "unknown,veto,redline"), 0),
        (TAOLI, ("--fail-on", "unmet"), 1),
    ],
)
def test_gates(state: str, options: tuple[str, ...], code: int, cli: Run) -> None:
    ran = cli("assess", state, "--quiet", *options)
    assert (ran.code, ran.out) == (code, "")


@pytest.mark.parametrize("typed", ["FAC-01", "fac-01", "FAC-1", "fac1"])
def test_a_criterion_is_found_however_its_number_is_typed(typed: str, cli: Run) -> None:
    assert cli("explain", typed, TAOLI).out.startswith("FAC-01")


def test_a_record_without_facts_is_exit_5(cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "a.yaml"
    state.write_text(HEAD, encoding="utf-8")
    ran = cli("assess", state)
    assert ran.code == 5 and "核查率 0%" in ran.out


def test_json_is_alone_on_stdout_and_exact(cli: Run) -> None:
    ran = cli("assess", TAOLI, "--format", "json")
    document = json.loads(ran.out)
    result = document["assessments"][0]
    assert document["schema_version"] == 1
    low = sum(Decimal(f["low"]) for f in result["findings"])
    high = sum(Decimal(f["high"]) for f in result["findings"])
    possible = sum(Decimal(f["possible"]) for f in result["findings"])
    assert (low, high, possible) == tuple(Decimal(result["points"][k]) for k in ("low", "high", "possible"))
    assert sum(result["outcomes"].values()) == 225
    office = next(g for g in result["gaps"] if g["criterion"] == "FAC-01")
    assert office["steps"][-1]["blocks"][0]["short"] == 240
    assert office["steps"][-1]["blocks"][0]["target"] == {"fact": "office_area_m2", "value": 300}
    assert office["actions"][0]["points"] == office["winnable"]


def test_the_same_input_gives_the_same_bytes(cli: Run) -> None:
    assert cli("assess", "data", "--format", "json").out == cli("assess", "data", "--format", "json").out


def test_output_goes_to_a_file_whole(cli: Run, tmp_path: Path) -> None:
    target = tmp_path / "结果.json"
    ran = cli("assess", TAOLI, "--format", "json", "-o", target)
    assert ran.out == "" and json.loads(target.read_text(encoding="utf-8"))["assessments"]
    assert [p.name for p in tmp_path.iterdir()] == ["结果.json"]


def test_old_readings_are_unknown_again(cli: Run) -> None:
    ran = cli("assess", "data/cuihu", "--as-of", "2027-09-01")
    assert "记录过期" in ran.out and "核查率 100%" not in ran.out
    assert json.loads(cli("assess", "data/cuihu", "--as-of", "2027-09-01", "--format", "json").out)


def test_a_folder_yields_the_latest_record_and_says_so(cli: Run) -> None:
    ran = cli("assess", "data/taoli")
    assert "2023-04-15" in ran.out and "1 份较早的" in ran.err


def test_check_is_clean_on_what_is_shipped(cli: Run) -> None:
    assert cli("check").code == 0
    ran = cli("check", "data")
    assert (ran.code, ran.out.strip()) == (0, "没有发现错误")


def test_rules_lists_counts_and_totals(cli: Run) -> None:
    ran = cli("rules")
    line = next(line for line in ran.out.splitlines() if line.startswith("civilized-city-community"))
    assert {"225", "105", "100.00"} <= set(line.split())


def test_our_own_mistake_is_a_log_not_a_traceback(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.engine.scoring.assess.assess", lambda *_, **__: 1 / 0)
    ran = cli("assess", TAOLI)
    assert ran.code == 70 and "Traceback" not in ran.err and "请发给维护者" in ran.err
    log = Path(ran.err.split("日志在 ")[1].split("，")[0])
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    log.unlink()


def test_interruption_is_quiet(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("checklist.engine.scoring.assess.assess", interrupt)
    ran = cli("assess", TAOLI)
    assert (ran.code, ran.err) == (130, "")


@pytest.mark.parametrize("command", ["assess", "check", "explain"])
def test_a_path_that_is_too_long(command: str, cli: Run) -> None:
    before = ("FAC-01",) if command == "explain" else ()
    ran = cli(command, *before, "长" * 200)
    assert ran.code == 3 and "太长" in ran.err


def test_a_folder_that_cannot_be_made(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    ran = cli("schema", "-o", tmp_path / "文件" / "里")
    assert ran.code == 2 and "写不进去" in ran.err
