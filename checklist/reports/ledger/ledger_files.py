"""The ledger as the CSV or YAML file that it is kept in."""

from __future__ import annotations

from datetime import date

from checklist.model.ledger import Comment, Ledger
from checklist.reports.formats.csv_text import csv_bytes
from checklist.values.yaml_out import inline, written_key


def ledger_csv(ledger: Ledger) -> bytes:
    """UTF-8 with a byte-order mark; the columns as the file had them, new ones at the end. A title stays above, totals and
    footers below."""
    rows = ([*(record.cells.get(column, "") for column in ledger.columns), *record.beyond] for record in ledger.records)
    return csv_bytes([*ledger.above, ledger.columns, *rows, *ledger.below])


def ledger_yaml(ledger: Ledger) -> bytes:
    """One block for each record; comments go back to where they stood."""
    lines = list(ledger.head)
    for record in ledger.records:
        columns = [c for c in ledger.columns if record.cells.get(c, "") or c in record.comments]
        for n, column in enumerate(columns):
            comment = record.comments.get(column, Comment())
            lines += [f"  {text}" if n else text for text in comment.above]
            value = _cell_text(record.cells.get(column, ""))
            lines.append(
                f"{'  ' if n else '- '}{written_key(column)}: {value}".rstrip()
                + (f"  {comment.beside}" if comment.beside else "")
            )
    return ("\n".join([*lines, *ledger.tail]) + "\n").encode("utf-8") if ledger.records else b"[]\n"


def _cell_text(text: str) -> str:
    """A day stands without quotes, as people write it; an empty cell is nothing."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return inline(text, bare=True) if text else ""
    return inline(day if str(day) == text else text, bare=True)
