"""The Excel form as a person meets it: what it says, what it lets them type, how it prints."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checklist import load_state
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reports.forms.excel_form import AT
from checklist.values.headings import FORM_HEADINGS, HEADINGS
from tests.conftest import Run
from tests.support.places import ROOT

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
BEIMEN = ROOT / "data" / "beimen"
X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def form(cli: Run, tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    assert cli("form", BEIMEN, "-o", path, "--tier", "full").code == 0
    return path


def xml(form: Path, sheet: int = 1) -> ElementTree.Element:
    with zipfile.ZipFile(form) as book:
        return ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))


def rows(form: Path) -> dict[str, list[object]]:
    """Fact → its row."""
    return {str(row[AT["fact"]]): row for row in read_sheets(form)[0].rows[4:] if row[AT["fact"]]}


def prompts(form: Path) -> dict[str, str]:
    """Fact → what is shown beside its white cell."""
    ids = {at: str(row[AT["fact"]]) for at, row in enumerate(read_sheets(form)[0].rows, 1)}
    found = {}
    for rule in xml(form).iter(f"{X}dataValidation"):
        if "prompt" in rule.attrib:
            found[ids[int(re.sub(r"\D", "", rule.attrib["sqref"]))]] = rule.attrib["prompt"]
    return found


def test_a_drop_down_warns_of_other_words_and_lets_them_stand(form: Path) -> None:
    lists = [rule for rule in xml(form).iter(f"{X}dataValidation") if rule.attrib.get("type") == "list"]
    assert len(lists) > 100 and {rule.attrib.get("errorStyle") for rule in lists} == {"warning"}


@pytest.mark.slow
def test_what_the_form_offers_for_nothing_is_taken(form: Path, cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    """A word for 没有 is offered exactly where 没有 is understood, and the word offered is understood itself."""
    told = prompts(form)
    assert set(told) == set(rows(form)) and len(told) > 300
    words = {fact: found[1] for fact, text in told.items() if (found := re.search("没有[写填][“ ]?([^”，]+)", text))}
    for typed in (dict.fromkeys(told, "无"), dict.fromkeys(told, "没有"), words):
        (tmp_path / "t.csv").write_text("\n".join(["编号,实测值", *map(",".join, typed.items())]), encoding="utf-8")
        ran = cli("assess", tmp_path / "t.csv", "--rules", ruleset.id)
        refused = {list(typed)[int(at) - 2] for at in re.findall(r"t\.csv!B(\d+)\s+E2", ran.err)}
        assert refused == typed.keys() - words.keys()


def test_a_page_of_a4_is_as_wide_as_the_form_and_the_id_is_out_of_sight(form: Path) -> None:
    sheet = xml(form)
    setup = sheet.find(f"{X}pageSetup")
    assert setup is not None and (setup.attrib["paperSize"], setup.attrib["fitToHeight"]) == ("9", "0")
    columns = list(sheet.iter(f"{X}col"))
    hidden = [column for column in columns if column.attrib.get("hidden") == "1"]
    assert [int(column.attrib["min"]) - 1 for column in hidden] == [AT["fact"]] and AT["fact"] == max(AT.values())
    shown = sum(float(column.attrib["width"]) for column in columns if column not in hidden)
    inches = shown * 7 / 96
    assert (11.69 - 0.8) / inches > 0.85, "fitted to the page, words of ten points stay legible"
    with zipfile.ZipFile(form) as book:
        area = re.search(r"Print_Area\"[^>]*>[^<]*\$A\$1:\$([A-Z]+)\$", book.read("xl/workbook.xml").decode("utf-8"))
    assert area is not None and ord(area[1]) - ord("A") == AT["fact"] - 1


def test_rows_are_numbered_and_red_lines_and_points_are_marked(form: Path, ruleset: Ruleset) -> None:
    found = rows(form)
    assert [row[AT["number"]] for row in found.values()] == list(range(1, len(found) + 1))
    flagged = {f for c in ruleset.criteria if c.flag for f in (*c.facts, *c.records)} & found.keys()
    assert flagged and all(float(str(row[AT["points"]])) >= 0 for row in found.values())
    with zipfile.ZipFile(form) as book:
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    red = {
        n.attrib["numFmtId"] for n in styles.iter(f"{X}numFmt") if re.match('"(红线|否决) "', n.attrib["formatCode"])
    }
    formats = [f.attrib["numFmtId"] for f in styles.find(f"{X}cellXfs") or ()]
    letter, ids = chr(65 + AT["points"]), {at: row[AT["fact"]] for at, row in enumerate(read_sheets(form)[0].rows, 1)}
    cells = {c.attrib["r"]: formats[int(c.attrib.get("s", 0))] for c in xml(form).iter(f"{X}c")}
    marked = {ids[at] for at in ids if cells.get(f"{letter}{at}") in red}
    assert marked == flagged


def test_nobody_answers_in_a_column_that_only_tells(form: Path) -> None:
    """What is near to a renamed 实测值 is looked for among the other headings."""
    head = [str(cell) for cell in read_sheets(form)[0].rows[3]]
    answers = {name for names in HEADINGS.values() for name in names}
    assert {name for name in head if name not in answers} == set(FORM_HEADINGS)


@pytest.mark.slow
def test_a_form_for_one_walk(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    """As long as the walk, asking only what the walk passes, with the name of who walks."""
    path = tmp_path / "走.xlsx"
    assert cli("form", BEIMEN, "-o", path, "--only", "实地考察", "--minutes", "40", "--by", "张三").code == 0
    found = rows(path)
    facts = [ruleset.facts[fact] for fact in found]
    assert facts and sum(fact.minutes for fact in facts) <= 40
    assert {fact.method for fact in facts} == {"field_inspection"}
    sheets = {sheet.name: sheet.rows for sheet in read_sheets(path)}
    assert sheets["填报表"][1][1] == "张三"
    for row in sheets.get("不适用", ((), ()))[2:]:
        criterion = ruleset.criterion(str(row[0]))
        assert {*criterion.facts, *criterion.records} & found.keys()
    loaded = load_state(path)
    assert loaded.community.name.startswith("北门")
