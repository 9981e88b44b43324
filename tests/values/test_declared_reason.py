"""A reason why a criterion does not apply says something, whatever door it comes through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.support.places import ROOT

NO_REASONS = ["无", "没有", "同上", "/", "——", "．．．", "没", "ｎ/ａ", "不适用", "说不清", "100", " 无 ", "“无”"]
REASONS = ["无农贸市场", "没有市场", "市场在隔壁社区", "全是平房", "=没有市场"]
HEAD = "社区,社区编号,测评体系,现状日期"
WHO = "甲社区,jia,civilized-city-community,2026-11-20"


def long_table(reason: str) -> str:
    return f'{HEAD},编号,实测值,备注\n{WHO},NBR-02,不适用,"{reason}"\n{WHO},households,300,\n'


def wide_table(reason: str) -> str:
    return f'{HEAD},户数,不适用\n{WHO},300,"NBR-02：{reason}"\n'


def yaml_file(reason: str) -> str:
    return (
        "community: {id: jia, name: 甲社区}\nruleset: civilized-city-community\nas_of: 2026-11-20\n"
        f"facts: {{households: 300}}\nnot_applicable:\n  NBR-02: {{reason: {json.dumps(reason, ensure_ascii=False)}}}\n"
    )


def form(reason: str, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        answers = book.add_worksheet("填报表")
        answers.write_row(0, 0, ["实测项", "实测值", "核实日期"])
        answers.write_row(1, 0, ["户数", "300", "2026-11-20"])
        declared = book.add_worksheet("不适用")
        declared.write_row(0, 0, ["标准编号", "不适用的理由"])
        declared.write_string(1, 0, "NBR-02")
        declared.write_string(1, 1, reason)


def written(door: str, reason: str, folder: Path) -> Path:
    kinds = {"long": ("t.csv", long_table), "wide": ("t.csv", wide_table), "yaml": ("t.yaml", yaml_file)}
    if door == "form":
        pytest.importorskip("xlsxwriter")
        form(reason, folder / "t.xlsx")
        return folder / "t.xlsx"
    name, text = kinds[door]
    (folder / name).write_text(text(reason), encoding="utf-8")
    return folder / name


@pytest.mark.slow
@pytest.mark.parametrize("door", ["form", "long", "wide", "yaml"])
def test_no_reason_leaves_the_criterion_in_the_score(door: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    for reason in NO_REASONS:
        ran = cli("assess", written(door, reason, tmp_path), "--rules", "civilized-city-community")
        assert "E324" in ran.err and "如“周边没有农贸市场”" in ran.err.replace("\n", "").replace(" ", ""), (
            reason,
            ran.err,
        )
        assert "不适用：1 条" not in ran.out and ran.code == 3, reason


@pytest.mark.parametrize("door", ["form", "long", "wide", "yaml"])
def test_a_reason_in_words_is_kept(door: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    for reason in REASONS:
        path = written(door, reason, tmp_path)
        ran = cli("assess", path, "--rules", "civilized-city-community", "--format", "json")
        found = {f["criterion"]: f["outcome"] for f in json.loads(ran.out)["assessments"][0]["findings"]}
        assert ran.code == 0 and found["NBR-02"] == "not_applicable", (reason, ran.err)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_batch_refuses_what_is_no_reason_too(suffix: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    rows = [["社区", "户数", "NBR-02__na"]]
    rows += [[f"甲{i}社区", "300", text] for i, text in enumerate([*NO_REASONS, *REASONS, "是", "√", "否", ""])]
    rows = [row for row in rows if row[2].strip() != "不适用"]  # such a column asks whether it does not apply
    path = tmp_path / f"t{suffix}"
    if suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    out = tmp_path / "out.csv"
    ran = cli("batch", path, "--rules", ROOT / "rules/civilized-city-community", "--as-of", "2026-11-20", "-o", out)
    bad = (tmp_path / "out.bad.csv").read_text(encoding="utf-8-sig")
    assert bad.count("E324") == len(NO_REASONS) - 1 and ran.code == 0, (ran.err, bad)
