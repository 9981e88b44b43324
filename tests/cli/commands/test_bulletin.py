"""``checklist bulletin``: a few pages to sign and an annex; silence earns nothing, delicate matters name nobody."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.communities import write
from checklist.values.yaml_out import inline
from tests.conftest import Run
from tests.support.places import ROOT

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
BROKEN = "facts: [\n"


def said(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows(text: str, title: str) -> list[list[str]]:
    """The rows of the Markdown table under a title, its head first."""
    lines = text[text.index(title) :].splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("|"))
    table = lines[start : next((n for n in range(start, len(lines)) if not lines[n].startswith("|")), len(lines))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for n, line in enumerate(table) if n != 1]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three communities of two days each."""
    for name in ("beimen", "cuihu", "donghu"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "qu" / name)
        (latest,) = (tmp_path / "qu" / name).glob("2026-10-15.yaml")
        text = said(latest).replace("as_of: 2026-10-15", "as_of: 2026-11-15")
        latest.with_name("2026-11-15.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "qu"


def test_a_bulletin_of_three_communities(cli: Run, tmp_path: Path) -> None:
    ran = cli(
        "bulletin", "data/cuihu", "data/donghu", "data/beimen", "--from", "示例市创建办", "--to", "md", "-o", tmp_path
    )
    assert ran.code == 0
    text = said(tmp_path / "示例市创建办-督查通报-2026-10-15.md")
    for heading in ("## 一、督查情况", "## 二、存在的主要问题", "## 三、整改情况", "## 四、下一步要求", "得分和名次"):
        assert heading in text
    assert "共登记问题 222 个，已销号 196 个，销号率 88.3%" in text
    flags = {row[0]: row for row in rows(text, "没有解除的红线和一票否决")}
    assert flags["FIR-04 电动自行车进楼"][1] == "红线"
    unranked = cli("bulletin", "data/cuihu", "data/donghu", "--no-rank", "--to", "md", "-o", tmp_path / "b.md")
    assert unranked.code == 0
    assert "名次" not in said(tmp_path / "b.md")


def test_the_paper_comes_with_its_annex(cli: Run, tmp_path: Path) -> None:
    assert cli("bulletin", "data/cuihu", "data/beimen", "-o", tmp_path).code == 0
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".xlsx"]
    assert cli("bulletin", "data/cuihu", "data/beimen", "-o", tmp_path / "one.md").code == 0
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".md", ".xlsx"]


def test_a_bulletin_counts_by_the_offices_ledger(cli: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "台账.csv"
    assert cli("ledger", ledger, "data/donghu", "data/beimen", "--assign").code == 0
    entries = len(ledger.read_text(encoding="utf-8-sig").splitlines()) - 1
    ran = cli("bulletin", "data/donghu", "data/beimen", "--ledger", ledger, "--to", "md", "-o", tmp_path / "b.md")
    assert ran.code == 0
    text = said(tmp_path / "b.md")
    assert f"共登记问题 {entries} 个，已销号 0 个" in text and "没有台账记录" not in text
    for title in ("各街道销号情况", "各责任单位销号情况"):
        counted = rows(text, title)[1:]
        assert all(int(row[1]) == int(row[2]) + int(row[3]) for row in counted), title
    assert sum(int(row[1]) for row in rows(text, "各街道销号情况")[1:]) == entries
    head, first, second, *rest = ledger.read_text(encoding="utf-8-sig").splitlines()
    days = {"销号时间": first, "不适用时间": second}
    lines = [f"{head},不适用时间", *(_on(head, line, column) for column, line in days.items()), *rest]
    ledger.write_text("\n".join(lines), encoding="utf-8")
    ran = cli("bulletin", "data/donghu", "data/beimen", "--ledger", ledger, "--to", "md", "-o", tmp_path / "c.md")
    rate = f"销号率 {100 / (entries - 1):.1f}%；另 1 个已声明不适用"
    assert f"共登记问题 {entries} 个，已销号 1 个，{rate}" in said(tmp_path / "c.md")
    assert cli("bulletin", "data/donghu", "--ledger", tmp_path / "no.csv", "--to", "md", "-o", tmp_path).code == 2


def _on(head: str, line: str, column: str) -> str:
    """The row with a day in that column."""
    columns, cells = [*head.split(","), "不适用时间"], [*next(csv.reader([line])), ""]
    cells[columns.index(column)] = "2026-10-15"
    return ",".join(f'"{cell}"' for cell in cells)


def test_what_a_latest_record_does_not_say_is_told(three: Path, cli: Run, tmp_path: Path) -> None:
    """Deleting the answers behind the gaps: no better place, and the row says how much is not checked."""
    (latest,) = (three / "beimen").glob("2026-11-15.yaml")
    whole = cli("bulletin", three, "--to", "md", "-o", tmp_path / "a.md")
    assert whole.code == 0
    kept = re.split(r"(?m)^facts:\n", said(latest))
    lines = kept[1].splitlines(keepends=True)
    latest.write_text(f"{kept[0]}facts:\n{''.join(lines[: len(lines) // 2])}", encoding="utf-8")
    ran = cli("bulletin", three, "--to", "md", "-o", tmp_path / "b.md")
    before, after = (
        {row[1]: row for row in rows(said(tmp_path / f"{name}.md"), "得分和名次")[1:]} for name in ("a", "b")
    )
    (name,) = (name for name in before if "北门" in name)
    assert after[name][0] in ("不排", "3") and int(after[name][6]) > int(before[name][6]) + 20
    assert "这次没有核实" in said(tmp_path / "b.md") and ran.code in (0, 3)


def test_a_record_that_cannot_be_read_marks_its_row(three: Path, cli: Run, tmp_path: Path) -> None:
    (three / "beimen" / "2026-11-15.yaml").write_text(BROKEN, encoding="utf-8")
    for file in (three / "donghu").glob("20*.yaml"):
        file.write_text(BROKEN, encoding="utf-8")
    ran = cli("bulletin", three, "--to", "md", "-o", tmp_path / "b.md")
    text = said(tmp_path / "b.md")
    assert ran.code == 3
    assert re.search(r"北门社区.*（记录有误）", text) and "翠湖社区（示例数据）（记录有误）" not in text
    assert "1 个社区最近的记录读不进来，用的是以前的记录：" in text
    assert "没有列入：donghu（2 份）" in text and "**3. 重报记录。**" in text
    told = cli("compare", three)
    assert told.code == 3 and "（2026-11-15.yaml）读不进来，看的是" in "".join(told.out.split())
    (three / "beimen" / "2026-11-15.yaml").write_text("# 别的\n", encoding="utf-8")
    (three / "beimen" / "2026-01-01.yaml").write_text(BROKEN, encoding="utf-8")
    (three / "beimen" / "2026-11-15.yaml").unlink()
    assert "记录有误" not in cli("bulletin", three, "--to", "md", "-o", "-").out, "an older broken file hides nothing"


def test_delicate_matters_name_nobody(tmp_path: Path, cli: Run) -> None:
    """Red lines and vetoes that 纪委 or 公安 lead: how many communities, and no name, on paper and in the annex."""
    folder = tmp_path / "qu"
    for n, name in enumerate(("甲里社区", "乙里社区", "丙里社区")):
        facts = {"vice_reports_open": 3 if n == 0 else 0, "major_environment_incidents_12m": 1 if n == 1 else 0}
        body = "".join(f"  {key}: {inline(value)}\n" for key, value in facts.items())
        head = f"community: {{id: c{n}, name: {name}, street: 街道{n}}}\nruleset: civilized-city-community\n"
        (folder / name).mkdir(parents=True)
        text = f"{head}as_of: 2026-11-01\nfacts:\n{body}"
        (folder / name / "2026-11-01.yaml").write_text(text, encoding="utf-8")
    assert cli("bulletin", folder, "--to", "md,html", "-o", tmp_path / "out").code == 0
    text = next(said(path) for path in (tmp_path / "out").glob("*.md"))
    assert "派出所牵头的 1 条红线和否决，涉及 1 个社区" in text and "NEG-08" not in text and "NEG-03" in text
    demanded = text[text.index("立即解除") :].splitlines()[0]
    assert "乙里社区" in demanded and "甲里社区" not in demanded
    named = cli("bulletin", folder, "--name-all", "--to", "md", "-o", "-").out
    assert "NEG-08" in named and "派出所牵头" not in named


def test_a_bulletin_does_not_mix_yardsticks(cli: Run, tmp_path: Path) -> None:
    ran = cli("bulletin", "data", "--to", "junit", "-o", tmp_path)
    assert ran.code == 2 and "没有 junit 这种格式" in ran.err


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="没有 LibreOffice（apt-get install libreoffice-writer libreoffice-calc）")
def test_sixty_communities_are_eight_pages_and_all_who_are_meant_are_named(cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("docx")
    if shutil.which("pdfinfo") is None:
        pytest.skip("没有 pdfinfo（apt-get install poppler-utils）")
    write(tmp_path / "qu", 60)
    for record in (tmp_path / "qu").rglob(
        "*.yaml"
    ):  # as real ones are called: （示例数据） behind each name takes lines
        record.write_text(re.sub(r",? *invented: true|（示例数据）", "", said(record)), encoding="utf-8")
    ledger, out = tmp_path / "台账.csv", tmp_path / "out"
    assert cli("ledger", ledger, tmp_path / "qu", "--assign", "--top", "0").code == 0
    asked = ("bulletin", tmp_path / "qu", "--ledger", ledger, "--from", "示例市创建办")
    assert cli(*asked, "--to", "docx,xlsx,md", "-o", out).code == 0
    (paper,) = out.glob("*.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(paper)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    told = subprocess.run(["pdfinfo", str(paper.with_suffix(".pdf"))], check=True, capture_output=True).stdout.decode()
    pages = int(re.search(r"Pages:\s*(\d+)", told)[1])  # type: ignore[index]
    assert 3 <= pages <= 8
    (text,) = (said(path) for path in out.glob("*.md"))
    standings = rows(text, "得分和名次")
    head, body = standings[0], standings[1:]
    assert len(body) == 60
    flagged = [row[head.index("社区")] for row in body if int(row[head.index("未清红线")])]
    demanded = text[text.index("立即解除红线和一票否决。") :].splitlines()[0]
    assert flagged and all(name in demanded for name in flagged)
    assert demanded.count("社区") == len(flagged)
