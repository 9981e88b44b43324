"""Papers set by typst. Data goes in as JSON, never as typst source, so that no text can become markup.

typst draws boxes where it has no glyph and only warns, so the fonts are looked at first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import typst

from checklist.model.refusals import Refusal
from checklist.reports.document.document import Bars, Block, Bullets, Document, Heading, Table, Text, cell_text

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
        raise Refusal(f"本机没有中文字体，排不了 PDF 和长图（找过 {tried}）", "装上其中一种，或改用 docx")
    roles = {"body": BODY, "sans": SANS, "kai": KAI, "title": TITLE}
    return {role: [n for n in names if n in installed] or common[:1] for role, names in roles.items()}


def typeset(paper: Document, template: str, format: Literal["pdf", "png"]) -> bytes:
    """The paper through one of our templates. Raises Refusal."""
    data = {**_data(paper), "fonts": fonts()}
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
        "lying": paper.lying,
        "subtitle": paper.subtitle,
        "signature": paper.signature,
        "notes": list(paper.notes),
        "blocks": list(_blocks(paper.parts)),
        "attachments": [{"title": a.title, "blocks": list(_blocks(a.parts))} for a in paper.attachments],
    }


def _blocks(parts: Iterable[Block]) -> Iterator[dict[str, Any]]:
    for part in parts:
        match part:
            case Heading(text, level):
                yield {"kind": "heading", "text": text, "level": level}
            case Text(text, lead, note):
                yield {"kind": "note" if note else "text", "text": text, "lead": lead}
            case Bullets(items):
                yield from ({"kind": "text", "text": f"· {item}", "lead": ""} for item in items)
            case Bars(title, rows):
                bars = [{"title": name, "low": float(s.low) / 100, "high": float(s.high) / 100} for name, s in rows]
                yield {"kind": "bars", "title": title, "bars": bars}
            case Table() if part.only != "sheets":
                yield _table(part.on("pages"))


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": table.title,
        "empty": table.empty,
        "columns": [{"title": c.title, "width": c.width, "text": c.kind == "text"} for c in table.columns],
        "rows": [[cell_text(c, cell) for c, cell in zip(table.columns, row, strict=True)] for row in table.rows],
    }
