"""A report as one self-contained page: no request leaves it, and nothing that a record says can run in it.

Everything is escaped by Jinja; on top of that the page's own content security policy allows no script and no style but
the two it carries, named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.web_view import page_view, table_view
from checklist.reports.document.document import Attachment, Block, Document, Heading, Table, Text
from checklist.reports.formats.svg import charts, score_ruler

FOLDER: Final = Path(__file__).parent / "web"


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    pictures = [
        {"title": title, "caption": caption, "svg": Markup(svg)}
        for title, caption, svg in charts(assessment, dossier.earlier)
    ]
    ruler = Markup(score_ruler(assessment))
    return _page("report.html", "page.js", {**page_view(dossier), "charts": pictures, "ruler": ruler})


def render(paper: Document) -> bytes:
    """A paper as a plain page in reading order: bulletins, and reports for the office browser."""
    blocks = [_block(b) for b in paper.parts]
    attachments = [_attachment(a, n) for n, a in enumerate(paper.attachments, 1)]
    day = paper.signature[1]
    return _page("paper.html", "", {"paper": paper, "blocks": blocks, "attachments": attachments, "day": day})


def _attachment(attachment: Attachment, number: int) -> dict[str, Any]:
    return {"title": attachment.title, "number": number, "blocks": [_block(b) for b in attachment.parts]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": f"h{level + 1}", "text": text}
        case Text(text, lead, note):
            return {"kind": "note" if note else "p", "text": text, "lead": lead}
    assert isinstance(block, Table)
    return {"kind": "table", "table": table_view(block)}


def _page(template: str, script: str, words: dict[str, Any]) -> bytes:
    environment = Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    code = (FOLDER / script).read_text(encoding="utf-8") if script else ""
    policy = f"default-src 'none'; img-src data:; style-src {_hash(css)}; base-uri 'none'; form-action 'none'"
    policy += f"; script-src {_hash(code)}" if code else ""
    page = environment.get_template(template).render(
        **words, css=Markup(css), script=Markup(code), policy=Markup(policy)
    )
    return page.encode("utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
