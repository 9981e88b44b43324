"""The long picture (长图): one tall page that a chat group can read on a phone."""

from __future__ import annotations

from checklist.reports.document.document import Document
from checklist.reports.formats.typesetting import typeset


def render(document: Document) -> bytes:
    return typeset(document, "picture.typ", "png")
