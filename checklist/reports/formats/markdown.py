"""A paper as Markdown. Text from records is escaped, so that it is read and never rendered as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.work_report import work_report
from checklist.reports.document.document import Block, Document, Heading, Table, Text, cell_text, one_line

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&!^@])")
_START: Final = re.compile(r"^(\s*)([-+=:]|\d+[.)])")
_LINK: Final = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto):|\bwww\.")


def report(dossier: Dossier) -> bytes:
    return render(work_report(dossier))


def render(paper: Document) -> bytes:
    return ("\n\n".join(_parts(paper)) + "\n").encode("utf-8")


def _parts(paper: Document) -> Iterator[str]:
    yield f"# {escaped(paper.title)}"
    yield escaped(paper.subtitle)
    for block in paper.parts:
        yield _block(block)
    yield f"{escaped(paper.signature[0])}  \n{paper.signature[1]}"
    for n, attachment in enumerate(paper.attachments, 1):
        yield f"## 附件 {n} {escaped(attachment.title)}"
        for block in attachment.parts:
            yield _block(block)
    for note in paper.notes:
        yield f"> 说明：{escaped(note)}"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {escaped(text)}"
        case Text(text, lead, _):
            head = f"**{escaped(lead)}** " if lead else ""
            return head + (escaped(text) if lead else _START.sub(r"\1\\\2", escaped(text)))
    assert isinstance(block, Table)
    return _table(block)


def _table(table: Table) -> str:
    if not table.rows:
        return f"{escaped(table.title)}：{table.empty}。"
    lines = [f"**{escaped(table.title)}**\n"] if table.title else []
    lines.append(_line(column.title for column in table.columns))
    lines.append(_line("---:" if c.kind == "number" else "---" for c in table.columns))
    for row in table.rows:
        lines.append(_line(escaped(cell_text(c, cell)) for c, cell in zip(table.columns, row, strict=True)))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def escaped(text: str) -> str:
    """On one line, every mark that Markdown reads with a backslash before it, links broken."""
    return _LINK.sub(
        lambda m: m[0].replace(":", "\\:").replace(".", "\\."), _SPECIAL.sub(r"\\\1", one_line(text, 4000))
    )
