"""compare, diff and trend as users call them: twelve communities on the screen, every format, sensitive names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from itertools import dropwhile
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import Run
from tests.golden.test_screens import gbk

Golden = Callable[[str, str], None]
BEFORE, AFTER = "data/taoli/2022-04-30.yaml", "data/taoli/2023-04-15.yaml"


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("compare", ("--top", "6", "--min-coverage", "75")),
        ("compare-all", ("--all", "--min-coverage", "0")),
        ("compare-by", ("--by", "fir", "--group", "老旧小区", "--sort", "name")),
        ("compare-sampling", ("--sampling", "--street", "湖滨街道", "--min-coverage", "0")),
    ],
)
def test_twelve_communities(
    city: str, width: int, name: str, options: tuple[str, ...], cli: Run, golden: Golden
) -> None:
    ran = cli("compare", city, *options, "--width", str(width))
    assert ran.code == 0 and max(cell_len(line) for line in ran.out.splitlines()) <= width
    golden(f"{name}-{width}.txt", ran.out)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("compare-shipped", ("compare", "data")),
        ("diff-taoli", ("diff", BEFORE, AFTER)),
        ("diff-stale", ("diff", "data/cuihu", "--as-of", "2027-06-01", "--top", "4")),
        ("trend-taoli", ("trend", "data/taoli")),
    ],
)
def test_shipped_communities(width: int, name: str, arguments: tuple[str, ...], cli: Run, golden: Golden) -> None:
    ran = cli(*arguments, "--width", str(width))
    assert ran.code == 0 and max(cell_len(line) for line in ran.out.splitlines()) <= width
    golden(f"{name}-{width}.txt", ran.out)


@pytest.mark.parametrize("arguments", [("compare", "data"), ("diff", BEFORE, AFTER), ("trend", "data/taoli")])
def test_a_gbk_console_loses_nothing(arguments: tuple[str, ...], cli: Run) -> None:
    ran = gbk(*arguments, "--width", "80")
    assert ran.returncode == 0 and ran.stdout.decode("gbk").replace("\r\n", "\n") == cli(*arguments).out


def test_json_is_complete_and_exact(city: str, cli: Run) -> None:
    document = json.loads(cli("compare", city, "--format", "json", "--min-coverage", "75").out)
    (comparison,) = document["comparisons"]
    assert comparison["ranked"] and comparison["apart"]
    assert document["schema_version"] == 1 and len(comparison["ranked"]) + len(comparison["apart"]) == 12
    for item in comparison["ranked"]:
        assert Fraction(item["coverage"]["exact"]) >= Fraction(3, 4)
        one = json.loads(cli("assess", item["file"], "--format", "json").out)["assessments"][0]
        assert one["score"] == item["score"] and one["verdict"]["kind"] == item["verdict"]["kind"]
        assert one["coverage"] == item["coverage"] and one["bands"] == item["bands"]
    assert all(Fraction(item["coverage"]["exact"]) < Fraction(3, 4) for item in comparison["apart"])
    low = [Fraction(item["score"]["exact_low"]) for item in comparison["ranked"]]
    assert low == sorted(low, reverse=True)


def test_what_an_action_wins_everywhere_is_what_each_gap_says(city: str, cli: Run) -> None:
    (comparison,) = json.loads(cli("compare", city, "--format", "json").out)["comparisons"]
    results = json.loads(cli("assess", city, "--format", "json").out)["assessments"]
    assert comparison["common"]
    for common in comparison["common"]:
        gaps = [g for r in results for g in r["gaps"] if g["criterion"] == common["criterion"]]
        assert (len(gaps), sum(Fraction(g["winnable"]) for g in gaps)) == (common["missing"], Fraction(common["lost"]))
        won: dict[str, Fraction] = {}
        for action in (a for g in gaps for a in g["actions"] if not a["then"]):
            won[action["id"]] = won.get(action["id"], Fraction(0)) + max(Fraction(action["points"]), Fraction(0))
        assert Fraction(common["won"]) == max(won.values(), default=Fraction(0))
        if common["action"]:
            assert won[common["action"]["id"]] == Fraction(common["won"])


def test_csv_opens_in_excel_and_lists_everyone(city: str, cli: Run, tmp_path: Path) -> None:
    target = tmp_path / "比较.csv"
    assert cli("compare", city, "--format", "csv", "--min-coverage", "75", "-o", target).out == ""
    raw = target.read_bytes()
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == 13 and len({len(row) for row in rows}) == 1
    why = rows[0].index("未参加排名的原因")
    assert 0 < sum(bool(row[why]) for row in rows[1:]) == sum(row[1] == "" for row in rows[1:])


def test_xlsx_holds_the_same_numbers(city: str, cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    calamine = pytest.importorskip("python_calamine")
    one, two = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for target in (one, two):
        assert cli("compare", city, "--format", "xlsx", "-o", target).code == 0
    assert one.read_bytes() == two.read_bytes()
    book = calamine.CalamineWorkbook.from_path(str(one))
    assert book.sheet_names == ["排名", "举一反三"]
    _, *sheet = dropwhile(lambda row: row[0] != "测评体系", book.get_sheet_by_index(0).to_python())
    (comparison,) = json.loads(cli("compare", city, "--format", "json").out)["comparisons"]
    assert [row[5] for row in sheet[: len(comparison["ranked"])]] == [
        item["community"]["id"] for item in comparison["ranked"]
    ]
    assert cli("compare", city, "--format", "xlsx").code == 2


class Links(HTMLParser):
    """Everything that a browser would fetch, and every tag that was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]


@pytest.mark.parametrize("arguments", [("compare", "city"), ("trend", "city/sample-0001")])
def test_pages_fetch_nothing(city: str, arguments: tuple[str, ...], cli: Run) -> None:
    ran = cli(*arguments, "--format", "html")
    page = Links()
    page.feed(ran.out)
    assert ran.code == 0 and page.fetched == [] and "script" not in page.tags and "svg" in page.tags
    assert "Content-Security-Policy" in ran.out and "unsafe" not in ran.out
    assert "url(" not in ran.out and "@import" not in ran.out


def hostile(folder: Path) -> Path:
    folder.mkdir()
    for i, name in enumerate(("=cmd|calc", "<script>alert(1)</script>", "[red]{{ 7*7 }}\u202e")):
        (folder / f"{i}.yaml").write_text(
            f'community: {{id: c{i}, name: "{name}", street: "{name}", group: "{name}"}}\n'
            "ruleset: civilized-city-community\nas_of: 2026-03-01\nfacts: {office_area_m2: 60}\n",
            encoding="utf-8",
        )
    return folder


def test_hostile_names_are_harmless_in_every_form(cli: Run, tmp_path: Path) -> None:
    folder = hostile(tmp_path / "x")
    screen = cli("compare", folder, "--min-coverage", "0").out
    assert "[red]{{ 7*7 }}" in screen.replace("\n", "") and "\u202e" not in screen
    table = cli("compare", folder, "--min-coverage", "0", "--format", "csv").out
    cells = [cell for row in csv.reader(io.StringIO(table.lstrip("\ufeff"))) for cell in row]
    assert "'=cmd|calc" in cells and not any(cell.startswith(("=", "@", "+")) for cell in cells)
    page = cli("compare", folder, "--min-coverage", "0", "--format", "html").out
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("form", ["screen", "json", "csv", "html", "md"])
def test_anonymous_codes_are_stable_and_leave_no_name(city: str, form: str, cli: Run) -> None:
    plain = json.loads(cli("compare", city, "--format", "json").out)["comparisons"][0]
    items = plain["ranked"] + plain["apart"]
    names = {item["community"][key] for item in items for key in ("id", "name", "street")}
    hidden = cli("compare", city, "--anonymous", "--format", form, "--all").out
    assert not [name for name in names if name in hidden] and "city/" not in hidden


def test_a_code_is_the_same_in_every_run_and_with_every_company(city: str, cli: Run) -> None:
    one = ("compare", f"{city}/sample-0001", "--anonymous", "--min-coverage", "0", "--format", "csv")
    alone = next(csv.DictReader(io.StringIO(cli(*one).out.lstrip("\ufeff"))))["社区编号"]
    assert alone in cli("compare", city, "--anonymous", "--all").out
    assert alone not in cli(*one, "--key", "别的口令").out


def tailoring(folder: Path) -> Path:
    """A tailoring that drops one criterion, in a folder of its own, and one community recorded for it."""
    rules = folder / "rules" / "local"
    rules.mkdir(parents=True)
    (rules / "ruleset.yaml").write_text(
        "id: local\ntitle: 本地\nedition: 本地版\nextends: civilized-city-community\nwhy: 试验\n", encoding="utf-8"
    )
    (rules / "changes.yaml").write_text("drop:\n  - why: 本地没有这一条\n    ids: [BHV-04]\n", encoding="utf-8")
    for id, name in (("a", "civilized-city-community"), ("b", "local")):
        (folder / f"{id}.yaml").write_text(
            f"community: {{id: {id}, name: {id}}}\nruleset: {name}\nas_of: 2026-03-01\nfacts: {{office_area_m2: 60}}\n",
            encoding="utf-8",
        )
    return folder


def test_different_rules_are_never_ranked_together(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tailoring(tmp_path))
    ran = cli("compare", "a.yaml", "b.yaml", "--min-coverage", "0", "--format", "json")
    parts = json.loads(ran.out)["comparisons"]
    assert [len(part["ranked"]) for part in parts] == [1, 1] and "--reassess" in ran.err
    together = cli("compare", "a.yaml", "b.yaml", "--min-coverage", "0", "--reassess", "local", "--format", "json")
    assert [len(part["ranked"]) for part in json.loads(together.out)["comparisons"]] == [2] and together.err == ""
    split = json.loads(cli("diff", "a.yaml", "--to", "local", "--format", "json").out)
    assert split["low"]["community"] == "0" and Fraction(split["high"]["standard"]) == Fraction(split["high"]["total"])
    assert [c["criterion"] for c in split["criteria"] if c["after"] is None] == ["BHV-04"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("compare",), 2, "还要写现状记录"),
        (("compare", "nowhere"), 3, "没有 nowhere"),
        (("compare", "data", "--by", "NEG"), 2, "没有 NEG 这个记分的模块"),
        (("compare", "data", "--group", "别墅"), 2, "可以写：混合社区、老旧小区"),
        (("compare", "data", "--sort", "luck"), 2, "可以写：low"),
        (("compare", "data", "--min-coverage", "101"), 2, "0 到 100"),
        (("compare", "data", "--format", "ppt"), 2, "没有 ppt"),
        (("compare", "data", "--reassess", "civilised"), 2, "没有这个测评体系"),
        (("diff", BEFORE), 2, "还要写后一份"),
        (("diff", BEFORE, "data/cuihu"), 2, "不是同一个社区"),
        (("trend", "data"), 2, "一次看一个"),
        (("calibrate", "data"), 2, "--against"),
    ],
)
def test_wrong_usage_has_a_way_out(arguments: tuple[str, ...], code: int, says: str, cli: Run) -> None:
    ran = cli(*arguments)
    assert ran.code == code and says in ran.err and "Traceback" not in ran.err


def test_a_broken_file_does_not_stop_the_others(city_folder: Path, cli: Run, tmp_path: Path) -> None:
    broken = tmp_path / "坏.yaml"
    broken.write_text("community: {id: x\n", encoding="utf-8")
    ran = cli("compare", city_folder / "city", broken)
    assert ran.code == 3 and "12 个社区" in ran.out and "坏.yaml" in ran.err
    assert cli("compare", city_folder / "city", broken, "--strict").code == 3


def test_a_missing_extra_is_named(city: str, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, form in (("docx", "docx"), ("xlsxwriter", "xlsx")):
        monkeypatch.setitem(__import__("sys").modules, module, None)
        ran = cli("compare", city, "--format", form, "-o", tmp_path / "x")
        assert ran.code == 2 and re.search(f"需要 (python-)?{module}：.*civic-checklist\\[office\\]", ran.err)


def test_the_same_input_gives_the_same_bytes(city: str, cli: Run) -> None:
    assert cli("compare", city, "--format", "json").out == cli("compare", city, "--format", "json").out
