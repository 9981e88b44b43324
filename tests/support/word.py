"""Small Word files, as an office has them: lines of text, then tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest


def word_file(path: Path, tables: Sequence[Sequence[Sequence[str]]], lines: Sequence[str] = ()) -> Path:
    """``lines`` stand before the first table."""
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=False):
                cell.text = text
        document.add_paragraph("")
    document.save(str(path))
    return path
