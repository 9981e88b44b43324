"""What the ledger in a community's folder still has open, said beside its self-check."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.model.ledger import IN_FOLDER

if TYPE_CHECKING:
    from rich.console import RenderableType

NAMED: Final = 5
"""So many criteria are named."""


def open_in_ledger(file: str, day: date) -> tuple[RenderableType, ...] | None:
    """What the ledger beside a record has open on a day, and where to look; None where there is none or nothing is."""
    path = Path(file).parent / IN_FOLDER if file else None
    if path is None or not path.is_file():
        return None
    from checklist.reading.lists.ledger_file import read_ledger
    from checklist.reports.assessment.assessment_screen import command_line, quoted
    from checklist.reports.document.prose import Prose

    ledger, _ = read_ledger(path)
    waiting = [record for record in ledger.sound if record.open] if ledger else []
    if not waiting:
        return None
    late = sum(record.status(day) == "overdue" for record in waiting)
    about = list(dict.fromkeys(text for record in waiting if (text := record.text("对应标准"))))
    named = "、".join(about[:NAMED]) + (" 等" if about[NAMED:] else "")
    said = f"台账还有 {len(waiting)} 条没销号" + (f"，超期 {late} 条" if late else "") + (f"：{named}" if named else "")
    return Prose(said), command_line("看台账", f"ledger {quoted(str(path))}")
