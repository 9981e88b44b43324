"""Names and ids that a reader takes for one: the same through every door, shown as written, and said."""

from __future__ import annotations

import csv
import hashlib
import html
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import load_states
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.importing import gather
from checklist.model.as_seen import INVISIBLE, as_seen
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.lists.inspections import read_inspections
from checklist.reading.records.readings import Defaults
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.values.look_alikes import criterion_id, folded, folded_id, made_up_id, spelled
from tests.conftest import Run
from tests.support.fixtures import DAY
from tests.support.tables import plain_xlsx

NAME = "东湖A区（一期）"
ALIKE = (
    "东湖A区(一期)", "东湖Ａ区（一期）", "东湖a区（一期）", "东湖 A区 （一期）", "东湖A区（一期）\u200b", "\ufeff东湖A区（一期）",
    "东湖\u2060A区（\u200e一期）", "东湖A区【一期】", "东湖A区〔一期〕", "东湖A区[一期]", "　东湖A区（一期）", "东湖\u00adA区（一期）\ufe0f",
)  # fmt: skip
OTHERS = ("东湖A区（二期）", "东湖A区一期", "东湖B区（一期）", "东湖A区（一期）2")
VISIBLE_FORMAT_CHARACTERS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
                             *range(0x13430, 0x13440)}  # fmt: skip


@pytest.mark.parametrize("spelling", ALIKE)
def test_alike(spelling: str) -> None:
    assert folded(spelling) == folded(NAME)


@pytest.mark.parametrize("other", OTHERS)
def test_not_alike(other: str) -> None:
    assert folded(other) != folded(NAME)


def test_every_format_character_that_shows_nothing_is_invisible() -> None:
    every = (chr(n) for n in range(0x110000) if n not in VISIBLE_FORMAT_CHARACTERS)
    assert not [hex(ord(c)) for c in every if unicodedata.category(c) == "Cf" and not INVISIBLE.fullmatch(c)]
    assert as_seen("甲\n乙\t丙 丁") == "甲\n乙\t丙 丁"


@given(st.text(st.sampled_from("东湖社区AbＣ１2（(）)-－ ·・"), max_size=12), st.data())
def test_what_is_not_seen_makes_no_difference(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name)))
    hidden = data.draw(st.sampled_from("\u200b\u200e\u2060\ufeff\u00ad\u3164\u061c \u3000\x08\U000e0041"))
    assert folded(name[:at] + hidden + name[at:]) == folded(name) == folded(folded(name))


def test_ids() -> None:
    assert [criterion_id(id) for id in ("ＦＡＣ－０１", "fac-01", "FAC—01", " FAC-01\u200b")] == ["FAC-01"] * 4
    assert [folded_id(id) for id in ("340603001000.0", "３４０６０３００１０００", "340603001000")] == [
        "340603001000"
    ] * 3
    assert folded_id("3.5") == "3.5"
    assert spelled("东湖\u200b") == "东湖<U+200B>"


LONG = ("社区", "编号", "实测值", "核实日期")
Table = Sequence[Sequence[str]]


def long_table(first: str, second: str) -> Table:
    return [LONG, (first, "households", "2130", "2026-02-20"), (second, "population", "7766", "2026-02-20")]


def wide_table(first: str, second: str) -> Table:
    return [
        ("社区", "户数", "常住人口", "核实日期"),
        (first, "2130", "", "2026-02-20"),
        (second, "", "7766", "2026-02-20"),
    ]


def as_csv(path: Path, rows: Table) -> Path:
    path = path.with_suffix(".csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def as_xlsx(path: Path, rows: Table) -> Path:
    path = path.with_suffix(".xlsx")
    path.write_bytes(plain_xlsx("表", rows[0], rows[1:]))
    return path


def as_page(path: Path, rows: Table) -> Path:
    path = path.with_suffix(".xls")
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    path.write_text(f"<html><body><table>{lines}</table></body></html>", encoding="utf-8")
    return path


@pytest.mark.parametrize("spelling", ALIKE)
@pytest.mark.parametrize("shape", [long_table, wide_table])
@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_page])
def test_one_community_in_a_table(
    tmp_path: Path, ruleset: Ruleset, write: Callable[[Path, Table], Path], shape: Callable[[str, str], Table], spelling: str
) -> None:  # fmt: skip
    path = write(tmp_path / "表", shape(NAME, spelling))
    loaded = load_states([path], ruleset=ruleset, today=DAY)
    (found,) = loaded.states
    assert found.state.community.name == NAME
    assert found.state.readings.keys() == {"households", "population"}
    assert not loaded.problems
    assert {p.code for p in loaded.advice} == ({"W242"} if INVISIBLE.sub("", spelling).strip() != NAME else set())
    (picked,) = load_states([f"{path}#{spelling}"], ruleset=ruleset, today=DAY).states
    assert picked.state.readings.keys() == found.state.readings.keys()


@pytest.mark.parametrize("other", OTHERS)
def test_two_communities_stay_two(tmp_path: Path, ruleset: Ruleset, other: str) -> None:
    assert len(load_states([as_csv(tmp_path / "表", wide_table(NAME, other))], ruleset=ruleset, today=DAY).states) == 2


def as_parquet(path: Path, rows: Table) -> str:
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    pq.write_table(pa.table(columns), path.with_suffix(".parquet"))
    return str(path.with_suffix(".parquet"))


def as_sqlite(path: Path, rows: Table) -> str:
    pytest.importorskip("adbc_driver_sqlite")
    file = path.with_suffix(".db")
    with sqlite3.connect(file) as base:
        base.execute(f"CREATE TABLE t ({', '.join(f'{chr(34)}{name}{chr(34)} TEXT' for name in rows[0])})")
        base.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows[1:])
    base.close()
    return f"sqlite:///{file}#t"


@pytest.mark.parametrize("write", [as_csv, as_parquet, as_sqlite])
def test_one_community_in_a_column_table_is_said(
    cli: Run, tmp_path: Path, write: Callable[[Path, Table], str | Path]
) -> None:
    place = write(
        tmp_path / "in", [("社区\u200e", "户\u200b数"), (NAME, "1"), *((one, "2") for one in ALIKE), ("别处", "3")]
    )
    ran = cli("batch", place, "-o", tmp_path / "out.csv")
    assert ran.code == 0, ran.err
    with (tmp_path / "out.bad.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [(int(row["行"]), row["代码"]) for row in csv.DictReader(file)]
    assert found == [(row, "E220") for row in range(2, 2 + len(ALIKE))]


@pytest.mark.parametrize(
    ("column", "spelling"),
    [
        ("社区", "北门社区(示例数据)\u200b"),
        ("社区", "北 门社区 【示例数据】"),
        ("社区编号", "BEIMEN"),
        ("社区编号", "ｂｅｉｍｅｎ"),
        ("社区编号", "\ufeffbeimen "),
    ],
)
def test_the_folder_of_a_community_is_found(
    tmp_path: Path, ruleset: Ruleset, beimen: CommunityFolder, column: str, spelling: str
) -> None:
    path = as_csv(tmp_path / "表", [(column, *LONG[1:]), (spelling, "households", "2130", "2026-02-20")])
    incoming, problems = gather([path], [beimen], DAY, Defaults())
    assert not problems
    assert [reading.fact for one in incoming for reading in one.readings] == ["households"]


def id_of_old(name: str) -> str:
    """What an id was made from before names that look alike were one."""
    return "c" + hashlib.sha256(name.encode()).hexdigest()[:10]


@pytest.mark.parametrize("name", ["桃李社区", NAME, "万科·城市花园3号院", "A-1区（东）"])
def test_a_made_up_id_is_what_it_was(name: str) -> None:
    assert made_up_id(name) == id_of_old(name)
    assert {made_up_id(spelling) for spelling in ALIKE} == {made_up_id(NAME)}


@pytest.mark.parametrize("name", ["桃李社区", NAME, "东湖社区(一期)", "e家社区", "阳光 100"])
def test_a_ledger_that_was_kept_by_an_older_id_gets_no_second_row(cli: Run, tmp_path: Path, name: str) -> None:
    rows = [("社区", "路面坑洼破损", "核实日期"), (name, "3", "2026-11-20")]
    table = as_csv(tmp_path / "表.csv", rows)
    assert cli("ledger", tmp_path / "a.csv", table, "--today", "2026-11-22").code == 0
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    (line,) = [line for line in text.splitlines() if "/INF-01" in line]
    older = text.replace(line.partition("/")[0], id_of_old(name))
    (tmp_path / "b.csv").write_text(older, encoding="utf-8")
    assert cli("ledger", tmp_path / "b.csv", table, "--today", "2026-11-22").code == 0
    assert (tmp_path / "b.csv").read_text("utf-8-sig").splitlines() == older.splitlines()


@pytest.mark.parametrize("spelling", ALIKE)
def test_a_score_given_twice_is_said(tmp_path: Path, ruleset: Ruleset, spelling: str) -> None:
    rows = [
        ("社区", "日期", "标准", "档次"),
        (NAME, "2026-02-20", "FAC-01", "A"),
        (spelling, "2026-02-20", "FAC-01", "B"),
    ]
    path = as_csv(tmp_path / "打分.csv", rows)
    found, problems = read_inspections(path, read_sheets(path), ruleset)
    assert [one.level for one in found] == ["A"] and [p.code for p in problems] == ["E506"]


@pytest.mark.many
@pytest.mark.parametrize("id", ["beimen/ＦＡＣ－０１", "beimen/FAC-01\u200b", "Beimen/fac-01", "beimen /FAC–01"])
@pytest.mark.parametrize("heading", ["编号", "编号\u200b", "\ufeff\ufeff编 号"])
def test_a_ledger_row_is_known_again(cli: Run, tmp_path: Path, id: str, heading: str) -> None:
    file = as_csv(
        tmp_path / "台账", [(heading, "社区", "问题描述", "备注"), (id, "北门社区", "用房不足", "已和开发商谈好")]
    )
    ran = cli("ledger", file, "data/beimen")
    assert ran.code == 0, ran.err
    with file.open(encoding="utf-8-sig", newline="") as told:
        rows = [row for row in csv.DictReader(told) if folded(row["编号"]) == "beimen/fac-01"]
    assert [(row["编号"], row["备注"]) for row in rows] == [(id.strip(), "已和开发商谈好")]


@pytest.mark.parametrize("id", ["ＮＢＲ－０２", "nbr-02", "NBR–02", "NBR-02\u200b"])
def test_a_criterion_is_known_in_every_table(tmp_path: Path, ruleset: Ruleset, id: str) -> None:
    long = [
        (*LONG, "备注"),
        ("甲", id, "不适用", "2026-02-20", "没有农贸市场"),
        ("甲", "households", "1", "2026-02-20", ""),
    ]
    wide = [("社区", "户数", "核实日期", "不适用"), ("甲", "1", "2026-02-20", f"{id}：没有农贸市场")]
    for shape, rows in (("长", long), ("宽", wide)):
        loaded = load_states([as_csv(tmp_path / shape, rows)], ruleset=ruleset, today=DAY)
        assert not loaded.problems
        assert loaded.states[0].state.not_applicable["NBR-02"].reason == "没有农贸市场"


@pytest.mark.parametrize("name", ["households\u200b", "ｈｏｕｓｅｈｏｌｄｓ", "house\u200eholds", "House holds"])
def test_a_hidden_character_in_a_record_is_named(cli: Run, tmp_path: Path, name: str) -> None:
    """What is written in YAML is not read around; the message shows what nobody sees, and the right name."""
    file = tmp_path / "2026-03-01.yaml"
    text = (
        f"community: {{id: jia, name: 甲}}\nruleset: civilized-city-community\nas_of: 2026-03-01\nfacts:\n  {name}: 1\n"
    )
    file.write_text(text, encoding="utf-8")
    ran = cli("check", file)
    assert ran.code == 3
    told = "".join(ran.out.split())
    assert f"没有这个实测项{''.join(spelled(name).split())}" in told and "是不是households（户数）？" in told
