"""``checklist report`` and ``checklist bulletin``: names, several at once, nothing overwritten, missing libraries."""

from __future__ import annotations

import json
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from checklist.cli import delivery as reporting
from checklist.cli.papers import safe_name
from checklist.reports.formats import FORMATS
from tests.conftest import ROOT, Run

TAOLI = "data/taoli/2023-04-15.yaml"


def test_names_are_the_offices_own(cli: Run, tmp_path: Path) -> None:
    ran = cli("report", TAOLI, "--to", "md,csv,json", "-o", tmp_path)
    assert ran.code == 0
    assert ran.out == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "桃李社区-自查报告-2023-04-15.md",
        "桃李社区-自查结果-2023-04-15.csv",
        "桃李社区-自查结果-2023-04-15.json",
    ]


@pytest.mark.slow
def test_a_folder_is_reported_community_by_community_against_the_last_time(cli: Run, tmp_path: Path) -> None:
    assert cli("report", "data", "--to", "md", "-o", tmp_path / "new" / "folder").code == 0
    made = sorted(p.name for p in (tmp_path / "new" / "folder").iterdir())
    assert len(made) == 6 and not any("2022" in name for name in made)
    text = (tmp_path / "new" / "folder" / "桃李社区-自查报告-2023-04-15.md").read_text(encoding="utf-8")
    assert "与2022年4月30日相比" in text


def test_since_and_none(cli: Run, tmp_path: Path) -> None:
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    assert cli("report", TAOLI, "--since", "data/taoli/2022-04-30.yaml", "--to", "md", "-o", one).code == 0
    assert cli("report", "data/taoli", "--since", "none", "--to", "md", "-o", other).code == 0
    assert "与2022年4月30日相比" in one.read_text(encoding="utf-8")
    assert "相比" not in other.read_text(encoding="utf-8")
    assert cli("report", TAOLI, "--since", "data/nowhere", "--to", "md", "-o", tmp_path / "x.md").code == 2


def test_nothing_is_overwritten_unasked(cli: Run, tmp_path: Path) -> None:
    target = tmp_path / "桃李社区-自查报告-2023-04-15.md"
    target.write_text("原来的", encoding="utf-8")
    ran = cli("report", TAOLI, "--to", "csv,md", "-o", tmp_path)
    assert ran.code == 2
    assert "没有覆盖" in ran.err and "--force" in ran.err
    assert target.read_text(encoding="utf-8") == "原来的"
    assert list(tmp_path.iterdir()) == [target], "not even the other format was written"
    assert cli("report", TAOLI, "--to", "csv,md", "-o", tmp_path, "--force").code == 0
    assert "创城工作汇报" in target.read_text(encoding="utf-8")


def test_text_formats_go_to_the_screen(cli: Run) -> None:
    document = json.loads(cli("report", TAOLI, "--to", "json", "-o", "-").out)
    assert document["assessments"][0]["community"]["id"] == "taoli"
    assert cli("report", TAOLI, "--to", "json,md", "-o", "-").code == 2
    assert cli("report", TAOLI, "--to", "docx", "-o", "-").code == 2
    notice = cli("bulletin", "data", "--to", "md", "-o", "-")
    assert notice.code == 0 and notice.out.startswith("# ") and cli("bulletin", "data", "-o", "-").code == 2
    assert json.loads(cli("report", "--schema").out)["title"].endswith("schema_version 1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "word"], "没有 word 这种格式"),
        (["--to", ","], "--to 后面要写格式"),
        (["--to", "md", "--template", "x.docx"], "--template 只用于"),
        (["--to", "docx", "--template", "no-such.docx"], "没有 no-such.docx"),
        (["--to", "md", "--photos"], "--photos 只用于"),
        (["--to", "md", "-o", "README.md/x"], "建不了文件夹"),
    ],
)
def test_wrong_usage_is_told(words: list[str], said: str, cli: Run) -> None:
    ran = cli("report", TAOLI, *words)
    assert ran.code == 2
    assert said in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize("format", [name for name, f in FORMATS.items() if f.needs])
def test_a_missing_library_is_named_before_any_work(
    format: str, cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (module,) = FORMATS[format].needs
    monkeypatch.setattr(reporting, "find_spec", lambda name: None if name == module else find_spec(name))
    ran = cli("report", TAOLI, "--to", f"md,{format}", "-o", tmp_path / "out")
    assert ran.code == 2
    package = {"docx": "python-docx"}.get(module, module)
    assert f'需要 {package}：pip install "civic-checklist[{FORMATS[format].extra}]"' in ran.err
    assert not (tmp_path / "out").exists()


def test_a_machine_without_chinese_fonts_is_told_what_to_do(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typst = pytest.importorskip("typst", reason="没有装 typst")

    class Bare:
        def families(self) -> list[str]:
            return ["DejaVu Sans"]

    monkeypatch.setattr(typst, "Fonts", Bare)
    ran = cli("report", TAOLI, "--to", "pdf", "-o", tmp_path)
    assert ran.code == 2
    assert "本机没有中文字体" in ran.err and "改用 docx" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_template_that_is_no_word_file_is_told(cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="没有装 python-docx")
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"hello")
    ran = cli("report", TAOLI, "--template", bad, "-o", tmp_path / "out.docx")
    assert ran.code == 3 and "不是 Word 文件" in ran.err
    assert not (tmp_path / "out.docx").exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("桃李社区", "桃李社区"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a<b>:"|?*\\c', "a_b_c"),
        ("CON", "_CON"),
        ("\u202e社区\x00 . ", "社区"),
        ("///", "_"),
        ("", "社区"),
        ("长" * 300, "长" * 30),
    ],
)
def test_file_names_are_safe_everywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_communities_of_one_name_get_files_of_their_own(cli: Run, tmp_path: Path) -> None:
    for id in ("east", "west"):
        folder = tmp_path / "data" / id
        folder.mkdir(parents=True)
        text = f"community: {{id: {id}, name: 幸福社区}}\nruleset: civilized-city-community\nas_of: 2026-01-01\nfacts: {{}}\n"
        (folder / "2026-01-01.yaml").write_text(text, encoding="utf-8")
    assert cli("report", tmp_path / "data", "--to", "csv", "-o", tmp_path / "out").code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "幸福社区-east-自查结果-2026-01-01.csv",
        "幸福社区-west-自查结果-2026-01-01.csv",
    ]


def test_photos_are_small_upright_and_without_the_cameras_data(cli: Run, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="没有装 Pillow")
    pytest.importorskip("jinja2", reason="没有装 jinja2")
    folder = tmp_path / "garden"
    folder.mkdir()
    exif = image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET-CAMERA", 6
    image.new("RGB", (2000, 1000), "green").save(folder / "road.jpg", exif=exif)
    (tmp_path / "outside.jpg").write_bytes((folder / "road.jpg").read_bytes())
    (folder / "broken.png").write_bytes(b"not a picture")
    record = (
        "community: {id: garden, name: 花园社区}\nruleset: civilized-city-community\nas_of: 2026-01-01\nfacts:\n"
        "  potholes: {value: 2, on: 2026-01-01, evidence: [road.jpg, ../outside.jpg, broken.png, 会议记录]}\n"
    )
    (folder / "2026-01-01.yaml").write_text(record, encoding="utf-8")
    ran = cli("report", folder, "--to", "html", "--photos", "-o", tmp_path / "out.html")
    assert ran.code == 0
    assert "有 2 张佐证照片没有放进网页" in ran.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    pictures = [part.split('"')[0] for part in page.split('src="data:image/jpeg;base64,')[1:]]
    assert len(pictures) == len(set(pictures)) == 1
    import base64
    from io import BytesIO

    data = base64.b64decode(pictures[0])
    assert b"SECRET" not in data and b"Exif" not in data
    assert image.open(BytesIO(data)).size == (240, 480)


@pytest.mark.slow
def test_the_plan_in_the_report_keeps_to_what_was_asked(cli: Run, tmp_path: Path) -> None:
    small, large = tmp_path / "small.md", tmp_path / "large.md"
    assert cli("report", "data/beimen", "--budget", "0", "--to", "md", "-o", small).code == 0
    assert cli("report", "data/beimen", "--target", "80", "--start", "2026-11-01", "--to", "md", "-o", large).code == 0
    assert "估计费用 不花钱" in small.read_text(encoding="utf-8")
    said = large.read_text(encoding="utf-8")
    assert "从2026年11月1日算起" in said and "得分由 42.5 分变为 8" in said
    poor = cli("report", "data/beimen", "--budget", "0", "--target", "99", "--to", "md", "-o", tmp_path / "poor.md")
    assert poor.code == 0
    assert "目标 99 分在这些条件下达不到" in (tmp_path / "poor.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["md", "html", "xlsx", "docx"])
def test_a_report_without_the_solver_says_so(
    form: str, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved, chosen = tmp_path / f"proved.{form}", tmp_path / f"chosen.{form}"
    with_it = cli("report", "data/donghu", "--to", form, "-o", proved)
    monkeypatch.setitem(sys.modules, "highspy", None)
    without = cli("report", "data/donghu", "--to", form, "-o", chosen)
    assert with_it.code == without.code == 0
    assert "求解器" not in with_it.err and 'pip install "civic-checklist[plan]"' in without.err
    assert "没有用求解器" in words(chosen) and "没有用求解器" not in words(proved)


def words(path: Path) -> str:
    """All text of a paper; of an office file, its parts joined."""
    if path.suffix not in (".xlsx", ".docx"):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_a_red_line_open_at_several_sites_is_told_once(cli: Run, tmp_path: Path) -> None:
    text = (ROOT / "data" / "hechi" / "2026-10-15.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("fire_lane_blocked_spots: 0", "fire_lane_blocked_spots: 2"), "utf-8")
    assert cli("bulletin", tmp_path / "a.yaml", "-o", tmp_path / "b.xlsx").code == 0
    sheet = CalamineWorkbook.from_path(str(tmp_path / "b.xlsx")).get_sheet_by_name("未清红线和一票否决").to_python()
    (line,) = [" ".join(map(str, row)) for row in sheet if "消防车通道畅通" in str(row)]
    assert "4 个小区里 4 个不达标（荷池北里、荷池南里、翠竹苑、锦绣花园）" in line and line.count("4 个小区") == 1
