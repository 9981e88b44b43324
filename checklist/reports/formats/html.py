"""A document as one page that needs nothing else: no script, no font, no request leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from checklist.model.results.assessment import Score
from checklist.reports.document.document import (
    FAIR,
    GOOD,
    Bars,
    Block,
    Bullets,
    Column,
    Content,
    Curve,
    Document,
    Heading,
    Jump,
    Table,
    Text,
    cell_text,
    sure_percent,
)
from checklist.reports.formats.html_page import html_page
from checklist.reports.formats.svg import bars, curve, interval
from checklist.reports.language.phrases import score_text

NUMBERS: Final = ("number", "share", "score")


def render(document: Document) -> bytes:
    return html_page(document.title, "\n".join(_body(document)), "paper" if document.signature else "")


def _body(document: Document) -> Iterator[str]:
    chapters = [p for p in document.parts if isinstance(p, Heading) and p.level == 1 and p.anchor]
    if chapters:
        links = "".join(f'<li><a href="#{escape(c.anchor)}">{escape(c.text)}</a></li>' for c in chapters)
        yield f'<nav aria-label="目录"><ul>{links}</ul></nav>'
    yield f"<main>\n<h1>{escape(document.title)}</h1>"
    if document.subtitle:
        yield f'<p class="centre">{escape(document.subtitle)}</p>'
    yield from _parts(document.parts)
    if document.signature:
        yield f'<p class="right">{"<br>".join(map(escape, document.signature))}</p>'
    for n, attachment in enumerate(document.attachments, 1):
        yield f"<section>\n<h2>附件 {n}　{escape(attachment.title)}</h2>"
        yield from _parts(attachment.parts)
        yield "</section>"
    for note in document.notes:
        yield f'<p class="muted">说明：{escape(note)}</p>'
    yield "</main>"


def _parts(parts: Iterable[Block]) -> Iterator[str]:
    heading = ""
    for part in parts:
        heading = part.text if isinstance(part, Heading) else heading
        yield _part(part, heading)


def _part(part: Block, heading: str) -> str:
    match part:
        case Heading(text, level, anchor):
            mark = f' id="{escape(anchor)}"' if anchor else ""
            return f"<h{level + 1}{mark}>{escape(text)}</h{level + 1}>"
        case Text(text, lead):
            kind = ' class="warn"' if part.warn else ' class="muted"' if part.note else ""
            head = f"<strong>{escape(lead)}</strong>" if lead else ""
            return f"<p{kind}>{'× ' if part.warn else ''}{head}{escape(text)}</p>"
        case Bullets(items):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Bars(title, rows):
            return f"<figure>{bars('bars', title, [(n, s, score_text(s)) for n, s in rows])}</figure>"
        case Curve(title, points):
            return f"<figure>{curve('curve', title, points)}</figure>"
    return "" if part.only == "sheets" else table_html(part, heading)


def table_html(table: Table, heading: str = "", id: str = "") -> str:
    """``heading`` says what the table is where it has no title of its own."""
    table = table.on("pages")
    if not table.rows:
        return (
            f"<p>{escape(table.title)}：{escape(table.empty)}。</p>"
            if table.title
            else f"<p>{escape(table.empty)}。</p>"
        )
    name = escape(table.title or heading or "表")
    heads = "".join(f'<th scope="col" class="{_kind(c)}">{escape(c.title)}</th>' for c in table.columns)
    rows = ("".join(map(_cell, table.columns, row)) for row in table.rows)
    return "\n".join(
        (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">',
            f'<table id="{escape(id)}">' if id else "<table>",
            f"<caption>{name}</caption>" if table.title else "",
            f"<thead><tr>{heads}</tr></thead>\n<tbody>",
            *(f"<tr>{row}</tr>" for row in rows),
            "</tbody>\n</table>\n</div>",
        )
    )


def _kind(column: Column) -> str:
    return "number" if column.kind in NUMBERS else "date" if column.kind == "date" else "text"


def _cell(column: Column, cell: Content) -> str:
    text, kind = escape(cell_text(column, cell)), _kind(column)
    if isinstance(cell, Jump):
        text = f'<a href="#{escape(cell.to)}">{text}</a>'
    elif isinstance(cell, Score) and column.heat:
        share = sure_percent(cell.low)
        kind += " good" if share >= GOOD else " fair" if share >= FAIR else " poor"
    elif isinstance(cell, Score):
        text = f"{interval(cell)}{text}"
    return f'<td class="{kind}">{text}</td>'
