"""The papers opened by the programs that people open them with: LibreOffice, Chromium with axe-core.

Slow; each proof is left out with a plain message where its program is missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checklist.engine.comparing.compare import compare, stand
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_forms import report
from checklist.reports.bulletin.bulletin import bulletin
from checklist.reports.bulletin.issue import Covered, Issue
from checklist.reports.formats import FORMATS
from tests.conftest import Run
from tests.support import dossiers as worlds

pytestmark = pytest.mark.slow
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE, NPM = shutil.which("node"), shutil.which("npm")


def need(*modules: str) -> None:
    for module in modules:
        pytest.importorskip(module, reason=f"没有装 {module}")


@pytest.mark.parametrize("format", FORMATS)
def test_every_shipped_community_in_every_format(format: str, cli: Run, tmp_path: Path) -> None:
    need(*FORMATS[format].needs)
    if format in ("pdf", "png"):
        _need_chinese_font()
    ran = cli("report", "data", "--to", format, "-o", tmp_path)
    assert ran.code == 0, ran.err
    assert len(list(tmp_path.iterdir())) == 6
    assert min(path.stat().st_size for path in tmp_path.iterdir()) > 10_000


def _need_chinese_font() -> None:
    from checklist.reports.formats.typesetting import fonts

    try:
        fonts()
    except Refusal:
        pytest.skip("本机没有中文字体（apt-get install fonts-noto-cjk）")


@pytest.mark.skipif(OFFICE is None, reason="没有 LibreOffice（apt-get install libreoffice-writer libreoffice-calc）")
@pytest.mark.parametrize("name", ["taoli", "weak", "hostile"])
@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_libreoffice_opens_it_and_prints_it(
    format: str, name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    need(*FORMATS[format].needs)
    dossier: Dossier = request.getfixturevalue(name)
    source = tmp_path / f"paper.{format}"
    source.write_bytes(report(dossier, format))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    printed = (tmp_path / "paper.pdf").read_bytes()
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", str(tmp_path / "paper.pdf"), "-"], check=True, capture_output=True).stdout
        said = "".join(text.decode("utf-8").split())
        assert "问题清单" in said
        if format == "docx":
            assert "—1—" in said and "六、下一步打算" in said


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if CHROMIUM is None or NODE is None or NPM is None:
        pytest.skip("没有 node、npm 或 chromium，无障碍检查没有做（apt-get install nodejs npm chromium）")
    folder = tmp_path_factory.mktemp("node")
    command = [NPM, "install", "--ignore-scripts", "--no-audit", "--no-fund", "axe-core@4", "puppeteer-core@24"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"axe-core 装不上，无障碍检查没有做：{done.stderr[-200:]}")
    return folder


def test_the_page_passes_axe_on_desk_and_phone_light_and_dark_offline(
    modules: Path, taoli: Dossier, weak: Dossier, hostile: Dossier, tmp_path: Path
) -> None:
    need("jinja2")
    pages = []
    for name, dossier in (("taoli", taoli), ("weak", weak), ("hostile", hostile)):
        pages.append(tmp_path / f"{name}.html")
        pages[-1].write_bytes(report(dossier, "html"))
    pages.append(tmp_path / "bulletin.html")
    told = [taoli, weak, hostile]
    comparison = compare([stand(d.assessment.ruleset, d.assessment.state) for d in told])
    paper = bulletin(Issue(tuple(Covered(d.assessment) for d in told), comparison, worlds.DAY))
    pages[-1].write_bytes(FORMATS["html"].render(paper))
    for seen in _look(modules, pages):
        where = f"{Path(seen['page']).name}, {seen['view']}"
        assert seen["violations"] == [], where
        assert seen["asked"] == [], f"{where}: the page tried to reach something"
        assert seen["errors"] == [], where
        assert seen["wide"] <= 0, f"{where}: the page scrolls sideways"
        assert seen["passes"] > 20, f"{where}: axe checked next to nothing"
        if seen["use"] is not None:
            assert seen["use"]["rows"] > seen["use"]["left"] >= 1, f"{where}: the filter does nothing"
            assert seen["use"]["sorted"], f"{where}: the table is not sorted"


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "data"),
        ("trend", "data/taoli"),
        ("diff", "data/taoli"),
        ("calibrate", "data", "--against", "data/cuihu"),
    ],
    ids=lambda command: str(command[0]),
)
def test_comparing_pages_pass_axe_too(command: tuple[str, ...], modules: Path, cli: Run, tmp_path: Path) -> None:
    need("jinja2")
    page = tmp_path / f"{command[0]}.html"
    assert cli(*command, "-o", page).code == 0
    for seen in _look(modules, [page]):
        assert (seen["violations"], seen["asked"], seen["errors"]) == ([], [], []), seen["view"]
        assert seen["passes"] > 15, f"{seen['view']}: axe checked next to nothing"


def _look(modules: Path, pages: list[Path]) -> list[dict[str, Any]]:
    script = Path(__file__).parent / "axe.mjs"
    command = [str(NODE), str(script), str(CHROMIUM), str(modules), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_typst_sets_it_the_same_each_time_and_runs_nothing_hostile(
    format: str, hostile: Dossier, ruleset: Ruleset
) -> None:
    need("typst")
    _need_chinese_font()
    first = report(hostile, format)
    assert first == report(hostile, format)
    assert first.startswith(b"%PDF" if format == "pdf" else b"\x89PNG")
    for dossier in (worlds.dossier_of(ruleset, worlds.empty_state(ruleset)),):
        assert report(dossier, format)
