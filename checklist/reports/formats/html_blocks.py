"""Blocks as one HTML file that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from checklist.reports.document.blocks import Block, Bullets, Grid, Heading, Page, Paragraph
from checklist.reports.document.prose import clean

STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --warn: #b3261e; --link: #0b57d0; --soft: #8882; }
* { box-sizing: border-box; }
html { background: Canvas; color: CanvasText; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; line-height: 1.7;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; }
h1 { font-size: 1.5rem; border-bottom: 2px solid var(--line); padding-bottom: .3rem; margin-top: 2.5rem; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
p { margin: .4rem 0; } ul { margin: .3rem 0; padding-left: 1.4rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .95em; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { background: var(--soft); white-space: nowrap; } td:first-child { white-space: nowrap; }
td.long { white-space: normal; }
.scroll { overflow-x: auto; } td + td { min-width: 4.5em; }
a { color: var(--link); }
.warn { color: var(--warn); font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .95em; }
@media (prefers-color-scheme: dark) { :root { --warn: #ff8a80; --link: #a8c7fa; } }
@media print { nav { display: none; } body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; } table, ul { break-inside: avoid; } h1:not(:first-of-type) { break-before: page; } }
"""
LONG: Final = 16


def html_text(pages: tuple[Page, ...]) -> str:
    """All pages as one document; the first names it."""
    title = _text(pages[0].title)
    body = "\n".join(f"<section>\n{''.join(map(_block, page.blocks))}</section>" for page in pages)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{_nav(pages)}\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _nav(pages: tuple[Page, ...]) -> str:
    if len(pages) == 1:
        return ""
    links = (f'<a href="#{_text(anchor)}">{_text(title)}</a>' for title, anchor in _anchors(pages))
    return f'<nav aria-label="目录">{" ".join(links)}</nav>'


def _anchors(pages: tuple[Page, ...]) -> Iterator[tuple[str, str]]:
    for page in pages:
        first = page.blocks[0]
        if isinstance(first, Heading):
            yield page.title, first.anchor


def _block(block: Block) -> str:
    match block:
        case Heading(depth, text, anchor):
            mark = f' id="{_text(anchor)}"' if anchor else ""
            return f"<h{depth}{mark}>{_text(text)}</h{depth}>\n"
        case Paragraph(text, label, warn):
            head = f"<strong>{_text(label)}</strong>：" if label else ""
            opening = '<p class="warn">× ' if warn else "<p>"
            return f"{opening}{head}{_text(text)}</p>\n"
        case Bullets(items):
            listed = "".join(f"<li>{_text(item)}</li>\n" for item in items)
            return f"<ul>\n{listed}</ul>\n"
        case Grid():
            return _grid(block)


def _grid(grid: Grid) -> str:
    links = dict(grid.links)
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in grid.head)
    rows = []
    for row in grid.rows:
        cells = [f'<a href="#{_text(links[row[0]])}">{_text(row[0])}</a>' if row[0] in links else _text(row[0])]
        cells += map(_text, row[1:])
        rows.append("".join(_cell(cell, text) for cell, text in zip(cells, row, strict=True)))
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
    return f'<div class="scroll" tabindex="0">{table}</div>\n'


def _cell(cell: str, text: str) -> str:
    return f'<td class="long">{cell}</td>' if len(text) > LONG else f"<td>{cell}</td>"


def _text(text: str) -> str:
    return escape(clean(text), quote=True)
