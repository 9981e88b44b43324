"""The official layout of GB/T 9704—2012 as Word styles: page, fonts, line height, page number.

Margins 37/35 mm (top/bottom) and 28/26 mm (left/right); 22 lines of 28 pt; title 小标宋 二号, body 仿宋 三号, 一、in 黑体,
（一） in 楷体; page number — 1 — in 四号, outer side. Chinese fonts stand on ``w:eastAsia``: python-docx's font.name
alone does nothing for Chinese, and the default template's theme fonts would win over it.
"""

from __future__ import annotations

from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

LATIN: Final = "Times New Roman"
BODY, HEI, KAI, TITLE, SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
SUBSTITUTES: Final = {BODY: "仿宋", KAI: "楷体", TITLE: "方正小标宋_GBK"}
"""Which font Word and WPS may take when the first is not installed."""

LINE: Final = Pt(28)
THREE, TWO, FOUR, TABLE = Pt(16), Pt(22), Pt(14), Pt(10.5)
STYLES: Final = {
    "公文标题": (TITLE, TWO, False, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "公文副题": (KAI, THREE, False, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "公文正文": (BODY, THREE, False, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
    "公文一级": (HEI, THREE, False, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "公文二级": (KAI, THREE, False, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "公文三级": (BODY, THREE, True, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "公文落款": (BODY, THREE, False, WD_ALIGN_PARAGRAPH.RIGHT, 0),
    "附件名": (HEI, THREE, False, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "表题": (HEI, Pt(12), False, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "表文": (BODY, TABLE, False, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "表头": (HEI, TABLE, False, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "说明": (KAI, Pt(12), False, WD_ALIGN_PARAGRAPH.LEFT, 0),
}
"""Style → East Asian font, size, bold, alignment, first-line indent in characters."""
LOOSE: Final = frozenset({"表文", "表头", "表题", "说明"})
OUTLINE: Final = {"公文一级": 0, "公文二级": 1, "公文三级": 2, "附件名": 0}


def add_styles(document: Any) -> None:
    """Every style that the document does not have; an office's template keeps its own."""
    known = {style.name for style in document.styles}
    for name, (font, size, bold, align, indent) in STYLES.items():
        if name in known:
            continue
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.quick_style = True
        style.font.size, style.font.bold = size, bold
        set_fonts(style.element.get_or_add_rPr(), font)
        layout = style.paragraph_format
        layout.alignment, layout.space_before, layout.space_after = align, Pt(0), Pt(0)
        layout.widow_control = False
        if name in LOOSE:
            layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        else:
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        if name == "公文标题":
            layout.line_spacing = Pt(34)
        properties = style.element.get_or_add_pPr()
        if indent:
            _first_line(properties, indent)
        if name in OUTLINE or name == "表头":
            layout.keep_with_next = True
        if name in OUTLINE:
            _append(properties, "w:outlineLvl", {"w:val": str(OUTLINE[name])})


def set_fonts(run_properties: Any, east_asia: str, latin: str = LATIN) -> None:
    """All four font slots, and no theme font left that would win over them."""
    fonts = run_properties.get_or_add_rFonts()
    for slot in list(fonts.attrib):
        del fonts.attrib[slot]
    for slot, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asia), ("cs", latin)):
        fonts.set(qn(f"w:{slot}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _first_line(properties: Any, characters: int) -> None:
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def _append(parent: Any, tag: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    parent.append(element)
    return element


def set_defaults(document: Any) -> None:
    """The document's own default is 仿宋 三号, so that text added later in WPS looks alike."""
    normal = document.styles["Normal"]
    normal.font.size = THREE
    set_fonts(normal.element.get_or_add_rPr(), BODY)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def set_page(section: Any, *, lying: bool = False) -> None:
    """A4; lying down for wide tables, with the margins turned along."""
    width, height = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.orientation = 1 if lying else 0
    top, bottom, left, right = (28, 26, 35, 20) if lying else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(28 if not lying else 14)


def page_numbers(document: Any) -> None:
    """— 1 —: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _number(paragraph: Any, align: Any) -> None:
    paragraph.alignment = align
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    side = "rightChars" if align == WD_ALIGN_PARAGRAPH.RIGHT else "leftChars"
    indent.set(qn(f"w:{side}"), "100")
    for kind, text in (
        ("text", "— "),
        ("begin", ""),
        ("code", " PAGE "),
        ("separate", ""),
        ("text", "1"),
        ("end", ""),
        ("text", " —"),
    ):
        run = paragraph.add_run()
        run.font.size = FOUR
        set_fonts(run._r.get_or_add_rPr(), SONG, SONG)
        if kind == "text":
            run.text = text
        elif kind == "code":
            code = _append(run._r, "w:instrText", {"xml:space": "preserve"})
            code.text = text
        else:
            _append(run._r, "w:fldChar", {"w:fldCharType": kind})


def name_substitutes(document: Any) -> None:
    """Tell Word which font to take where an office has not installed the first one."""
    part = next((p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml"), None)
    if part is None:
        return
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in SUBSTITUTES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode("utf-8") + b"</w:fonts>")


def set_borders(table: Any) -> None:
    """Thin lines all round, and cells with little room lost at the sides."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table.tblPr.append(margins)
