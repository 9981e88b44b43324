"""One bad state file for each kind of mistake, with the text that a user sees beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

FOLDER = Path(__file__).parent / "states"
HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("E*.yaml")), ids=lambda p: p.stem)
def test_the_mistake_is_told_with_its_place_and_a_way_out(path: Path, cli: Run, request: pytest.FixtureRequest) -> None:
    ran = cli("check", relative(path))
    expected = path.with_suffix(".txt")
    if request.config.getoption("--golden"):
        expected.write_text(ran.out, encoding="utf-8", newline="\n")
    assert ran.out == expected.read_text(encoding="utf-8")
    assert path.stem.split("-")[0] in ran.out
    assert (ran.code, ran.err) == (3, "")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("W*.yaml")), ids=lambda p: p.stem)
def test_what_was_assumed_is_told_and_hinders_nothing(path: Path, cli: Run, request: pytest.FixtureRequest) -> None:
    ran = cli("check", relative(path))
    expected = path.with_suffix(".txt")
    if request.config.getoption("--golden"):
        expected.write_text(ran.out, encoding="utf-8", newline="\n")
    assert ran.out == expected.read_text(encoding="utf-8")
    assert (ran.code, path.stem.split("-")[0] in ran.out) == (0, True)
    assessed = cli("assess", relative(path))
    assert path.stem.split("-")[0] in assessed.err and "测试社区" in assessed.out


@pytest.mark.parametrize("folder", sorted(p for p in FOLDER.glob("E*") if p.is_dir()), ids=lambda p: p.name)
def test_a_mistake_between_files_names_both(folder: Path, cli: Run, request: pytest.FixtureRequest) -> None:
    ran = cli("check", relative(folder))
    expected = folder / "expected.txt"
    if request.config.getoption("--golden"):
        expected.write_text(ran.out, encoding="utf-8", newline="\n")
    assert ran.out == expected.read_text(encoding="utf-8")
    assert folder.name.split("-")[0] in ran.out and (ran.code, ran.err) == (3, "")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("ok-*.yaml")), ids=lambda p: p.stem)
def test_a_byte_order_mark_and_windows_line_ends_are_fine(path: Path, cli: Run) -> None:
    assert cli("check", relative(path)).code == 0
    assert cli("assess", relative(path), "--quiet").code == 0


def test_json_for_editors_names_the_place(cli: Run) -> None:
    ran = cli("check", relative(FOLDER / "E204-unknown-fact.yaml"), "--format", "json")
    first = json.loads(ran.out)["problems"][0]
    assert (first["line"], first["column"], first["code"], first["severity"]) == (5, 3, "E204", "error")


def test_a_missing_file(cli: Run) -> None:
    ran = cli("assess", "data/nowhere.yaml")
    assert ran.code == 3 and "没有 data/nowhere.yaml" in ran.err and ran.out == ""


def test_a_file_that_may_not_be_read(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "现状.yaml"
    folder.symlink_to(tmp_path / "nowhere.yaml")
    os.mkdir(tmp_path / "空")
    assert "E101" in cli("check", tmp_path).out
    assert cli("assess", tmp_path / "空").code == 5


def test_fifty_megabytes_are_refused_unread(cli: Run, tmp_path: Path) -> None:
    big = tmp_path / "大.yaml"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    ran = cli("check", big)
    assert ran.code == 3 and "E103" in ran.out and "50 MB" in ran.out


def test_a_bad_fact_counts_as_unknown_and_the_rest_is_assessed(cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "a.yaml"
    state.write_text(HEAD + "facts:\n  office_area_m2: 60\n  households: 很多\n", encoding="utf-8")
    ran = cli("assess", state)
    assert ran.code == 3
    assert "E211" in ran.err and "FAC-01" in ran.out
    strict = cli("assess", state, "--strict")
    assert strict.code == 3 and strict.out == ""


@pytest.mark.slow
def test_three_broken_files_among_a_thousand(cli: Run, tmp_path: Path) -> None:
    for i in range(1000):
        text = HEAD.replace("id: x", f"id: c{i}") + f"facts:\n  office_area_m2: {i}\n"
        (tmp_path / f"{i:04}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "0007.yaml").write_text("", encoding="utf-8")
    (tmp_path / "0100.yaml").write_bytes("社区".encode("gbk"))
    (tmp_path / "0999.yaml").write_text("community: [", encoding="utf-8")
    ran = cli("assess", tmp_path, "--format", "json")
    assert ran.code == 3
    assert len(json.loads(ran.out)["assessments"]) == 997
    assert all(name in ran.err for name in ("0007.yaml", "0100.yaml", "0999.yaml")) and "共 3 处错误" in ran.err


@pytest.mark.parametrize(
    "text", ["[" * 5000, "{" * 5000, "- " * 5000, "a: " * 3000, "'" * 999, "\x00", "? ", "&a", "%YAML 9"]
)
def test_hostile_text_never_breaks_the_reader(text: str, cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "x.yaml"
    state.write_text(text, encoding="utf-8")
    ran = cli("check", state)
    assert ran.code == 3 and "E" in ran.out and "Traceback" not in ran.out + ran.err


def test_markup_in_a_file_stays_text(cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "x.yaml"
    name = "[bold red]甲[/] \\x1b[31m {{ 7*7 }} <b>"
    state.write_text(HEAD.replace("测试社区", f'"{name}\\e[31m"') + "facts:\n  office_area_m2: 60\n", encoding="utf-8")
    ran = cli("assess", state)
    assert "[bold red]甲[/]" in ran.out and "\x1b" not in ran.out
