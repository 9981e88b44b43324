"""The formats that a document can take. A new one is a module here with ``render(document) -> bytes`` and a line below."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from checklist.model.noun import noun

if TYPE_CHECKING:
    from collections.abc import Callable

    from checklist.reports.document.document import Document


@noun
class Format:
    """``module`` renders documents; without one it is a contract, whose data each command has by itself. ``needs`` are
    the libraries to import and ``extra`` the optional part of the distribution that brings them. ``text`` may go to a
    terminal."""

    module: str
    suffix: str
    says: str
    needs: tuple[str, ...] = ()
    extra: str = ""
    text: bool = False

    def render(self, document: Document) -> bytes:
        """Raises Refusal where this machine cannot make it."""
        make: Callable[[Document], bytes] = import_module(f"checklist.reports.formats.{self.module}").render
        return make(document)


FORMATS: Final[dict[str, Format]] = {
    "docx": Format("docx", ".docx", "Word 公文", ("docx",), "office"),
    "xlsx": Format("xlsx", ".xlsx", "Excel 工作簿，每张表一页", ("xlsxwriter",), "office"),
    "html": Format("html", ".html", "网页，一个文件，不联网", text=True),
    "pdf": Format("pdf", ".pdf", "PDF 公文", ("typst",), "pdf"),
    "png": Format("png", ".png", "长图，发群里看", ("typst",), "pdf"),
    "md": Format("markdown", ".md", "Markdown", text=True),
    "csv": Format("csv_text", ".csv", "主要的一张表，Excel 能直接打开", text=True),
    "json": Format("", ".json", "给别的系统用，有公布的结构", text=True),
    "junit": Format("", ".junit.xml", "给流水线用的 JUnit", text=True),
    "oscal": Format("", ".oscal.json", "OSCAL 测评结果（NIST 1.2.1）", text=True),
}
DOCUMENTS: Final = tuple(name for name, format in FORMATS.items() if format.module)
"""What every document can become."""
