"""Papers set by typst. Data goes in as JSON, never as typst source, so that no text can become markup.

typst draws boxes where it has no glyph and only warns, so the fonts are looked at first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

import typst

from checklist.reports.document.document import Block, Document, Heading, Table, Text, cell_text

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


class NoChineseFont(Exception):
    """This machine has no font that the paper could be set in."""


def fonts() -> dict[str, list[str]]:
    """Installed families for each role, the preferred first. Raises NoChineseFont."""
    installed: set[str] = set(typst.Fonts().families())
    common: list[str] = [name for name in (*BODY, *SANS, *KAI) if name in installed]
    if not common:
        raise NoChineseFont("、".join((*BODY[:4], *SANS[:4])))
    roles = {"body": BODY, "sans": SANS, "kai": KAI, "title": TITLE}
    return {role: [n for n in names if n in installed] or common[:1] for role, names in roles.items()}


def typeset(paper: Document, template: str, format: Literal["pdf", "png"], more: dict[str, Any] | None = None) -> bytes:
    """The paper through one of our templates. Raises NoChineseFont."""
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
        "day": paper.signature[1],
        "notes": list(paper.notes),
        "blocks": [_block(b) for b in paper.parts],
        "attachments": [{"title": a.title, "blocks": [_block(b) for b in a.parts]} for a in paper.attachments],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Text(text, lead, note):
            return {"kind": "note" if note else "text", "text": text, "lead": lead}
    assert isinstance(block, Table)
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": table.title,
        "empty": table.empty,
        "columns": [{"title": c.title, "width": c.width, "text": c.kind == "text"} for c in table.columns],
        "rows": [[cell_text(c, cell) for c, cell in zip(table.columns, row, strict=True)] for row in table.rows],
    }
