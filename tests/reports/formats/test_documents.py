"""One document, every format: each command's result in each of them, one policy on every page, one place for a column."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from checklist.cli.console import render_text
from checklist.model.results.assessment import Score
from checklist.reports.comparison import comparison_screen, ranking_columns
from checklist.reports.document.document import (
    Bars,
    Bullets,
    Column,
    Content,
    Curve,
    Document,
    Heading,
    Jump,
    Table,
    Text,
    cell_text,
)
from checklist.reports.document.tidied import tidied
from checklist.reports.formats import DOCUMENTS, FORMATS, Format, html, markdown
from checklist.reports.formats.screen import screen
from tests.conftest import Run
from tests.support.dossiers import FORMULA, HOSTILE

COMMANDS = {
    "compare": ("compare", "data", "--min-coverage", "0"),
    "trend": ("trend", "data/taoli"),
    "diff": ("diff", "data/taoli"),
    "calibrate": ("calibrate", "data", "--against", "data/cuihu"),
    "plan": ("plan", "data/donghu", "--budget", "10万"),
}
SIGNS = {"docx": b"PK", "xlsx": b"PK", "html": b"<!doctype html>", "md": b"# ", "csv": b"\xef\xbb\xbf"}


@pytest.mark.many
@pytest.mark.parametrize("form", SIGNS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_result_in_every_format(name: str, form: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip(FORMATS[form].needs[0] if FORMATS[form].needs else "json")
    one, two = tmp_path / f"1.{form}", tmp_path / f"2.{form}"
    for path in (one, two):
        ran = cli(*COMMANDS[name], "-o", path)
        assert (ran.code, ran.out) == (0, ""), ran.err
    assert one.read_bytes().startswith(SIGNS[form]) and one.read_bytes() == two.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pdf", "png"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_result_on_paper(name: str, form: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    ran = cli(*COMMANDS[name], "-o", tmp_path / f"1.{form}")
    assert ran.code == 0 or "没有中文字体" in ran.err, ran.err


@pytest.mark.many
@pytest.mark.parametrize("name", [*COMMANDS, "rules"])
def test_every_page_has_the_policy_and_only_its_own_style(name: str, cli: Run) -> None:
    command = COMMANDS.get(name) or ("rules", "book")
    page = cli(*command, "--format", "html").out
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    assert f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in page
    assert "<script" not in page and not re.search(r"\sstyle=|\son[a-z]+=", page) and "unsafe" not in page


def test_a_new_format_is_a_module_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("checklist.reports.formats.shout")
    module.render = lambda document: document.title.upper().encode("utf-8")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(FORMATS, "shout", Format("shout", ".txt", "大声", text=True))
    assert FORMATS["shout"].render(Document("abc", ())) == b"ABC"
    assert set(DOCUMENTS) <= set(FORMATS) and {f.suffix for f in FORMATS.values()}


@pytest.mark.slow
def test_a_new_column_of_the_ranking_is_one_line_and_its_name_for_the_screen(
    city: str, cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Screen, CSV, xlsx, page, Markdown and JSON."""
    length = ranking_columns.RankingColumn(
        Column("编号长度", 4, "number"),
        lambda entry, _: len(entry.standing.community.id) + 4000,
        "id_length",
        lambda entry, _: len(entry.standing.community.id) + 4000,
    )
    monkeypatch.setattr(ranking_columns, "COLUMNS", (*ranking_columns.COLUMNS, length))
    monkeypatch.setattr(comparison_screen, "SHOWN", (*comparison_screen.SHOWN, "编号长度"))
    (comparison,) = json.loads(cli("compare", city, "--format", "json").out)["comparisons"]
    items = comparison["ranked"] + comparison["apart"]
    said = {str(item["id_length"]) for item in items}
    assert said == {str(len(item["community"]["id"]) + 4000) for item in items}
    for form in ("screen", "html", "md"):
        shown = cli("compare", city, "--format", form, "--min-coverage", "0", "--width", "120").out
        assert "编号长度" in shown and all(length in shown for length in said), form
    rows = list(csv.DictReader(io.StringIO(cli("compare", city, "--format", "csv").out.lstrip("\ufeff"))))
    assert {row["编号长度"] for row in rows} == said
    pytest.importorskip("xlsxwriter")
    calamine = pytest.importorskip("python_calamine")
    assert cli("compare", city, "-o", tmp_path / "x.xlsx").code == 0
    sheet = calamine.CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(sheet) if "编号长度" in row)
    at = sheet[head].index("编号长度")
    assert {str(int(row[at])) for row in sheet[head + 1 : head + 1 + len(items)]} == said


TEXTS = st.text(st.sampled_from("社区、。：（）FAC-01～ 9.5%|*_\\`<>[]#é한x\n"), max_size=30)
CELLS: st.SearchStrategy[Content] = TEXTS | st.integers(-9999, 9999) | st.none()


def table_of(rows: list[tuple[Content, ...]], title: str = "") -> Table:
    return Table(title, tuple(Column(f"列{n}", 8) for n in range(3)), tuple(rows))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), TEXTS, st.integers(40, 90))
def test_the_screen_loses_no_character_and_is_never_too_wide(
    rows: list[tuple[Content, ...]], text: str, width: int
) -> None:
    document = tidied(Document("题目", (Heading("头"), Text(text, lead="说："), Bullets((text,)), table_of(rows))))
    shown = render_text(screen(document), width)
    assert max(map(cell_len, shown.split("\n"))) <= width
    flat = "".join(shown.split())
    (table,) = (part for part in document.parts if isinstance(part, Table))
    said = "".join("".join(map(cell_text, table.columns, row)) for row in table.rows)
    assert all(ch.isspace() or ch in flat for ch in said)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), TEXTS)
def test_markdown_keeps_the_table_whole_and_the_text_a_paragraph(rows: list[tuple[Content, ...]], text: str) -> None:
    document = tidied(Document("题目", (Text(f"1. {text}"), Text(f"- {text}"), table_of(rows))))
    lines = markdown.render(document).decode("utf-8").split("\n")
    assert lines[2].startswith("1\\.") and lines[4].startswith("\\-")
    bars = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines if line.startswith("| ")]
    assert len(bars) == len(rows) + 2 and set(bars) == {4}


def test_what_each_kind_of_cell_says() -> None:
    half = Score(Fraction(45), Fraction(60))
    for column, cell, said in (
        (Column("数", 4, "number"), Fraction(1, 2), "0.5"),
        (Column("数", 4, "number", 2), 1, "1.00"),
        (Column("变", 4, "number", 2, signed=True), Fraction(1, 3), "+0.33"),
        (Column("变", 4, "number", 2, signed=True), Fraction(1, 1000), "0.00"),
        (Column("变", 4, "number", 2, signed=True), Fraction(-1, 3), "-0.33"),
        (Column("占", 4, "share"), Fraction(19, 20), "95%"),
        (Column("偏", 4, "share", 1, signed=True), Fraction(1, 20), "+5.0%"),
        (Column("分", 4, "score"), half, "45.0～60.0"),
        (Column("分", 4, "score", heat=True), half, "45?"),
        (Column("分", 4, "score", heat=True), Score(Fraction(1999, 20), Fraction(1999, 20)), "99"),
        (Column("分", 4, "score", heat=True), None, "-"),
        (Column("日", 4, "date"), date(2026, 3, 1), "2026-03-01"),
        (Column("去", 4, "link"), Jump("这里", "x"), "这里"),
        (Column("空", 4), None, ""),
    ):
        assert cell_text(column, cell) == said


def test_charts_jumps_and_columns_of_their_own_place() -> None:
    columns = (Column("去", 4, "link"), Column("页", 4, only="pages"), Column("表", 4, only="sheets"))
    score = Score(Fraction(10), Fraction(80))
    parts = (
        Heading("一章", 1, "one"),
        Table("", columns, ((Jump("一章", "one"), "只在页上", "只在表里"),)),
        Bars("条", (("甲", score),)),
        Curve("线", ((date(2026, 1, 1), score), (date(2026, 2, 1), score))),
    )
    page = html.render(Document("题", parts)).decode("utf-8")
    assert '<a href="#one">一章</a>' in page and page.count("<svg") == 2
    assert "只在页上" in page and "只在表里" not in page
    assert "只在表里" in FORMATS["csv"].render(Document("题", parts)).decode("utf-8-sig")
    files = markdown.pages(Document("题", parts))
    assert list(files) == ["README.md", "one.md"] and "[一章](one.md)" in files["one.md"].decode("utf-8")


@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_hostile_text_is_text_everywhere(form: str) -> None:
    table = Table(HOSTILE, (Column(HOSTILE, 8),), ((HOSTILE,), (FORMULA,)))
    document = tidied(Document(HOSTILE, (Heading(HOSTILE), Text(HOSTILE, lead=HOSTILE), Bullets((HOSTILE,)), table)))
    made = FORMATS[form].render(document).decode("utf-8-sig")
    assert form == "csv" or not re.search(r"(?<!\\)<script", made)
    if form == "csv":
        assert not [c for row in csv.reader(io.StringIO(made)) for c in row if c.startswith(("=", "+", "-", "@"))]
