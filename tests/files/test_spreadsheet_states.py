"""Tables where a record is asked for: every command takes them, one of many is picked, days stay apart."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from checklist import load_states
from checklist.cli.app import run
from checklist.keeping.folder import open_folder
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import read_sheets
from tests.conftest import ROOT, Run
from tests.support.tables import plain_xlsx

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Shipped records as a form, a wide table and a long one; the long one with every day."""
    folder = tmp_path_factory.mktemp("tables")
    found = {name: folder / f"{name}.xlsx" for name in ("form", "wide")} | {"long": folder / "long.csv"}
    for command in (
        ["form", str(DATA / "taoli"), "-o", str(found["form"])],
        ["table", str(DATA), "-o", str(found["wide"])],
        ["table", str(DATA), "-o", str(found["long"]), "--shape", "long", "--history", "--encoding", "gbk"],
    ):
        assert run(command) == 0
    return found


@pytest.mark.many
@pytest.mark.parametrize("kind", ["form", "wide", "long"])
@pytest.mark.parametrize(
    "command",
    [
        ("assess",), ("explain", "FAC-01"), ("next",), ("plan", "--target", "40"), ("fresh",), ("compare",), ("trend",),
        ("check",), ("ledger", "台账.csv"), ("table", "-o", "出.csv"), ("report", "--to", "md", "-o", "-", "--since", "none"),
        ("bulletin", "--to", "md", "-o", "通报.md", "--force"), ("form", "-o", "表.xlsx"),
        ("diff", "--as-of", "today"), ("calibrate", "--against", str(DATA / "taoli")),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_every_command_takes_a_table(
    kind: str,
    command: tuple[str, ...],
    tables: dict[str, Path],
    cli: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = ROOT / "rules"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").symlink_to(rules)
    path = tables[kind] if kind == "form" else f"{tables[kind]}#taoli"
    name, *options = command
    first = options[:1] if name in ("explain", "ledger") else []
    ran = cli(name, *first, path, *options[len(first) :])
    assert ran.code == 0 or (name, ran.code) == ("compare", 3), (ran.out, ran.err)
    assert "Traceback" not in ran.err and "程序自己出错" not in ran.err


@pytest.mark.parametrize("kind", ["form", "wide", "long"])
def test_a_table_scores_as_the_record_does(kind: str, tables: dict[str, Path], cli: Run) -> None:
    path = tables[kind] if kind == "form" else f"{tables[kind]}#taoli"
    screen, record = cli("assess", path).out, cli("assess", DATA / "taoli").out
    assert [line for line in screen.splitlines() if "得分" in line] == [
        line for line in record.splitlines() if "得分" in line
    ]


@pytest.mark.slow
def test_the_days_of_one_community_are_its_history(tables: dict[str, Path], cli: Run) -> None:
    folder, table = cli("trend", DATA / "taoli").out, cli("trend", f"{tables['long']}#桃李社区").out
    (table, next_command), (folder, _) = (text.split("看最近两次差在哪儿：") for text in (table, folder))
    assert table == folder and "2022-04-30 到 2023-04-15" in table
    assert f"{tables['long']}#taoli#2023-04-15" in next_command
    two = cli("diff", f"{tables['long']}#taoli#2022-04-30", f"{tables['wide']}#taoli")
    assert two.out == cli("diff", DATA / "taoli").out == cli("diff", f"{tables['long']}#taoli").out


@pytest.mark.slow
def test_what_is_not_in_a_table_is_said_with_what_is(tables: dict[str, Path], cli: Run) -> None:
    ran = cli("explain", "FAC-01", f"{tables['long']}#桃园社区")
    assert ran.code == 3 and "E112" in ran.err and "桃李社区#2022-04-30" in ran.err
    ran = cli("compare", f"{tables['long']}#桃园社区")
    assert ran.code == 3 and "E112" in ran.err
    ran = cli("explain", "FAC-01", tables["wide"])
    assert ran.code == 2 and f"{tables['wide']}#beimen" in ran.err
    assert cli("assess", f"{DATA / 'taoli'}#2022-04-30").out == cli("assess", DATA / "taoli" / "2022-04-30.yaml").out


@pytest.mark.slow
def test_two_records_of_one_day_are_told_by_compare_too(tables: dict[str, Path], cli: Run) -> None:
    ran = cli("compare", DATA, f"{tables['wide']}#cuihu", "--min-coverage", "0")
    assert ran.code == 3 and ran.err.count("E332") == 1 and "翠湖社区" in ran.err and "翠湖社区" in ran.out
    assert cli("compare", DATA, DATA / "cuihu", DATA / "cuihu" / "2026-10-15.yaml").code == 0


def test_seen_from_another_day_the_latest_record_still_counts(cli: Run) -> None:
    both = cli("compare", DATA / "taoli", "--as-of", "2024-01-01", "--min-coverage", "0", "--format", "csv").out
    last = cli("compare", DATA / "taoli#2023-04-15", "--as-of", "2024-01-01", "--min-coverage", "0", "--format", "csv")
    assert both == last.out


LOG = """社区,实测项,实测值,日期,核实人,备注
甲社区,路面坑洼破损,6处,3月1日,张三,
甲社区,路面坑洼破损,3处,6月1日,李四,
甲社区,已装的路灯,40,3月1日,张三,
甲社区,NBR-02,不适用,,,辖区里没有农贸市场
乙社区,路面坑洼破损,2,6月1日,李四,
乙社区,路面坑洼破损,4,6月1日,王五,
"""


def test_a_list_of_what_was_seen_when_is_a_history(tmp_path: Path, cli: Run, ruleset: Ruleset) -> None:
    path = tmp_path / "登记.csv"
    path.write_text(LOG, encoding="utf-8")
    loaded = load_states([path], ruleset=ruleset, every_day=True)
    first, last, other = (item.state for item in loaded.states)
    assert (str(first.as_of), first.readings["potholes"].value) == ("2026-03-01", 6)
    assert (str(last.as_of), last.readings["potholes"].value) == ("2026-06-01", 3)
    assert last.readings["lamps_installed"] == first.readings["lamps_installed"]
    assert set(first.not_applicable) == set(last.not_applicable) == {"NBR-02"}
    assert other.unusable == {"potholes"} and not other.readings
    ran = cli("trend", f"{path}#甲社区")
    assert "W238" in ran.err and "按历次记录读成 2 份" in ran.err
    told = "".join(ran.err.split())
    assert "E222" in told and "4处（2026-06-01王五，C7）" in told and "2处（2026-06-01李四，C6）" in told


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        ("甲,NBR-02,有,,", "C2", "NBR-02 是测评标准"),
        ("甲,NBR-02,不适用,,", "E2", "没有写理由"),
        ("甲,NBR-02,不适用,2026-13-01,没有市场", "D2", "没有“2026-13-01”这一天"),
        ("甲,NBR-99,不适用,,没有", "B2", "没有这个实测项 NBR-99"),
        ("甲,FAC-01,不适用,,没有", "C2", "不能声明为不适用"),
    ],
)
def test_a_declaration_in_a_long_table_is_checked(row: str, place: str, says: str, tmp_path: Path, cli: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"社区,编号,实测值,到哪天为止,备注\n{row}\n", encoding="utf-8")
    ran = cli("assess", path)
    assert says in ran.err and f"a.csv!{place}" in ran.err


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("辖区没有", "看不懂"),
        ("NBR-99：没有", "没有这条测评标准 NBR-99"),
        ("NBR-02：没有市场（到 2026-13-01）", "没有“2026-13-01”这一天"),
    ],
)
def test_a_declaration_in_a_wide_table_is_checked(cell: str, says: str, tmp_path: Path, cli: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"社区,不适用,路面坑洼破损\n甲,{cell},3\n", encoding="utf-8")
    ran = cli("assess", path)
    assert says in ran.err and "a.csv!B2" in ran.err


def test_one_id_for_two_names_in_a_table_is_a_mistake(tmp_path: Path, cli: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text("社区编号,社区,路面坑洼破损\njia,甲,3\njia,乙,4\n", encoding="utf-8")
    ran = cli("assess", path)
    assert ran.code == 3 and "E332" in ran.err and "a.csv!B3" in ran.err


def test_a_table_names_its_ruleset(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("测评体系,社区,路面坑洼破损\n没有这套,甲,3\n", encoding="utf-8")
    assert "没有这套" in cli("assess", path).err
    ran = cli("assess", path, "--rules", "civilized-city-community")
    assert "W233" in ran.err and ran.code != 3
    tailored = tmp_path / "b.csv"
    assert cli("table", DATA / "cuihu", "-o", tailored, "--rules", "strict-local").code == 0
    assert "civilized-city-community" in tailored.read_text(encoding="utf-8-sig")


@pytest.mark.slow
def test_bringing_back_what_was_exported_changes_nothing(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    shutil.copytree(DATA, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    for shape in ("wide", "long"):
        table = tmp_path / f"{shape}.csv"
        assert cli("table", folder, "-o", table, "--shape", shape).code == 0
        ran = cli("import", table, "--into", folder, "--write")
        assert ran.code == 0 and "重新核实" not in ran.out and "新填" not in ran.out and "不适用的声明" not in ran.out
    assert before == {path: path.read_bytes() for path in folder.rglob("*.yaml")}


def test_of_many_days_only_the_last_is_brought_in(cli: Run, tables: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(DATA / "taoli", tmp_path / "桃李")
    ran = cli("import", tables["long"], "--into", tmp_path / "桃李")
    assert "W239" in ran.err and "冲突" not in ran.out and "改动：" not in ran.out


def test_a_declaration_is_brought_in(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    cli("init", "甲社区", "--rules", "civilized-city-community", "--tier", "core", "--street", "", "--folder", folder)
    text = "社区,现状日期,不适用,路面坑洼破损\n甲社区,2026-11-20,NBR-02：没有农贸市场（到 2027-01-01）,3\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    ran = cli("import", tmp_path / "a.csv", "--into", folder, "--write")
    assert ran.code == 0 and "周边农贸市场：没有农贸市场" in ran.out
    declared = open_folder(folder).declared()["", "NBR-02"]
    assert (declared.reason, str(declared.until)) == ("没有农贸市场", "2027-01-01")


def test_rare_characters_are_told_and_come_back(cli: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("社区,路面坑洼破损\n㙍𠮷社区,3\n", encoding="utf-8")
    table = tmp_path / "b.csv"
    ran = cli("table", source, "-o", table, "--encoding", "gbk")
    assert ran.code == 0 and "GBK 里没有" in ran.err and "𠮷" in ran.err
    assert "㙍𠮷社区" in cli("assess", table).out
    assert "GBK 里没有" not in cli("table", DATA / "taoli", "-o", table, "--encoding", "gbk").err


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_inspectors_bring_scores_or_answers(ending: str, cli: Run, tmp_path: Path) -> None:
    scores = [["社区", "日期", "标准", "档次"], ["cuihu", "2026-10-15", "FAC-01", "B"], ["x", "昨天", "FAC-01", "A"]]
    path = tmp_path / f"打分.{ending}"
    if ending == "csv":
        path.write_text("\n".join(map(",".join, scores)), encoding="gbk")
    else:
        path.write_bytes(plain_xlsx("打分表", scores[0], scores[1:]))
    ran = cli("calibrate", DATA, "--against", path)
    assert ran.code == 3 and "FAC-01" in ran.out and f"打分.{ending}!" in ran.err and "B3" in ran.err
    answers = tmp_path / f"检查.{ending}"
    cli("table", DATA / "cuihu", "-o", answers, "--shape", "long")
    assert cli("calibrate", DATA / "cuihu", "--against", answers).code == 0


@pytest.mark.parametrize("command", ["diff", "calibrate"])
@pytest.mark.parametrize("ending", ["md", "html", "xlsx", "json"])
def test_differences_and_calibrations_are_files_too(command: str, ending: str, cli: Run, tmp_path: Path) -> None:
    out = tmp_path / f"结果.{ending}"
    extra = ("--against", DATA / "cuihu") if command == "calibrate" else ()
    source = DATA / ("cuihu" if command == "calibrate" else "taoli")
    assert cli(command, source, *extra, "-o", out).code == 0
    once = out.read_bytes()
    assert cli(command, source, *extra, "-o", out).code == 0 and out.read_bytes() == once
    if ending == "xlsx":
        cells = {cell for sheet in read_sheets(out) for row in sheet.rows for cell in row}
        assert {"保底分", 2.13} <= cells if command == "diff" else {"偏差", 0.0} <= cells
    else:
        assert "FAC-01" in once.decode("utf-8")
    assert cli(command, source, *extra, "--format", "xlsx").code == 2


@pytest.mark.parametrize(
    "words", ["＃桃李社区＃２０２２－０４－３０", "#ＴＡＯＬＩ#2022年4月30日", "＃桃李 社区#2022.4.30"]
)
def test_the_words_behind_a_table_may_be_in_full_width(
    words: str, tables: Mapping[str, Path], cli: Run, tmp_path: Path
) -> None:
    meant = cli("assess", f"{tables['long']}#taoli#2022-04-30")
    typed = cli("assess", f"{tables['long']}{words}")
    assert typed.code == meant.code == 0 and typed.out == meant.out
    strange = tmp_path / "总表＃2022#一期.csv"  # a name with the mark in it stays a name
    strange.write_bytes(tables["long"].read_bytes())
    assert cli("assess", f"{strange}{words}").out.splitlines()[:4] == meant.out.splitlines()[:4]


@pytest.mark.many
@pytest.mark.parametrize("control", ["\\0", "\\a", "\\v", "\\e", "\\x1f", "\\x7f", "\\N", "\\L", "\\r", "\\n", "\\t"])
@pytest.mark.parametrize("out", ["出.csv", "出.xlsx"])
def test_a_table_that_we_wrote_is_one_that_we_read(control: str, out: str, cli: Run, tmp_path: Path) -> None:
    """NUL says to every reader that a text table is broken: it is left out; nothing else is lost."""
    record, table = tmp_path / "现状.yaml", tmp_path / out
    head = "community: {id: jia, name: 甲社区}\nruleset: civilized-city-community\nas_of: 2026-11-20\n"
    record.write_text(f'{head}facts:\n  potholes: {{value: 3, note: "南{control}门"}}\n', encoding="utf-8")
    assert cli("table", record, "-o", table, "--shape", "long").code == 0
    notes = [load_states([path]).states[0].state.readings["potholes"].note for path in (record, table)]
    before, after = (note.replace("\0", "") for note in notes)
    assert before == after
