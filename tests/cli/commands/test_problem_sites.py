"""Problems of an inspection at sites: told from the words of the place, kept one by one, closed by a later answer."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest

from checklist.keeping.folder import open_folder
from checklist.keeping.saving import save
from checklist.model.ledger import IN_FOLDER
from checklist.model.state import Reading, Site
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.tables.recognising import open_table
from checklist.values.site_names import site_in
from tests.cli.commands.test_problems import confirmed, entries
from tests.conftest import Run

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
LIST = """点位,位置,存在问题,照片
A 区,3号楼,墙上小广告未清理,IMG_1.jpg
Ａ区7号楼,,小广告多处,
和谐苑一期,,小广告未清理,
"""
ADOPTED = {n: {"采用": "ENV-11", "记几": "1"} for n in (1, 2, 3)}


def community(cli: Run, tmp_path: Path, estates: str = "A 区,和谐苑,和谐苑一期") -> Path:
    folder = tmp_path / "甲社区"
    assert cli("init", "甲社区", "--folder", folder, "--estates", estates).code == 0
    return folder


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("A 区3号楼", "a"),
        ("Ａ区 3 号楼东侧", "a"),
        ("甲社区A区", "a"),
        ("和谐苑南门", "h"),
        ("和谐苑一期南门", "h1"),
        ("a", "a"),
        ("A 区和B 区之间", None),
        ("南门", None),
        ("", None),
    ],
)
def test_the_longest_name_in_the_words_is_the_site(text: str, id: str | None) -> None:
    names = {"a": "A 区", "b": "B 区", "h": "和谐苑", "h1": "和谐苑一期"}
    found = site_in(text, [Site(key, "estate", name) for key, name in names.items()])
    assert (found.id if found else None) == id


def test_problems_are_kept_at_their_sites_one_by_one(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, ADOPTED, LIST)
    shown = cli("problems", listed, "--into", folder)
    assert shown.code == 0 and "A 区" in shown.out
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    state = open_folder(folder).state
    assert state is not None
    told = {site.name: site for site in state.sites}
    seen = [(d.place, d.what, d.photo, d.found) for d in told["A 区"].defects["illegal_posters_spots"]]
    found = date(2026, 11, 20)
    assert seen == [("3号楼", "墙上小广告未清理", "IMG_1.jpg", found), ("Ａ区7号楼", "小广告多处", "", found)]
    assert told["A 区"].readings["illegal_posters_spots"].value == 2
    assert told["和谐苑一期"].readings["illegal_posters_spots"].value == 1 and not told["和谐苑"].readings
    assert [e["点位"] for e in entries(folder)] == ["A 区 3号楼", "Ａ区7号楼", "和谐苑一期"]
    record = next(folder.glob("2026-*.yaml")).read_bytes()
    again = cli("problems", listed, "--into", folder, "--write")
    assert again.code == 0 and next(folder.glob("2026-*.yaml")).read_bytes() == record
    explained = cli("explain", "ENV-11", folder)
    assert "3号楼，墙上小广告未清理，2026-11-20 发现，照片 IMG_1.jpg" in "".join(explained.out.split("\n"))
    assert cli("undo", folder).code == 0
    after = open_folder(folder).state
    assert after is not None and not any(site.defects or site.readings for site in after.sites)


def test_a_problem_whose_site_cannot_be_told_is_refused_with_the_names(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    text = "点位,存在问题\n南门,小广告未清理\n"
    ran = cli("problems", confirmed(cli, tmp_path, {1: ADOPTED[1]}, text), "--into", folder, "--write")
    assert ran.code == 3 and "E244" in ran.err and "A 区、和谐苑、和谐苑一期" in ran.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    only_ledger = confirmed(cli, tmp_path, {1: {"采用": "ENV-11"}}, text)
    assert cli("problems", only_ledger, "--into", folder, "--write").code == 0
    assert [e["点位"] for e in entries(folder)] == ["南门"]


def test_a_later_answer_of_none_closes_what_was_seen(cli: Run, tmp_path: Path) -> None:
    """In a community without sites too: what the list found is kept there, and is gone when somebody finds none."""
    folder = tmp_path / "甲社区"
    assert cli("init", "甲社区", "--folder", folder).code == 0
    record = next(folder.glob("2026-*.yaml"))
    record.write_text(
        "# 主任手写的\n" + record.read_text(encoding="utf-8").replace("facts: {}", "facts:\n  households: 9"),
        encoding="utf-8",
    )
    listed = confirmed(cli, tmp_path, {1: ADOPTED[1]}, "点位,存在问题\n南门,小广告未清理\n")
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    assert "# 主任手写的" in record.read_text(encoding="utf-8") and "\n  households: 9\n" in record.read_text(
        encoding="utf-8"
    )
    none = tmp_path / "零.csv"
    none.write_text("实测项,实测值\nillegal_posters_spots,0\n", encoding="utf-8")
    ran = cli("import", none, "--into", folder, "--write", "--on", "2026-11-24")
    assert ran.code == 0, ran.err
    state = open_folder(folder).state
    assert state is not None and state.readings["illegal_posters_spots"].value == 0
    (seen,) = state.defects["illegal_posters_spots"]
    assert (seen.found, seen.closed) == (date(2026, 11, 20), date(2026, 11, 24))


def test_fewer_than_stand_open_is_said_with_both_numbers(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, {n: ADOPTED[n] for n in (1, 2)}, LIST)
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    more = confirmed(cli, tmp_path, {1: ADOPTED[1]}, "点位,存在问题,检查日期\nA 区8号楼,小广告一处,2026-11-22\n")
    assert cli("problems", more, "--into", folder, "--write").code == 0
    state = open_folder(folder).state
    assert state is not None and state.sites[0].readings["illegal_posters_spots"].value == 3, "three stand open"


def test_what_the_ledger_has_closed_is_closed_by_a_later_count(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, {n: ADOPTED[n] for n in (1, 2)}, LIST)
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    book = folder / IN_FOLDER
    first, *rest = list(csv.reader(io.StringIO(book.read_text(encoding="utf-8-sig"))))
    rest[0][first.index("销号时间")] = "2026-11-22"
    text = io.StringIO()
    csv.writer(text).writerows([first, *rest])
    book.write_text(text.getvalue(), encoding="utf-8")
    state = open_folder(folder).state
    assert state is not None
    site = state.sites[0].id
    one = Reading("illegal_posters_spots", 1, date(2026, 11, 24), site=site)
    saved = save(open_folder(folder), [one], day=date(2026, 11, 24), at=datetime(2026, 11, 24, 9), what="复查")
    state = open_folder(folder).state
    assert state is not None and not saved.problems
    told = state.sites[0].defects["illegal_posters_spots"]
    assert [d.closed for d in told] == [date(2026, 11, 22), None]
    assert state.sites[0].readings["illegal_posters_spots"].value == 1


def test_a_point_and_the_place_in_it_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    path.write_text("检查点位,具体位置,问题\nA 区,3号楼,小广告\n,北门,小广告\nB 区,B 区,小广告\n", encoding="utf-8")
    spotted, _, problems = read_problem_list(open_table(path), date(2026, 11, 24))
    assert [one.point for one in spotted] == ["A 区 3号楼", "北门", "B 区"] and not problems
