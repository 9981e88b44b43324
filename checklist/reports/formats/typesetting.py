"""Papers set by typst. Data goes in as JSON, never as typst source, so that no text can become markup.

typst draws boxes where it has no glyph and only warns, so the fonts are looked at first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

import typst

from checklist.model.refusals import Refusal
from checklist.reports.document.document import Block, Document, Heading, Table, Text, cell_text, day_text

FOLDER: Final = Path(__file__).parent / "web"
BODY: Final[tuple[str, ...]] = (
    "FangSong_GB2312",
    "FangSong",
    "STFangsong",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "SimSun",
)
SANS: Final[tuple[str, ...]] = (
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)
KAI: Final[tuple[str, ...]] = ("KaiTi_GB2312", "KaiTi", "STKaiti", "AR PL UKai CN")
TITLE: Final[tuple[str, ...]] = (
    "FZXiaoBiaoSong-B05S",
    "STZhongsong",
    "SimSun",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
)
PIXELS_PER_INCH: Final = 144


def fonts() -> dict[str, list[str]]:
    """Installed families for each role, the preferred first. Raises Refusal."""
    installed: set[str] = set(typst.Fonts().families())
    common: list[str] = [name for name in (*BODY, *SANS, *KAI) if name in installed]
    if not common:
        tried = "、".join((*BODY[:4], *SANS[:4]))
        raise Refusal(f"本机没有中文字体，排不了 PDF 和长图（找过 {tried}）", "装上其中一种，或改用 --to docx")
    roles = {"body": BODY, "sans": SANS, "kai": KAI, "title": TITLE}
    return {role: [n for n in names if n in installed] or common[:1] for role, names in roles.items()}


def typeset(paper: Document, template: str, format: Literal["pdf", "png"], more: dict[str, Any] | None = None) -> bytes:
    """The paper through one of our templates. Raises Refusal."""
    data = {**_data(paper), "fonts": fonts(), **(more or {})}
    made = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        format=format,
        ppi=PIXELS_PER_INCH,
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes), "a long picture is one page"
    return made


def _data(paper: Document) -> dict[str, Any]:
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "signed": paper.signed,
        "day": day_text(paper.day),
        "notes": list(paper.notes),
        "blocks": [_block(b) for b in paper.blocks],
        "attachments": [{"title": a.title, "blocks": [_block(b) for b in a.blocks]} for a in paper.attachments],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Text(text, lead, note):
            return {"kind": "note" if note else "text", "text": text, "lead": lead}
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": table.title,
        "empty": table.empty,
        "columns": [{"title": c.title, "width": c.width, "text": c.kind == "text"} for c in table.columns],
        "rows": [[cell_text(c, cell) for c, cell in zip(table.columns, row, strict=True)] for row in table.rows],
    }
