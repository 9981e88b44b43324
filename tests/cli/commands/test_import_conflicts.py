"""Conflicts are numbered, and settled one by one; what a preview says of unsure answers and declarations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checklist.keeping.folder import open_folder
from checklist.model.state import Reading
from tests.conftest import Run

HEAD = "编号,实测值,核实日期,核实人\n"
ZHANG = (
    "potholes,3,2026-11-22,张三\nlamps_installed,9,2026-11-20,张三\n"
    "bins_overflowing,2,2026-11-22,\nlitter_spots_on_walk,说不清：门锁着,2026-11-22,张三\n"
)
LI = (
    "potholes,5,2026-11-22,李强\nlamps_installed,8,2026-11-21,李强\nbins_overflowing,4,2026-11-22,\nhouseholds,2000,,\n"
)


@pytest.fixture
def forms(cli: Run, tmp_path: Path) -> tuple[Path, ...]:
    """A community's folder, and the answers of two people who do not agree."""
    cli("init", "甲社区", "--street", "某街道", "--rules", "civilized-city-community", "--folder", tmp_path / "甲")
    for name, rows in (("张", ZHANG), ("李", LI)):
        (tmp_path / f"{name}.csv").write_text(HEAD + rows, encoding="utf-8")
    return tmp_path / "张.csv", tmp_path / "李.csv", tmp_path / "甲"


def recorded(forms: tuple[Path, ...]) -> dict[str, Reading]:
    return {fact: r for (_, fact), r in open_folder(forms[2]).readings().items()}


def test_each_conflict_is_decided_by_its_number(cli: Run, forms: tuple[Path, ...]) -> None:
    args = ("import", *forms[:2], "--into", forms[2])
    ran = cli(*args, "--width", 200)
    assert all(
        f"{n}. {label}\n" in ran.out for n, label in enumerate(("路面坑洼破损", "已装的路灯", "满溢的垃圾桶"), 1)
    )
    assert "--take 1=" in ran.out
    ran = cli(*args, "--take", "1=李强", "--take", "３＝4个", "--write")
    assert ran.code == 0 and "potholes" in recorded(forms)
    now = recorded(forms)
    assert (now["potholes"].value, now["potholes"].by, now["bins_overflowing"].value) == (5, "李强", 4)
    assert "lamps_installed" not in now and "2. 已装的路灯" in ran.out
    assert cli(*args, "--take", "1=记录", "--take", "2=张三", "--write").code == 0
    now = recorded(forms)
    assert (now["potholes"].value, now["lamps_installed"].value, now["lamps_installed"].on) == (
        5,
        9,
        date(2026, 11, 20),
    )


def test_one_taken_goes_before_the_rule_for_the_rest(cli: Run, forms: tuple[Path, ...]) -> None:
    cli("import", *forms[:2], "--into", forms[2], "--take", "2=张三", "--conflicts", "newest", "--write")
    assert recorded(forms)["lamps_installed"].value == 9 and "potholes" not in recorded(forms)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("9=李强", "没有第 9 处冲突"),
        ("1=王五", "可以写：张三、李强"),
        ("3=张三", "认不出“张三”"),
        ("1=记录", "认不出“记录”"),
        ("1=7", "认不出“7”"),
        ("李强", "写成 序号=姓名"),
        ("1=", "写成 序号=姓名"),
    ],
)
def test_an_unknown_number_or_name_is_a_sentence(word: str, says: str, cli: Run, forms: tuple[Path, ...]) -> None:
    ran = cli("import", *forms[:2], "--into", forms[2], "--take", word, "--write")
    assert ran.code == 2 and says in ran.err and not recorded(forms)


def test_a_number_is_decided_once(cli: Run, forms: tuple[Path, ...]) -> None:
    ran = cli("import", *forms[:2], "--into", forms[2], "--take", "1=张三", "--take", "1=李强")
    assert ran.code == 2 and "定了两次" in ran.err


def test_newest_is_offered_only_where_it_decides_something(cli: Run, forms: tuple[Path, ...], tmp_path: Path) -> None:
    """Lamps were counted on two days, potholes on one."""
    assert "--conflicts newest" in cli("import", *forms[:2], "--into", forms[2]).out
    for name in ("张", "李"):
        text = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        rows = [row for row in text.splitlines(keepends=True) if "lamps" not in row]
        (tmp_path / f"{name}.csv").write_text("".join(rows), encoding="utf-8")
    ran = cli("import", *forms[:2], "--into", forms[2])
    assert "--take 1=" in ran.out and "--conflicts" not in ran.out


def test_a_person_with_two_answers_is_asked_for_the_value(cli: Run, forms: tuple[Path, ...], tmp_path: Path) -> None:
    rows = "potholes,3,2026-11-22,张三\npotholes,4,2026-11-21,张三\n"
    (tmp_path / "张.csv").write_text(HEAD + rows, encoding="utf-8")
    args = ("import", forms[0], "--into", forms[2])
    assert "--take 1=3处" in cli(*args).out and cli(*args, "--take", "1=张三").code == 2
    assert cli(*args, "--take", "1=4处", "--write").code == 0 and recorded(forms)["potholes"].value == 4


def test_numbers_run_on_through_the_communities(cli: Run, forms: tuple[Path, ...], tmp_path: Path) -> None:
    cli("init", "乙社区", "--street", "某街道", "--rules", "civilized-city-community", "--folder", tmp_path / "乙")
    head = "社区,编号,实测值,核实日期,核实人\n"
    rows = [
        f"{name},potholes,{n},2026-11-22,{by}\n"
        for name in ("甲社区", "乙社区")
        for n, by in ((3, "张三"), (5, "李强"))
    ]
    (tmp_path / "总.csv").write_text(head + "".join(rows), encoding="utf-8")
    for word in ("1=张三", "2=李强"):
        assert cli("import", tmp_path / "总.csv", "--into", tmp_path, "--take", word, "--write").code == 0
    kept = {folder: open_folder(tmp_path / folder).readings()["", "potholes"].value for folder in ("甲", "乙")}
    assert sorted(kept.values()) == [3, 5]


def test_unsure_is_no_value_and_a_criterion_has_a_title(cli: Run, forms: tuple[Path, ...]) -> None:
    row = "NBR-02,不适用,,,周边没有市场\n"
    forms[0].write_text(HEAD.replace("\n", ",备注\n") + ZHANG.replace("\n", ",\n") + row, encoding="utf-8")
    out = cli("import", forms[0], "--into", forms[2], "--width", 200).out
    assert "新填：3 项" in out and "说不清，仍算没核实：1 项" in out and "没有值，因为门锁着" in out
    assert "周边农贸市场：周边没有市场" in out and "NBR-02" not in out


def test_what_cannot_be_declared_is_not_written(cli: Run, forms: tuple[Path, ...]) -> None:
    """The import says so itself, before the record would be one with a mistake in it."""
    rows = "FAC-01,不适用,,,没有这间房\nNBR-02,不适用,,,没有市场\n"
    forms[0].write_text(HEAD.replace("\n", ",备注\n") + rows, encoding="utf-8")
    ran = cli("import", forms[0], "--into", forms[2], "--write")
    assert ran.code == 3 and "E322" in ran.err and set(open_folder(forms[2]).declared()) == {("", "NBR-02")}
