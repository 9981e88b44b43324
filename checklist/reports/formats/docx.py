"""A paper as a Word document in official layout, or poured into an office's own template."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from checklist.model.refusals import Refusal
from checklist.reports.document.document import (
    Attachment,
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Table,
    Text,
    Thumbnail,
    cell_text,
)
from checklist.reports.formats import docx_style as style
from checklist.reports.formats.zipped import steady

BODY_MARK: Final = "{{正文}}"
WRITTEN: Final = date(2026, 1, 1)
PICTURE_SIDE: Final = Mm(22)
HEADING: Final = {1: "公文一级", 2: "公文二级", 3: "公文三级"}


def render(paper: Document) -> bytes:
    return poured(paper, None)


def poured(paper: Document, template: bytes | None) -> bytes:
    """In an office's own template ``{{标题}} {{社区}} {{日期}}`` are filled in wherever they stand in a paragraph,
    ``{{正文}}`` is where the document goes (else at the end); its page, header, footer and styles stay. Raises Refusal
    when the template is no Word document."""
    document = docx.Document() if template is None else _open(template)
    if template is None:
        style.set_defaults(document)
        style.set_page(document.sections[0], lying=paper.lying)
        style.page_numbers(document)
        style.name_substitutes(document)
    style.add_styles(document)
    place = _Place(document) if template is None else _fill(document, paper)
    _write(place, paper, titled=template is None or place.after is None)
    for n, attachment in enumerate(paper.attachments, 1):
        _attach(place, attachment, n, own_page=template is None)
    place.done()
    _properties(document, paper)
    out = BytesIO()
    document.save(out)
    return steady(out.getvalue())


class _Place:
    """Where the next paragraph or table goes: at the end, or before the marked paragraph of a template."""

    def __init__(self, document: Any, after: Any = None) -> None:
        self.document, self.after = document, after

    def paragraph(self, text: str, name: str) -> Any:
        paragraph = self.document.add_paragraph(style=name)
        if text:
            paragraph.add_run(text)
        self._move(paragraph._p)
        return paragraph

    def table(self, rows: int, columns: int) -> Any:
        table = self.document.add_table(rows, columns)
        self._move(table._tbl)
        return table

    def _move(self, element: Any) -> None:
        if self.after is not None:
            self.after.addprevious(element)

    def done(self) -> None:
        if self.after is not None:
            self.after.getparent().remove(self.after)


def _open(template: bytes) -> Any:
    try:
        return docx.Document(BytesIO(template))
    except Exception as error:  # python-docx lets zip, XML and key errors out, whatever the broken file leads to
        raise Refusal("--template 给的不是 Word 文件（.docx），打不开", "用 WPS 或 Word 另存为 .docx 再试") from error


def _fill(document: Any, paper: Document) -> _Place:
    by, day = paper.signature or ("", "")
    words = {"{{标题}}": paper.title, "{{社区}}": by, "{{日期}}": day}
    mark = None
    for paragraph in _paragraphs(document):
        if BODY_MARK in paragraph.text and mark is None and paragraph._p.getparent() is document.element.body:
            mark = paragraph._p
        elif any(word in paragraph.text for word in words):
            _replace(paragraph, words)
    return _Place(document, mark)


def _paragraphs(document: Any) -> list[Any]:
    found = list(document.paragraphs)
    for table in document.tables:
        found += [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    for section in document.sections:
        found += [*section.header.paragraphs, *section.footer.paragraphs]
    return found


def _replace(paragraph: Any, words: dict[str, str]) -> None:
    """In one run when the mark stands in one, else over the whole paragraph, which keeps its first run's looks."""
    for run in paragraph.runs:
        for word, text in words.items():
            if word in run.text:
                run.text = run.text.replace(word, text)
    if any(word in paragraph.text for word in words):
        whole = paragraph.text
        for word, text in words.items():
            whole = whole.replace(word, text)
        paragraph.runs[0].text = whole
        for run in paragraph.runs[1:]:
            run.text = ""


def _write(place: _Place, paper: Document, *, titled: bool) -> None:
    if titled:
        place.paragraph(paper.title, "公文标题")
        if paper.subtitle:
            place.paragraph(paper.subtitle, "公文副题")
        place.paragraph("", "公文正文")
    for block in paper.parts:
        _block(place, block, lying=False)
    if paper.attachments:
        place.paragraph("", "公文正文")
        for n, attachment in enumerate(paper.attachments, 1):
            lead = "附件：" if n == 1 else "　　　"
            place.paragraph(f"{lead}{n}. {attachment.title}", "公文正文").paragraph_format.keep_with_next = True
    if paper.signature:
        place.paragraph("", "公文正文").paragraph_format.keep_with_next = True
    for text in paper.signature:
        signed = place.paragraph(text, "公文落款")
        signed.paragraph_format.keep_with_next = bool(paper.notes)
        signed.paragraph_format.right_indent = Pt(64)
    for note in paper.notes:
        place.paragraph(f"说明：{note}", "说明")


def _attach(place: _Place, attachment: Attachment, number: int, *, own_page: bool) -> None:
    """The attachments lie down; the first of them starts the lying section, the others a page."""
    if own_page and number == 1:
        style.set_page(place.document.add_section(WD_SECTION.NEW_PAGE), lying=True)
    named = place.paragraph(f"附件 {number}", "附件名")
    if number > 1 or not own_page:
        named.paragraph_format.page_break_before = True
    for block in attachment.parts:
        _block(place, block, lying=own_page)


def _block(place: _Place, block: Block, *, lying: bool) -> None:
    match block:
        case Heading(text, level):
            place.paragraph(text, HEADING[level])
        case Text(text, lead, note):
            paragraph = place.paragraph("", "说明" if note else "公文正文")
            if lead:
                paragraph.add_run(lead).bold = True
            paragraph.add_run(text)
        case Bullets(items):
            for item in items:
                place.paragraph(f"· {item}", "公文正文")
        case Table() if block.only != "sheets":
            _table(place, block.on("pages"), lying=lying)


def _table(place: _Place, table: Table, *, lying: bool) -> None:
    if table.title:
        title = place.paragraph(table.title, "表题")
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(4)
    if not table.rows:
        place.paragraph(table.empty + "。", "说明")
        return
    grid = place.table(len(table.rows) + 1, len(table.columns))
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    style.set_borders(grid._tbl)
    section = place.document.sections[-1 if lying else 0]
    room = section.page_width - section.left_margin - section.right_margin
    widths = _widths(table.columns, room)
    for width, column in zip(widths, grid._tbl.tblGrid.findall(qn("w:gridCol")), strict=True):
        column.set(qn("w:w"), str(int(Emu(width).pt * 20)))
    lines = [tuple(column.title for column in table.columns), *table.rows]
    for n, (row, cells) in enumerate(zip(grid._tbl.tr_lst, lines, strict=True)):
        _row(row, cells, table.columns, widths, place.document.part, head=n == 0)
    place.paragraph("", "说明").paragraph_format.line_spacing = Pt(8)


def _widths(columns: tuple[Column, ...], room: int) -> list[int]:
    total = sum(column.width for column in columns)
    return [room * column.width // total for column in columns]


def _drawing(part: Any, picture: Thumbnail) -> Any:
    _, image = part.get_or_add_image(BytesIO(picture.data))
    side = "width" if image.px_width >= image.px_height else "height"
    return part.new_pic_inline(BytesIO(picture.data), **{side: PICTURE_SIDE})


def _row(
    row: Any, cells: tuple[Content, ...], columns: tuple[Column, ...], widths: list[int], part: Any, *, head: bool
) -> None:
    """Straight XML: through python-docx's cell objects a table of 300 rows takes seconds."""
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, value, column, width in zip(row.tc_lst, cells, columns, widths, strict=True):
        cell.width = Emu(width)
        paragraph = cell.p_lst[0]
        paragraph.style = "表头" if head else "表文"
        run = paragraph.add_r()
        if isinstance(value, Thumbnail):
            run.add_drawing(_drawing(part, value))
            continue
        run.text = str(value) if head else cell_text(column, value)
        if not head and column.kind != "text":
            align = OxmlElement("w:jc")
            align.set(qn("w:val"), "center")
            paragraph.get_or_add_pPr().append(align)


def _properties(document: Any, paper: Document) -> None:
    day = datetime.combine(paper.day or WRITTEN, time())
    core = document.core_properties
    core.title, core.author, core.last_modified_by = paper.title, paper.signed or "", ""
    core.created = core.modified = day
    core.revision, core.language, core.comments, core.keywords = 1, "zh-CN", "", ""
