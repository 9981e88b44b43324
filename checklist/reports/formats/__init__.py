"""One module for each format that a report can take. A new format is one module and one line in ``FORMATS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.document.document import Document


@dataclass(frozen=True, slots=True)
class Format:
    """``module`` has ``report(dossier)``, and ``render(paper)`` where ``paper`` is true. ``needs`` are the libraries
    to import and ``extra`` the optional part of the distribution that brings them. ``text`` may go to a terminal."""

    module: str
    suffix: str
    says: str
    needs: tuple[str, ...] = ()
    extra: str = ""
    text: bool = False
    paper: bool = False
    explains: bool = False

    def load(self) -> Any:
        return import_module(f"checklist.reports.{self.module}")

    def report(self, dossier: Dossier) -> bytes:
        make: Callable[[Dossier], bytes] = self.load().report
        return make(dossier)

    def render(self, paper: Document) -> bytes:
        make: Callable[[Document], bytes] = self.load().render
        return make(paper)


FORMATS: Final[dict[str, Format]] = {
    "docx": Format("formats.docx", ".docx", "Word 公文", ("docx",), "office", paper=True),
    "xlsx": Format("assessment.report_workbook", ".xlsx", "Excel 工作簿，带图表和三张清单", ("xlsxwriter",), "office"),
    "html": Format("formats.html", ".html", "网页，一个文件，不联网", ("jinja2",), "office", paper=True, explains=True),
    "pdf": Format("formats.pdf", ".pdf", "PDF 公文", ("typst",), "pdf", paper=True),
    "png": Format("formats.png", ".png", "长图，发群里看", ("typst",), "pdf"),
    "md": Format("formats.markdown", ".md", "Markdown", text=True, paper=True),
    "csv": Format("formats.criteria_csv", ".csv", "逐条结果，Excel 能直接打开", text=True),
    "json": Format("exchange.json_report", ".json", "给别的系统用，有公布的结构", text=True),
    "junit": Format("exchange.junit", ".junit.xml", "给流水线用的 JUnit", text=True),
    "oscal": Format("exchange.oscal", ".oscal.json", "OSCAL 测评结果（NIST 1.2.1）", text=True),
}
